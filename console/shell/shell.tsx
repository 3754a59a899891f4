import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Failure, Refusal, failureOf } from "../api/failures.ts";
import { Button } from "../components/forms/button.tsx";
import { FailureState, ForbiddenState, LoadingState, MissingState } from "../components/reading/states.tsx";
import { forgetOthersDrafts } from "../session/drafts.ts";
import { watchMaintenance } from "../session/maintenance.ts";
import { foreseeProfile, profile, readProfile } from "../session/profile.ts";
import { type Start, signIn } from "../session/session.ts";
import { ExpiredDialog, MaintenanceNotice, OfflineNotice, SchoolNotice } from "./alerts.tsx";
import { allowed } from "./access.ts";
import { Header } from "./header.tsx";
import { type PageProps, type Route, address, match, moved, navigate } from "./router.ts";

/** Everything around a page: who one is, where one may go, and what stands in its place when it cannot be shown. */
export function Shell({ begun, routes }: { begun: Start; routes: readonly Route[] }) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const read = async () => {
    try {
      await readProfile();
      setFailure(null);
      forgetOthersDrafts();
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  };
  useEffect(() => {
    if (begun !== "signed in") return undefined;
    void read();
    foreseeProfile();
    if (profile.value) forgetOthersDrafts();
    return watchMaintenance();
  }, [begun]);
  if (begun !== "signed in") return <Outside begun={begun} />;
  return (
    <>
      <a class="skip" href="#page">
        Aller au contenu
      </a>
      <Header routes={routes} />
      <main id="page" tabIndex={-1}>
        <OfflineNotice />
        <MaintenanceNotice />
        <SchoolNotice />
        {failure ? <Unknown failure={failure} retry={read} /> : profile.value ? <Current routes={routes} /> : <LoadingState what="Ouverture de votre session…" />}
      </main>
      <ExpiredDialog />
    </>
  );
}

function Current({ routes }: { routes: readonly Route[] }) {
  const url = new URL(address.value, location.origin);
  const home = routes.find((route) => route.entry && allowed(route))?.path ?? "/aide";
  useEffect(() => {
    if (url.pathname === "/") navigate(home, { replace: true });
  }, [url.pathname, home]);
  if (url.pathname === "/") return <LoadingState what="Ouverture…" />;
  const found = match(routes, url.pathname);
  if (!found) return <Titled title="Page introuvable" body={<MissingState />} />;
  if (!allowed(found.route)) return <Titled title="Accès réservé" body={<ForbiddenState roles={found.route.roles} />} />;
  return <Chunk key={found.route.path} route={found.route} params={found.params} query={url.searchParams} />;
}

/** The code of a page, once it is there. */
function Chunk({ route, ...props }: PageProps & { route: Route }) {
  const [Loaded, setLoaded] = useState<ComponentType<PageProps> | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = async () => {
    try {
      const { default: found } = await route.load();
      setLoaded(() => found);
    } catch {
      // A newer console was deployed, or the network is away.
      setFailure(new Refusal(0, { title: "La page n’a pas pu être chargée", detail: "Vérifiez la connexion, puis rechargez la page." }));
    }
  };
  useEffect(() => {
    document.title = `${route.title} – SMS Skolengo`;
    void load();
  }, [route]);
  useEffect(() => {
    // After a click the reader and the keyboard start at the new page's title, as after a reload they do by themselves.
    if (Loaded && moved.value) document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
  }, [Loaded, props.params]);
  if (Loaded) return <Loaded {...props} />;
  if (!failure) return <LoadingState what={`${route.title}…`} />;
  return (
    <>
      <h1 tabIndex={-1}>{route.title}</h1>
      <FailureState failure={failure} retry={() => (navigator.onLine ? location.reload() : load())} />
    </>
  );
}

function Titled({ title, body }: { title: string; body: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} – SMS Skolengo`;
    if (moved.value) document.querySelector<HTMLElement>("main h1")?.focus();
  }, [title]);
  return <>{body}</>;
}

/** Signed in, but the service knows no role or no school for them. */
function Unknown({ failure, retry }: { failure: Failure; retry: () => unknown }) {
  return (
    <>
      <h1>SMS Skolengo</h1>
      <FailureState failure={failure} retry={retry} />
    </>
  );
}

/** Signed out, or refused by the issuer. */
function Outside({ begun }: { begun: Start }) {
  const refused = typeof begun === "object";
  useEffect(() => {
    document.title = "Connexion – SMS Skolengo";
  }, []);
  return (
    <main id="page" class="outside">
      <p class="brand">
        SMS <span>Skolengo</span>
      </p>
      <h1>{refused ? "La connexion n’a pas abouti" : "Vous êtes déconnecté"}</h1>
      <p>{refused ? "Votre espace numérique n’a pas répondu, ou n’a pas confirmé qui vous êtes. Réessayez ; si cela recommence, demandez de l’aide à votre établissement." : "Votre session est fermée ici et dans votre espace numérique."}</p>
      <Button primary onClick={() => (refused ? location.reload() : signIn("/"))}>
        {refused ? "Réessayer" : "Se connecter"}
      </Button>
    </main>
  );
}
