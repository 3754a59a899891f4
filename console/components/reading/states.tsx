import type { ComponentChildren } from "preact";
import { type Failure, Offline, Refusal, SessionOver } from "../../api/failures.ts";
import type { Role } from "../../session/profile.ts";
import { settings } from "../../session/settings.ts";
import { french } from "../../texts/typography.ts";
import { Button } from "../forms/button.tsx";

/** What is coming, while it is read. It shows after a moment only, so that what comes at once does not flicker. */
export function LoadingState({ what }: { what: string }) {
  return (
    <p class="state loading" role="status">
      {french(what)}
    </p>
  );
}

/** What a page will show once there is something, and the first step. */
export function EmptyState({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="state empty">
      <p class="state-title">{french(title)}</p>
      {children}
    </div>
  );
}

/** What failed, what is safe, and what to do; in place of what could not be read. */
export function FailureState({ failure, retry }: { failure: Failure; retry?: () => unknown }) {
  return (
    <div class="state failure" role="alert">
      <p class="state-title">{french(titleOf(failure))}</p>
      <p>{french(failure.message)}</p>
      {retry && !(failure instanceof SessionOver) && !isFinal(failure) && <Button onClick={retry}>Réessayer</Button>}
    </div>
  );
}

function titleOf(failure: Failure): string {
  if (failure instanceof Offline) return "Hors connexion";
  return failure instanceof Refusal ? failure.title : "Session terminée";
}

function isFinal(failure: Failure): boolean {
  return failure instanceof Refusal && [402, 403, 404].includes(failure.status);
}

const WHO: Readonly<Record<Role, string>> = {
  operator: "l’exploitant du service",
  sms_manager: "les gestionnaires SMS de l’établissement",
  sms_sender: "les personnes autorisées à envoyer des SMS",
};

/** Which role a page is for, and whom to ask for it. */
export function ForbiddenState({ roles }: { roles: readonly Role[] }) {
  return (
    <div class="state forbidden">
      <h1 tabIndex={-1}>Cette page n’est pas pour vous</h1>
      <p>{french(`Elle est réservée à ${roles.map((role) => WHO[role]).join(" et à ")}.`)}</p>
      <p>Si elle devrait vous être ouverte, demandez-le à la direction de votre établissement, qui attribue ces droits dans l’ENT.</p>
      <p>
        <a href="/">Revenir à l’accueil</a>
      </p>
    </div>
  );
}

/** The address leads nowhere. */
export function MissingState() {
  return (
    <div class="state missing">
      <h1 tabIndex={-1}>Cette page n’existe pas</h1>
      <p>L’adresse est peut-être incomplète, ou ce qu’elle montrait a été effacé.</p>
      <p>
        <a href="/">Revenir à l’accueil</a>
      </p>
    </div>
  );
}

/** Whom to ask, as the operator set it. */
export function Contact() {
  const { email, phone, page } = settings.support;
  return (
    <>
      <a href={`mailto:${email}`}>{email}</a>
      {phone && <>, {phone}</>}
      {page && (
        <>
          , <a href={page}>page d’aide</a>
        </>
      )}
    </>
  );
}
