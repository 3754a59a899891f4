import { signal } from "@preact/signals";
import { InMemoryWebStorage, type OidcMetadata, type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import { settings } from "./settings.ts";

/** Who is signed in. Tokens stay in memory: after a reload the issuer's own session gives new ones. */
export const user = signal<User | null>(null);

/** Whether the session ended while somebody was at work: they are asked to sign in again, and what they wrote is kept. */
export const expired = signal(false);

const here = location.origin;
/** What the issuer said of itself on the way out need not be asked again on the way back, a moment later. */
const KEPT = "emetteur";
const ASKED = "connexion.";
const kept = location.pathname === "/session/retour" ? sessionStorage.getItem(KEPT) : null;
sessionStorage.removeItem(KEPT);

const manager = new UserManager({
  ...(kept ? { metadata: JSON.parse(kept) as Partial<OidcMetadata> } : {}),
  authority: settings.issuer,
  client_id: settings.client_id,
  scope: settings.scopes,
  response_type: "code",
  redirect_uri: `${here}/session/retour`,
  silent_redirect_uri: `${here}/session/silencieux`,
  post_logout_redirect_uri: `${here}/session/fin`,
  userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
  stateStore: new WebStorageStateStore({ store: sessionStorage, prefix: ASKED }),
  automaticSilentRenew: true,
  accessTokenExpiringNotificationTimeInSeconds: 60,
  silentRequestTimeoutInSeconds: 30,
  redirectMethod: "replace",
});
manager.events.addUserLoaded((loaded) => {
  user.value = loaded;
  expired.value = false;
});
// A browser may keep the whole page, token included, for whoever presses « back » after the way out: it begins anew.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

export type Start = "signed in" | "signed out" | "silent" | "leaving" | { readonly refused: string };

/** What the address says is to be done before any page is shown. */
export async function start(): Promise<Start> {
  if (location.pathname === "/session/silencieux") {
    await manager.signinSilentCallback();
    return "silent";
  }
  if (location.pathname === "/session/fin") return "signed out";
  if (location.pathname === "/session/retour") return await returned();
  try {
    await signIn();
    return "leaving";
  } catch (thrown) {
    return { refused: String(thrown) }; // the issuer was not reached
  }
}

/** Back from the issuer: the address that was left for it is shown again, and no code stays in the history. */
async function returned(): Promise<Start> {
  const answer = new URLSearchParams(location.search);
  const asked = sessionStorage.getItem(`${ASKED}${answer.get("state")}`) !== null;
  try {
    const found = await manager.signinCallback();
    history.replaceState(null, "", typeof found?.state === "string" ? found.state : "/");
    user.value = found ?? null;
    return "signed in";
  } catch (thrown) {
    history.replaceState(null, "", "/");
    // Asking anew after an answer that did not do would go round without end, because the issuer gives it at once.
    if (asked || answer.has("error")) return { refused: answer.get("error") ?? String(thrown) };
    return await start(); // an address of a former sign-in, from the history or a bookmark
  }
}

/** Go to the issuer, and come back to `address`. */
export async function signIn(address = location.pathname + location.search): Promise<void> {
  sessionStorage.setItem(KEPT, JSON.stringify(await manager.metadataService.getMetadata()));
  await manager.signinRedirect({ state: address });
}

let renewing: Promise<boolean> | undefined;

/** A new token without leaving the page. False if the session is over. */
export function renew(): Promise<boolean> {
  renewing ??= manager
    .signinSilent()
    .then((renewed) => renewed !== null)
    .catch(() => false)
    .then((good) => {
      renewing = undefined;
      expired.value = !good;
      return good;
    });
  return renewing;
}

/** The session ends here and at the issuer. */
export async function signOut(): Promise<void> {
  const token = user.value?.id_token;
  await manager.removeUser();
  await manager.signoutRedirect(token ? { id_token_hint: token } : {});
}
