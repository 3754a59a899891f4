import { call } from "../../../../api/client.ts";
import { Loaded, useList, useResource } from "../../../../components/reading/loading.tsx";
import { Facts, Section } from "../../../../components/page.tsx";
import { EmptyState } from "../../../../components/reading/states.tsx";
import { ledgerColumns, messageColumns } from "../../../../components/tables/columns.tsx";
import { EntryList, InvoiceList, OrderList } from "../../../../components/tables/lists.tsx";
import { ListTable } from "../../../../components/tables/table.tsx";
import { Count, DateText } from "../../../../components/tables/values.tsx";
import type { PageProps } from "../../../../shell/router.ts";
import { french } from "../../../../texts/typography.ts";
import { orderPath } from "../../orders.tsx";
import { ReasonGate } from "./reason.tsx";
import { SchoolPage } from "../school.tsx";

/** What a school sees of its stock and its messages, for a reason that stays recorded. */
export default function ReadingPage({ params }: PageProps) {
  const uai = params["uai"]!;
  return (
    <SchoolPage uai={uai}>
      {() => (
        <ReasonGate uai={uai} key={uai}>
          {(reason) => (
            <>
              <Stock uai={uai} reason={reason} />
              <Section title="Mouvements du stock">
                <Ledger uai={uai} reason={reason} />
              </Section>
              <Section title="Messages de l’année scolaire">
                <History uai={uai} reason={reason} />
              </Section>
              <Section title="Commandes">
                <Orders uai={uai} reason={reason} />
              </Section>
              <Section title="Factures">
                <Invoices uai={uai} reason={reason} />
              </Section>
            </>
          )}
        </ReasonGate>
      )}
    </SchoolPage>
  );
}

interface Asked {
  readonly uai: string;
  readonly reason: string;
}

function Stock({ uai, reason }: Asked) {
  const balance = useResource((signal) => call("GET /v1/schools/{uai}/balance", { path: { uai }, query: { reason }, signal }), [uai, reason]);
  return (
    <Loaded of={balance} what="Lecture du stock…">
      {(stock) => (
        <>
          <p class="big">
            <Count of={stock.balance} one="SMS" />
          </p>
          <Facts
            of={[
              ["Utilisables jusqu’au", <DateText of={stock.subscription_end} />],
              ["Alerte de niveau bas", <Count of={stock.low_balance_threshold} one="SMS" />],
              stock.contract && ["Conditions acceptées", `version ${stock.contract.conditions_version}`],
            ]}
          />
        </>
      )}
    </Loaded>
  );
}

/** Of what caused an entry the operator may open the order alone. */
const LEDGER_COLUMNS = ledgerColumns(({ cause }) => cause.type === "order" && <a href={orderPath(cause.id)}>Voir la commande</a>);

function Ledger({ uai, reason }: Asked) {
  const entries = useList("GET /v1/schools/{uai}/ledger", { path: { uai }, query: { reason } });
  return <EntryList of={entries} columns={LEDGER_COLUMNS} empty={<EmptyState title="Aucun mouvement pour le moment." />} />;
}

const MESSAGE_COLUMNS = messageColumns({ head: "Pourquoi", cell: (message) => (message.reason ? french(message.reason.text) : "") });

function History({ uai, reason }: Asked) {
  const messages = useList("GET /v1/schools/{uai}/history", { path: { uai }, query: { reason } });
  return (
    <ListTable
      of={messages}
      what="Lecture des messages…"
      caption="Messages, du plus récent au plus ancien ; numéros masqués"
      quiet
      one="message"
      keyOf={(message) => message.message_id}
      empty={<EmptyState title="Aucun message cette année scolaire." />}
      columns={MESSAGE_COLUMNS}
    />
  );
}

function Orders({ uai, reason }: Asked) {
  const orders = useList("GET /v1/schools/{uai}/orders", { path: { uai }, query: { reason } });
  return <OrderList of={orders} path={orderPath} empty={<EmptyState title="Aucune commande pour le moment." />} />;
}

function Invoices({ uai, reason }: Asked) {
  const invoices = useList("GET /v1/schools/{uai}/invoices", { path: { uai }, query: { reason } });
  return <InvoiceList of={invoices} path={orderPath} empty={<EmptyState title="Aucune facture pour le moment." />} />;
}
