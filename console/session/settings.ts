import type { ClaimNames } from "./claims.ts";

/** What the page was served with: see `schoolsms/api/console.py`. */
export interface Settings {
  readonly issuer: string;
  readonly client_id: string;
  readonly scopes: string;
  readonly claims: ClaimNames;
  readonly support: { readonly email: string; readonly phone: string; readonly page: string };
  readonly order_inbox: string;
  /** Recipients from which on sending is asked about once more. */
  readonly large_request: number;
  /** Whether this is the embedded cloud, on somebody's own machine. */
  readonly embedded: boolean;
}

export const settings: Settings = JSON.parse(document.body.dataset["settings"] ?? "{}");
