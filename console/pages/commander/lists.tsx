import { call } from "../../api/client.ts";
import { Download } from "../../components/files/download.tsx";
import { useList } from "../../components/reading/loading.tsx";
import { EmptyState } from "../../components/reading/states.tsx";
import { INVOICES_CAPTION, ORDERS_CAPTION, invoiceColumns, orderColumns } from "../../components/tables/columns.tsx";
import { ListTable } from "../../components/tables/table.tsx";

export function orderPath(id: string): string {
  return `/commander/${encodeURIComponent(id)}`;
}

/** The orders of the school, newest first. */
export function Orders() {
  const orders = useList("GET /v1/orders");
  return (
    <ListTable
      of={orders}
      what="Lecture des commandes…"
      caption={ORDERS_CAPTION}
      quiet
      one="commande"
      keyOf={(order) => order.id}
      empty={<EmptyState title="Aucune commande pour le moment. Elle paraîtra ici dès que votre courriel sera reçu, d’ordinaire dans la minute." />}
      columns={orderColumns(orderPath)}
    />
  );
}

/** The invoices of the school, each with its PDF. */
export function Invoices() {
  const invoices = useList("GET /v1/invoices");
  return (
    <ListTable
      of={invoices}
      what="Lecture des factures…"
      caption={INVOICES_CAPTION}
      quiet
      one="facture"
      keyOf={(invoice) => invoice.number}
      empty={<EmptyState title="Aucune facture pour le moment. Elle suit le crédit des SMS." />}
      columns={[
        ...invoiceColumns(orderPath),
        {
          head: "Fichier",
          cell: (invoice) =>
            invoice.state === "numbered" ? (
              <span class="soft">bientôt</span>
            ) : (
              <Download name={`${invoice.number}.pdf`} read={() => call("GET /v1/invoices/{number}", { path: { number: invoice.number } })}>
                PDF<span class="unseen"> de la facture {invoice.number}</span>
              </Download>
            ),
        },
      ]}
    />
  );
}
