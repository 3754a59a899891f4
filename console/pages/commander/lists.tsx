import { call } from "../../api/client.ts";
import { Download } from "../../components/files/download.tsx";
import { useList } from "../../components/reading/loading.tsx";
import { EmptyState } from "../../components/reading/states.tsx";
import type { Invoice } from "../../components/tables/columns.tsx";
import { InvoiceList, OrderList } from "../../components/tables/lists.tsx";

export function orderPath(id: string): string {
  return `/commander/${encodeURIComponent(id)}`;
}

/** The orders of the school, newest first. */
export function Orders() {
  const empty = <EmptyState title="Aucune commande pour le moment. Elle paraîtra ici dès que votre courriel sera reçu, d’ordinaire dans la minute." />;
  return <OrderList of={useList("GET /v1/orders")} path={orderPath} empty={empty} />;
}

/** The invoices of the school, each with its PDF. */
export function Invoices() {
  return (
    <InvoiceList
      of={useList("GET /v1/invoices")}
      path={orderPath}
      empty={<EmptyState title="Aucune facture pour le moment. Elle suit le crédit des SMS." />}
      more={[{ head: "Fichier", cell: (invoice) => <InvoiceFile of={invoice} /> }]}
    />
  );
}

function InvoiceFile({ of: { number, state } }: { of: Invoice }) {
  if (state === "numbered") return <span class="soft">bientôt</span>;
  return (
    <Download name={`${number}.pdf`} read={() => call("GET /v1/invoices/{number}", { path: { number } })}>
      PDF<span class="unseen"> de la facture {number}</span>
    </Download>
  );
}
