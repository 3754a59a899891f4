import { signal } from "@preact/signals";
import { Button } from "../components/forms/button.tsx";
import { Actions, Dialog } from "../components/notices/dialog.tsx";
import { Notice } from "../components/notices/notice.tsx";
import { maintenance } from "../api/maintenance.ts";
import { Contact } from "../components/reading/states.tsx";
import { profile } from "../session/profile.ts";
import { expired, signIn } from "../session/session.ts";

const online = signal(navigator.onLine);
addEventListener("online", () => (online.value = true));
addEventListener("offline", () => (online.value = false));

/** What the network's absence means, while it lasts. */
export function OfflineNotice() {
  if (online.value) return null;
  return (
    <Notice kind="attention" title="Hors connexion">
      <p>Ce que vous écrivez est gardé sur cet ordinateur. Rien ne part tant que la connexion n’est pas revenue.</p>
    </Notice>
  );
}

/** Sending is stopped for a while, for everybody. */
export function MaintenanceNotice() {
  if (!maintenance.value) return null;
  return (
    <Notice kind="attention" title="Le service est en maintenance">
      <p>
        Aucun envoi n’est pris pour quelques minutes. Ce qui est déjà accepté attend, rien n’est perdu, et tout reste consultable. Cette annonce disparaît quand les envois reprennent.
        {profile.value?.school && (
          <>
            {" "}
            Pour toute question&nbsp;: <Contact />
          </>
        )}
      </p>
    </Notice>
  );
}

/** Why the school may not send now, on every page, with what still works and whom to ask. */
export function SchoolNotice() {
  const why = profile.value?.why_not;
  const words = why ? CLOSED[why] : undefined;
  if (!words) return null;
  return (
    <Notice kind="attention" title={words.title}>
      <p>
        {words.text} <Contact />
      </p>
    </Notice>
  );
}

const CLOSED: Readonly<Record<string, { title: string; text: string }>> = {
  "school-suspended": {
    title: "Les envois de votre établissement sont suspendus",
    text: "Rien ne part pour le moment ; le stock, le journal et l’historique restent consultables. Pour savoir pourquoi\u00a0:",
  },
  "school-terminated": {
    title: "Le service de SMS de votre établissement est résilié",
    text: "Plus rien ne part. L’historique reste consultable jusqu’à sa purge. Pour toute question\u00a0:",
  },
  "subscription-ended": {
    title: "L’abonnement de votre établissement est terminé",
    text: "Plus rien ne part tant qu’il n’est pas renouvelé. Pour le renouveler\u00a0:",
  },
  "sender-blocked": {
    title: "Vos envois sont suspendus",
    text: "Les gestionnaires SMS de votre établissement ont suspendu vos envois : adressez-vous à eux. À défaut\u00a0:",
  },
};

/** The session is over: sign in again, and find everything as it was. */
export function ExpiredDialog() {
  if (!expired.value) return null;
  return (
    <Dialog title="Votre session est terminée" onClose={() => (expired.value = false)}>
      <p>Ce que vous écriviez est gardé sur cet ordinateur. Reconnectez-vous, et vous reviendrez ici.</p>
      <Actions>
        <Button onClick={() => (expired.value = false)}>Plus tard</Button>
        <Button primary onClick={() => signIn()}>
          Se reconnecter
        </Button>
      </Actions>
    </Dialog>
  );
}
