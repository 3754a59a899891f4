import { Refusal } from "../../api/failures.ts";
import { useList } from "../../components/reading/loading.tsx";
import { Page, Section } from "../../components/page.tsx";
import { EmptyState } from "../../components/reading/states.tsx";
import { type Message, messageColumns } from "../../components/tables/columns.tsx";
import { ListTable } from "../../components/tables/table.tsx";
import type { PageProps } from "../../shell/router.ts";
import { french } from "../../texts/typography.ts";
import { ExportButton } from "./export.tsx";
import { Filters } from "./filters.tsx";
import { Purge } from "./purge.tsx";
import { type Search, searchOf } from "./search.ts";

/** Every message of the school year, searched, with its end and its certificates. */
export default function HistoryPage({ query }: PageProps) {
  const search = searchOf(query);
  const key = JSON.stringify(search);
  return (
    <Page title="Historique" intro="Les messages de l’année scolaire en cours.">
      <Found key={key} search={search} />
      <Section title="Effacement de l’historique">
        <Purge />
      </Section>
    </Page>
  );
}

const COLUMNS = messageColumns(
  { head: "Texte", cell: (message) => (message.text ? <Start of={message} /> : <span class="soft">effacé</span>) },
  (id) => `/historique/${encodeURIComponent(id)}`,
);

function Found({ search }: { search: Search }) {
  const messages = useList("GET /v1/history", { query: search as Readonly<Record<string, string>> });
  const refusal = messages.failure instanceof Refusal && messages.failure.status === 422 ? messages.failure : null;
  return (
    <>
      <Filters search={search} refusal={refusal} />
      <ListTable
        of={messages}
        what="Recherche dans l’historique…"
        caption="Messages, du plus récent au plus ancien"
        quiet
        one="message"
        many="messages"
        keyOf={(message) => message.message_id}
        empty={<Nothing searched={Object.keys(search).length > 0} />}
        columns={COLUMNS}
      />
      {(messages.value?.length ?? 0) > 0 && <ExportButton search={search} />}
    </>
  );
}

const LONGEST = 70;

function Start({ of }: { of: Message }) {
  const text = of.text ?? "";
  return <>{text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()}…` : text}</>;
}

function Nothing({ searched }: { searched: boolean }) {
  if (!searched)
    return (
      <EmptyState title="Aucun message cette année scolaire.">
        <p>
          Les messages paraîtront ici dès le premier envoi. <a href="/ecrire">Écrire un message</a>
        </p>
      </EmptyState>
    );
  return (
    <EmptyState title="Aucun message ne correspond.">
      <p>{french("Vérifiez le numéro et les dates, ou élargissez la recherche. Les années passées sont effacées : elles ne se retrouvent plus.")}</p>
    </EmptyState>
  );
}
