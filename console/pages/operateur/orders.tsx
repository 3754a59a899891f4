import { Table } from "../../components/tables/table.tsx";
import { Money } from "../../components/tables/values.tsx";
import { count } from "../../texts/numbers.ts";
import { french } from "../../texts/typography.ts";
import { Deadline, SchoolLink } from "./parts.tsx";
import type { WaitingOrder } from "./waiting.ts";

/** Where an order's page is. */
export function orderPath(id: string): string {
  return `/operateur/commandes/${encodeURIComponent(id)}`;
}

/** Orders in review, with why each stopped. */
export function OrdersByDeadline({ orders, now }: { orders: readonly WaitingOrder[]; now: Date }) {
  return (
    <Table
      caption="Commandes à examiner, la plus urgente d’abord"
      quiet
      rows={orders}
      keyOf={(order) => order.id}
      columns={[
        { head: "Commande", cell: (order) => <a class="figure" href={orderPath(order.id)}>{shortId(order.id)}</a>, names: true },
        { head: "Établissement", cell: (order) => <SchoolLink uai={order.school} /> },
        { head: "Pourquoi", cell: (order) => french(whyOf(order)) },
        { head: "Montant", cell: (order) => (order.sms ? <Money amount={order.total_ttc} /> : <span class="soft">inconnu</span>), right: true },
        { head: "Délai", cell: (order) => <Deadline of={order} now={now} /> },
      ]}
    />
  );
}

/** An order's id is long; its start tells two apart. The page of the order has all of it. */
export function shortId(id: string): string {
  return id.length > 20 ? `${id.slice(0, 18)}…` : id;
}

/** The first reasons of an order, as a sentence. */
export function whyOf(order: WaitingOrder): string {
  const [first, ...rest] = order.reasons;
  if (!first) return "";
  const words = first.detail.replace(/^./, (letter) => letter.toUpperCase());
  return rest.length ? `${words} ; et ${count(rest.length, "autre motif", "autres motifs")}` : words;
}
