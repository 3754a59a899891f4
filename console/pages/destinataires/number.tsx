import { useState } from "preact/hooks";
import { type Answer, call } from "../../api/client.ts";
import { Loaded, useResource } from "../../components/reading/loading.tsx";
import { Notice } from "../../components/notices/notice.tsx";
import { Facts, Page, Section } from "../../components/page.tsx";
import { Table } from "../../components/tables/table.tsx";
import { DateText, MessageState, StatusWord } from "../../components/tables/values.tsx";
import type { PageProps } from "../../shell/router.ts";
import { phone } from "../../texts/numbers.ts";
import { CONSENT_EVENTS, CONSENT_STATES } from "../../texts/statuses.ts";
import { french } from "../../texts/typography.ts";
import { ConsentForm } from "./consent.tsx";
import { Rights } from "./rights.tsx";

export type Held = Answer<"GET /v1/recipients/{phone}">;

/** All that is held of a number, and what the person may ask for. */
export default function NumberPage({ params, query }: PageProps) {
  const asked = params["number"]!;
  const held = useResource((signal) => call("GET /v1/recipients/{phone}", { path: { phone: asked }, signal }), [asked]);
  const [done, setDone] = useState<string | null>(null);
  const changed = async (words: string) => {
    await held.reload();
    setDone(words);
  };
  return (
    <Page title={`Fiche du ${phone(held.value?.phone ?? asked)}`}>
      <p>
        <a href="/destinataires">Tous les destinataires</a>
      </p>
      {query.has("corrige") && !done && (
        <Notice kind="good" title="L’accord est passé à ce numéro, avec sa preuve.">
          <></>
        </Notice>
      )}
      {done && (
        <Notice kind="good" title={french(done)} focus key={done}>
          <></>
        </Notice>
      )}
      <Loaded of={held} what="Lecture de la fiche…">
        {(read) => (
          <>
            <Consent of={read} />
            {!read.consent && <ConsentForm of={read} onDone={changed} />}
            {read.consent && read.consent.state !== "granted" && (
              <details class="behind">
                <summary>La famille a signé de nouveau</summary>
                <ConsentForm of={read} onDone={changed} />
              </details>
            )}
            <Messages of={read} />
            <Section title="Ce que la personne peut demander">
              <Rights of={read} onDone={changed} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Consent({ of }: { of: Held }) {
  const { consent } = of;
  if (!consent)
    return (
      <Notice kind="attention" title={of.erased_at ? "Ce numéro a été effacé" : "Aucun accord n’est enregistré pour ce numéro"}>
        <p>{french(of.erased_at ? "Il ne reste que ce qui empêche de lui écrire. Seul un nouveau titulaire peut consentir." : "Aucun SMS ne peut lui être envoyé.")}</p>
      </Notice>
    );
  return (
    <>
      <Facts
        of={[
          ["Consentement", <StatusWord table={CONSENT_STATES} state={consent.state} />],
          !!consent.withdrawn_at && ["Retiré", <DateText of={consent.withdrawn_at} as="moment" />],
          !!consent.wording && ["Texte accepté", french(`« ${consent.wording} »`)],
          !!consent.version && ["Version", consent.version],
          !!consent.channel && ["Canal", consent.channel],
          !!consent.collected_by && ["Recueilli par", consent.collected_by],
          !!consent.collected_at && ["Recueilli le", <DateText of={consent.collected_at} />],
        ]}
      />
      <details class="behind">
        <summary>Ce qui a été enregistré</summary>
        <Table
          caption="Accords et retraits de ce numéro"
          quiet
          rows={consent.events}
          keyOf={(event) => event.at + event.kind}
          columns={[
            { head: "Date", cell: (event) => <DateText of={event.at} as="moment" />, names: true },
            { head: "Événement", cell: (event) => CONSENT_EVENTS[event.kind] ?? event.kind },
            { head: "Enregistré par", cell: (event) => <span class="breakable">{event.by}</span> },
          ]}
        />
      </details>
    </>
  );
}

function Messages({ of }: { of: Held }) {
  return (
    <Section title="Messages et réponses">
      {of.messages.length > 0 ? (
        <Table
          caption="Messages à ce numéro"
          quiet
          rows={of.messages}
          keyOf={(message) => message.message_id}
          columns={[
            {
              head: "Accepté",
              names: true,
              cell: (message) => (
                <a href={`/historique/${encodeURIComponent(message.message_id)}`}>
                  <DateText of={message.accepted_at} as="moment" />
                </a>
              ),
            },
            { head: "Texte", cell: (message) => message.text ?? <span class="soft">effacé</span> },
            { head: "État", cell: (message) => <MessageState of={message} /> },
          ]}
        />
      ) : (
        <p class="soft">Aucun message ne lui a été envoyé cette année scolaire.</p>
      )}
      {of.next_cursor && (
        <p>
          Il y en a d’autres : <a href={`/historique?phone=${encodeURIComponent(of.phone)}`}>les chercher dans l’historique</a>.
        </p>
      )}
      {of.replies.length > 0 && (
        <Table
          caption="Ses réponses"
          rows={of.replies}
          keyOf={(reply) => reply.id}
          columns={[
            { head: "Reçue", cell: (reply) => <DateText of={reply.received_at} as="moment" />, names: true },
            { head: "Réponse", cell: (reply) => <span class="breakable">{reply.text}</span> },
          ]}
        />
      )}
      {of.refusals.length > 0 && (
        <Table
          caption="Envois qui ont écarté ce numéro"
          rows={of.refusals}
          keyOf={(refusal) => `${refusal.request_id}-${refusal.index}`}
          columns={[
            { head: "Date", cell: (refusal) => <DateText of={refusal.at} as="moment" />, names: true },
            { head: "Pourquoi", cell: (refusal) => french(refusal.detail ?? "Le numéro n’a pas été accepté.") },
            { head: "Envoi", cell: (refusal) => <a href={`/envois/${encodeURIComponent(refusal.request_id)}`}>{refusal.request_id}</a> },
          ]}
        />
      )}
    </Section>
  );
}
