import type { PageProps } from "../../../shell/router.ts";
import { Actions } from "../../../components/notices/dialog.tsx";
import { Notice } from "../../../components/notices/notice.tsx";
import { Page } from "../../../components/page.tsx";
import { RequestProgress } from "../../../components/messages/request.tsx";
import { Steps } from "../../../components/notices/progress.tsx";
import { roles } from "../../../session/profile.ts";
import { count } from "../../../texts/numbers.ts";
import { when } from "../../../texts/dates.ts";
import { french } from "../../../texts/typography.ts";
import { STEPS } from "../draft.ts";
import { accepted } from "./sending.ts";

/** Fourth step: it is on its way. */
export default function SentPage({ params }: PageProps) {
  const id = params["id"]!;
  const known = accepted.get(id);
  const duplicates = known?.refused.filter((each) => each.code === "duplicate").length ?? 0;
  const title = known?.send_at ? `Votre message partira ${when(known.send_at)}` : "Votre message est parti";
  return (
    <Page title={known?.send_at ? "Envoi programmé" : "Message envoyé"}>
      <Steps steps={STEPS.map(({ title: step }) => ({ title: step }))} current={3} />
      {known && (
        <Notice kind="good" title={title}>
          <p>
            {french(`${count(known.accepted, "personne")}, ${count(known.cost_sms, "SMS")}.`)}
            {known.refused.length > 0 && french(` ${count(known.refused.length, "ligne")} ${known.refused.length < 2 ? "écartée" : "écartées"} : rien n’est envoyé ni décompté.`)}
            {duplicates > 0 && french(` ${duplicates < known!.refused.length ? "Parmi elles, " : "Dont "}${duplicates} en double : ${duplicates < 2 ? "ce numéro a" : "ces numéros ont"} déjà ce message.`)}
          </p>
        </Notice>
      )}
      <RequestProgress id={id} />
      <Actions>
        <a class="button" href="/envois">
          {roles.value.has("sms_manager") ? "Voir les envois" : "Voir mes envois"}
        </a>
        <a class="button primary" href="/ecrire">
          Écrire un autre message
        </a>
      </Actions>
    </Page>
  );
}
