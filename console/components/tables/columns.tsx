import type { ComponentChildren } from "preact";
import type { Item } from "../../api/client.ts";
import { when } from "../../texts/dates.ts";
import { INVOICE_STATES, LEDGER_KINDS, ORDER_STATES } from "../../texts/statuses.ts";
import { french } from "../../texts/typography.ts";
import type { Column } from "./table.tsx";
import { DateText, Figure, MessageState, Money, Phone, StatusWord } from "./values.tsx";

/** Columns of the lists that a school reads of itself, and the operator for a reason: one table for both. */

export type Order = Item<"GET /v1/orders">;
export type Invoice = Item<"GET /v1/invoices">;
export type Entry = Item<"GET /v1/ledger">;
export type Message = Item<"GET /v1/history">;

export const LEDGER_CAPTION = "Mouvements du stock, du plus récent au plus ancien";

/** `link` leads to what caused the entry. Of the ids in its explanation only an order's is for people: it is on the form. */
export function ledgerColumns(link: (entry: Entry) => ComponentChildren): readonly Column<Entry>[] {
  return [
    { head: "Date", cell: (entry) => <DateText of={entry.at} as="moment" />, names: true },
    { head: "Mouvement", cell: (entry) => <StatusWord table={LEDGER_KINDS} state={entry.kind} /> },
    {
      head: "Cause",
      cell: (entry) => (
        <span class="whole-line">
          {french(explanationOf(entry))} {link(entry)}
        </span>
      ),
    },
    { head: "SMS", cell: (entry) => <Figure of={entry.amount} change />, right: true },
    { head: "Stock", cell: (entry) => <Figure of={entry.balance_after} />, right: true },
  ];
}

function explanationOf({ explanation, cause }: Entry): string {
  return cause.type === "order" ? explanation : explanation.replace(` (${cause.id})`, "").replace(` ${cause.id}`, "");
}

/** What comes next for an order, and by when. */
export function nextStep(order: Pick<Order, "state" | "deadline" | "credited_at">): string {
  if (order.state === "credited" && order.credited_at) return when(order.credited_at);
  if (order.state === "review" || order.state === "accepted") return `réponse au plus tard ${when(order.deadline)}`;
  if (order.state === "incomplete") return "à corriger puis renvoyer : voir ce qui manque";
  return "";
}

/** `path` is where the page of an order is. */
export function orderColumns(path: (id: string) => string): readonly Column<Order>[] {
  return [
    { head: "Commande", names: true, cell: ({ id }) => <OrderLink id={id} path={path} /> },
    { head: "Reçue", cell: (order) => <DateText of={order.received_at} as="moment" /> },
    { head: "SMS", cell: (order) => (order.sms ? <Figure of={order.sms} /> : "–"), right: true },
    { head: "Total TTC", cell: (order) => (order.sms ? <Money amount={order.total_ttc} /> : "–"), right: true },
    {
      head: "État",
      cell: (order) => (
        <>
          <StatusWord table={ORDER_STATES} state={order.state} />
          {nextStep(order) && <span class="soft follows">{french(nextStep(order))}</span>}
        </>
      ),
    },
  ];
}

export function invoiceColumns(path: (id: string) => string): readonly Column<Invoice>[] {
  return [
    { head: "Facture", cell: (invoice) => <span class="figure">{invoice.number}</span>, names: true },
    { head: "Émise", cell: (invoice) => <DateText of={invoice.issued_on} as="short" /> },
    { head: "Commande", cell: (invoice) => <OrderLink id={invoice.order_id} path={path} /> },
    { head: "HT", cell: (invoice) => <Money amount={invoice.total_ht} />, right: true },
    { head: "TVA", cell: (invoice) => <Money amount={invoice.vat} />, right: true },
    { head: "TTC", cell: (invoice) => <Money amount={invoice.total_ttc} />, right: true },
    {
      head: "État",
      cell: (invoice) => (
        <>
          <StatusWord table={INVOICE_STATES} state={invoice.state} />
          <span class="soft follows">
            <Owed of={invoice} />
          </span>
        </>
      ),
    },
  ];
}

function OrderLink({ id, path }: { id: string; path: (id: string) => string }) {
  return (
    <a class="figure" href={path(id)}>
      {id}
    </a>
  );
}

function Owed({ of }: { of: Invoice }) {
  if (of.state === "paid") return of.paid_on ? <>le {<DateText of={of.paid_on} />}</> : null;
  if (of.state === "numbered" || of.state === "cancelled") return null;
  return (
    <>
      <Money amount={of.rest_due} /> avant le <DateText of={of.due_on} />
    </>
  );
}

/** `path` is where the page of a message is; without it nothing leads there. `about` is between the number and the state. */
export function messageColumns(about: Column<Message>, path?: (id: string) => string): readonly Column<Message>[] {
  return [
    {
      head: "Accepté",
      names: true,
      cell: (message) => {
        const at = <DateText of={message.accepted_at} as="moment" />;
        return path ? <a href={path(message.message_id)}>{at}</a> : at;
      },
    },
    { head: "Numéro", cell: (message) => (message.phone ? <Number of={message.phone} /> : <span class="soft">effacé</span>) },
    about,
    { head: "État", cell: (message) => <MessageState of={message} /> },
    { head: "SMS", cell: (message) => <Figure of={message.sms_count} />, right: true },
  ];
}

/** The operator reads numbers with most of their digits masked. */
function Number({ of }: { of: string }) {
  return /^\+\d+$/.test(of) ? <Phone of={of} /> : <span class="figure">{of}</span>;
}
