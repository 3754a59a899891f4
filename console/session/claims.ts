/** Names of the claims of an access token, and of the roles in it: parameters of the deployment. */
export interface ClaimNames {
  readonly school: string;
  readonly roles: string;
  readonly operator: string;
  readonly sms_manager: string;
  readonly sms_sender: string;
}

export interface Claims {
  readonly sub: string;
  readonly email: string | null;
  /** UAI, "" without a school. */
  readonly school: string;
  readonly roles: ReadonlyArray<"operator" | "sms_manager" | "sms_sender">;
}

const ROLES = ["operator", "sms_manager", "sms_sender"] as const;

/**
 * Whom an access token names. Null if that cannot be read, or names nobody with a role. The API decides by the same
 * claims; this only shows a page before the API has answered.
 */
export function claimsOf(token: string, names: ClaimNames): Claims | null {
  const read = payload(token);
  const text = (name: string) => (typeof read[name] === "string" ? read[name] : "");
  const written = read[names.roles];
  const words: readonly unknown[] = Array.isArray(written) ? written : [written];
  const roles = ROLES.filter((role) => words.includes(names[role]));
  if (!text("sub") || roles.length === 0) return null;
  return { sub: text("sub"), email: text("email") || null, school: text(names.school).toUpperCase(), roles };
}

function payload(token: string): Readonly<Record<string, unknown>> {
  try {
    const part = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(part), (sign) => sign.charCodeAt(0));
    const read: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof read === "object" && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
