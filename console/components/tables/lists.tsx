import type { ComponentChildren } from "preact";
import type { List } from "../reading/loading.tsx";
import { type Entry, type Invoice, LEDGER_CAPTION, type Order, invoiceColumns, orderColumns } from "./columns.tsx";
import { type Column, ListTable } from "./table.tsx";

/** Lists that a school reads of itself, and the operator for a reason. `empty` says that there is nothing yet. */

interface Listed<T> {
  readonly of: List<T>;
  readonly empty: ComponentChildren;
}

/** `path` is where the page of an order is. */
export function OrderList({ path, ...list }: Listed<Order> & { path: (id: string) => string }) {
  return (
    <ListTable
      {...list}
      what="Lecture des commandes…"
      caption="Commandes, de la plus récente à la plus ancienne"
      quiet
      one="commande"
      keyOf={(order) => order.id}
      columns={orderColumns(path)}
    />
  );
}

/** `more` are columns after those of every invoice. */
export function InvoiceList({ path, more = [], ...list }: Listed<Invoice> & { path: (id: string) => string; more?: readonly Column<Invoice>[] }) {
  return (
    <ListTable
      {...list}
      what="Lecture des factures…"
      caption="Factures, de la plus récente à la plus ancienne"
      quiet
      one="facture"
      keyOf={(invoice) => invoice.number}
      columns={[...invoiceColumns(path), ...more]}
    />
  );
}

/** `columns` lead to what caused each entry, as its reader may see it. */
export function EntryList(list: Listed<Entry> & { columns: readonly Column<Entry>[] }) {
  return <ListTable {...list} what="Lecture du journal…" caption={LEDGER_CAPTION} quiet one="écriture" keyOf={(entry) => entry.id} />;
}
