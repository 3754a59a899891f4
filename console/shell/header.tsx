import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../components/forms/button.tsx";
import { Actions, Dialog } from "../components/notices/dialog.tsx";
import { forgetDrafts, hasDrafts } from "../session/drafts.ts";
import { name, profile, roles } from "../session/profile.ts";
import { signOut } from "../session/session.ts";
import { ROLES } from "../texts/statuses.ts";
import { NBSP } from "../texts/typography.ts";
import { allowed } from "./access.ts";
import { type Route, address } from "./router.ts";

/** The school, who one is there, the way out, and the pages of one's role. */
export function Header({ routes }: { routes: readonly Route[] }) {
  const [asking, setAsking] = useState(false);
  const leave = async () => {
    forgetDrafts();
    await signOut();
  };
  const ask = () => (hasDrafts() ? setAsking(true) : leave());
  return (
    <header class="header">
      <div class="identity">
        <a class="brand" href="/">
          SMS <span>Skolengo</span>
        </a>
        {profile.value && (
          <>
            <p class="school" data-reading={profile.value.school?.name === "" || undefined}>
              {profile.value.school ? profile.value.school.name || NBSP : "Exploitation du service"}
            </p>
            <p class="person">
              {name.value} <span class="soft">– {roleWords()}</span>
            </p>
          </>
        )}
        <p class="asides">
          {routes
            .filter((route) => route.aside && profile.value && allowed(route))
            .map((route) => (
              <Aside path={route.path} key={route.path}>
                {route.entry}
              </Aside>
            ))}
          <Aside path="/aide">Aide</Aside>
        </p>
        <Button onClick={ask} busyText="Déconnexion…">
          Se déconnecter
        </Button>
      </div>
      {profile.value && <Navigation routes={routes} />}
      {asking && (
        <Dialog title="Vous avez un brouillon" onClose={() => setAsking(false)}>
          <p>D’autres personnes peuvent utiliser cet ordinateur : se déconnecter efface ce que vous aviez commencé à écrire.</p>
          <Actions>
            <Button onClick={() => setAsking(false)}>Rester connecté</Button>
            <Button danger onClick={leave}>
              Effacer et se déconnecter
            </Button>
          </Actions>
        </Dialog>
      )}
    </header>
  );
}

function Aside({ path, children }: { path: string; children: ComponentChildren }) {
  const here = address.value.split("?")[0]!;
  return (
    <a href={path} aria-current={here === path ? "page" : here.startsWith(`${path}/`) ? "true" : undefined}>
      {children}
    </a>
  );
}

function Navigation({ routes }: { routes: readonly Route[] }) {
  const here = address.value.split("?")[0]!;
  const entries = routes.filter((route) => route.entry && !route.aside && allowed(route));
  // The entry whose address begins this page's; the longest, because `/operateur` begins others.
  const current = entries.filter((route) => `${here}/`.startsWith(`${route.path}/`)).sort((a, b) => b.path.length - a.path.length)[0];
  return (
    <nav class="navigation" aria-label="Pages">
      <ul>
        {entries.map((route) => (
          <li key={route.path}>
            <a href={route.path} aria-current={route === current ? (here === route.path ? "page" : "true") : undefined}>
              {roles.value.has("sms_manager") ? route.entry : (route.entryForSenders ?? route.entry)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function roleWords(): string {
  const own = profile.value?.roles ?? [];
  const strongest = own.filter((role) => role !== "sms_sender" || !own.includes("sms_manager"));
  return strongest.map((role) => ROLES[role]).join(", ");
}
