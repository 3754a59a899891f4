import { computed, signal } from "@preact/signals";
import type { Answer } from "../api/client.ts";
import { call } from "../api/client.ts";
import { claimsOf } from "./claims.ts";
import { user } from "./session.ts";
import { settings } from "./settings.ts";

type Me = Answer<"GET /v1/me">;
export type Profile = Pick<Me, "sub" | "email" | "roles" | "may_send" | "why_not"> & {
  /** The name is "" until the API has said it. */
  readonly school: { readonly uai: string; readonly name: string } | null;
};
export type Role = "operator" | "sms_manager" | "sms_sender";

/**
 * What the API knows of who is signed in: school, roles, whether they may send and why not. Until it has answered, what
 * their token says, so that a page can be used while a cold API starts.
 */
export const profile = signal<Profile | null>(null);

/** A manager may do all that a sender may. */
export const roles = computed<ReadonlySet<Role>>(() => {
  const own = new Set<Role>(profile.value?.roles ?? []);
  if (own.has("sms_manager")) own.add("sms_sender");
  return own;
});

/** The name that the issuer gave, or else what there is. */
export const name = computed(() => user.value?.profile.name ?? profile.value?.email ?? profile.value?.sub ?? "");

/** Take what the token of whoever signed in says of them. */
export function foreseeProfile(): void {
  const claims = claimsOf(user.value?.access_token ?? "", settings.claims);
  if (!claims) return;
  const { sub, email, roles } = claims;
  profile.value = { sub, email, roles: [...roles], school: claims.school ? { uai: claims.school, name: "" } : null, may_send: true, why_not: null };
}

/** Read it again, after something that may have changed it. Throws a `Failure`. */
export async function readProfile(): Promise<void> {
  profile.value = await call("GET /v1/me");
}
