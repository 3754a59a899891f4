import { call } from "../../api/client.ts";
import { MessageLife } from "../../components/messages/life.tsx";
import { Loaded, useResource } from "../../components/reading/loading.tsx";
import { Notice } from "../../components/notices/notice.tsx";
import { Facts, Page, Section } from "../../components/page.tsx";
import { Count, MessageState, Phone } from "../../components/tables/values.tsx";
import type { PageProps } from "../../shell/router.ts";
import { MESSAGE_STATUSES, wordOf } from "../../texts/statuses.ts";
import { french } from "../../texts/typography.ts";

/** One message: what it said, to whom, and its whole life. */
export default function MessagePage({ params }: PageProps) {
  const id = params["message"]!;
  const message = useResource((signal) => call("GET /v1/messages/{id}", { path: { id }, signal }), [id]);
  return (
    <Page title="Message">
      <p>
        <a href="/historique">Tout l’historique</a>
      </p>
      <Loaded of={message} what="Lecture du message…">
        {(read) => (
          <>
            {read.text === null ? <p class="soft">Le numéro et le texte ont été effacés à la demande de la personne ; le décompte reste.</p> : <blockquote class="sent-text">{read.text}</blockquote>}
            <Facts
              of={[
                ["État", <MessageState of={read} />],
                !!read.phone && [
                  "Numéro",
                  <>
                    <Phone of={read.phone} /> · <a href={`/destinataires/${encodeURIComponent(read.phone)}`}>sa fiche</a>
                  </>,
                ],
                ["Décompte", <Count of={read.sms_count} one="SMS" />],
                [
                  "Envoyé par",
                  <>
                    <span class="breakable">{read.author}</span> · <a href={`/reglages/envois-suspendus?personne=${encodeURIComponent(read.author_id)}`}>suspendre ses envois</a>
                  </>,
                ],
                !!read.client_id && ["Au moyen de", read.client_id],
                [
                  "Envoi",
                  <a class="breakable" href={`/envois/${encodeURIComponent(read.request_id)}`}>
                    Tous ses destinataires
                  </a>,
                ],
              ]}
            />
            {read.reason && (
              <Notice kind="attention" title={french(read.reason.text)}>
                <p>{french(read.reason.advice)}</p>
              </Notice>
            )}
            <Section title="Ce qui s’est passé">
              <MessageLife events={read.events} />
              {read.send_at === null && wordOf(MESSAGE_STATUSES, read.status).about && <p class="hint">{french(wordOf(MESSAGE_STATUSES, read.status).about ?? "")}</p>}
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
