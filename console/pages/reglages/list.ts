import type { Answer } from "../../api/client.ts";

export type List = Answer<"GET /v1/notified">;
export type Listed = List["items"][number];

/** Replace the list by `edit` of it; `words` say what came of it, from the list as it is then. */
export type Change = (edit: (addresses: readonly string[]) => readonly string[], words: (items: readonly Listed[]) => string) => Promise<boolean>;

export function sameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** What follows an addition: a manager's address counts at once, another once its link is followed. */
export function added(email: string, items: readonly Listed[]): string {
  const found = items.find((each) => sameAddress(each.email, email));
  return found?.state === "confirmed" ? `${email} reçoit désormais les messages.` : `Un lien a été envoyé à ${email} : les messages suivront dès qu’il aura été ouvert et confirmé.`;
}

/** The state to show: what does not arrive comes first, then a link that ended. */
export function stateOf(of: Listed, now: number = Date.now()): string {
  if (!of.receives) return of.state === "pending" ? "unconfirmed" : "unreachable";
  return of.state === "pending" && of.expires_at && Date.parse(of.expires_at) <= now ? "expired" : of.state;
}
