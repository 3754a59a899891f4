import { useList, useResource, Loaded } from "../../../components/reading/loading.tsx";
import { Page } from "../../../components/page.tsx";
import { EmptyState } from "../../../components/reading/states.tsx";
import { ListTable } from "../../../components/tables/table.tsx";
import { DateText, Figure, Money, StatusWord } from "../../../components/tables/values.tsx";
import type { PageProps } from "../../../shell/router.ts";
import { count } from "../../../texts/numbers.ts";
import { ORDER_STATES } from "../../../texts/statuses.ts";
import { OrdersByDeadline, orderPath, shortId, whyOf } from "../orders.tsx";
import { SchoolLink, useNow } from "../parts.tsx";
import { byDeadline } from "../waiting.ts";

const STATES = [
  ["review", "À examiner"],
  ["question", "Questions"],
  ["incomplete", "Incomplètes"],
  ["accepted", "Acceptées, à créditer"],
  ["credited", "Créditées"],
  ["rejected", "Refusées"],
  ["answered", "Questions répondues"],
] as const;

/** The orders of all schools by state; those that a person decides by deadline. */
export default function OrdersPage({ query }: PageProps) {
  const state = STATES.find(([each]) => each === query.get("etat"))?.[0] ?? "review";
  return (
    <Page title="Commandes">
      <nav class="tabs" aria-label="Commandes par état">
        <ul>
          {STATES.map(([each, words]) => (
            <li key={each}>
              <a href={each === "review" ? "/operateur/commandes" : `/operateur/commandes?etat=${each}`} aria-current={each === state ? "page" : undefined}>
                {words}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {state === "review" ? <Waiting /> : <OrdersIn state={state} key={state} />}
    </Page>
  );
}

function Waiting() {
  const orders = useResource((signal) => byDeadline("review", signal));
  const now = useNow();
  return (
    <Loaded of={orders} what="Lecture des commandes à examiner…">
      {(waiting) =>
        waiting.length ? (
          <>
            <OrdersByDeadline orders={waiting} now={now} />
            <p class="more">{count(waiting.length, "commande")} à examiner, la plus urgente d’abord.</p>
            <div class="actions">
              <a class="button primary" href={orderPath(waiting[0]!.id)}>
                Examiner la plus urgente
              </a>
            </div>
          </>
        ) : (
          <EmptyState title="Rien à examiner.">
            <p>Les bons de commande sur lesquels la machine a un doute viendront ici, le plus urgent d’abord.</p>
          </EmptyState>
        )
      }
    </Loaded>
  );
}

function OrdersIn({ state }: { state: string }) {
  const orders = useList("GET /v1/orders", { query: { state } });
  return (
    <ListTable
      of={orders}
      what="Lecture des commandes…"
      caption="Commandes, de la plus ancienne à la plus récente"
      quiet
      one={state === "question" || state === "answered" ? "question" : "commande"}
      keyOf={(order) => order.id}
      empty={<EmptyState title="Aucune commande dans cet état." />}
      columns={[
        { head: "Commande", cell: (order) => <a class="figure" href={orderPath(order.id)}>{shortId(order.id)}</a>, names: true },
        { head: "Établissement", cell: (order) => <SchoolLink uai={order.school} /> },
        { head: "Reçue", cell: (order) => <DateText of={order.received_at} as="moment" /> },
        { head: "État", cell: (order) => <StatusWord table={ORDER_STATES} state={order.state} /> },
        { head: "Motif", cell: (order) => order.decision?.reason || whyOf(order) },
        { head: "SMS", cell: (order) => <Figure of={order.sms} />, right: true },
        { head: "Montant", cell: (order) => <Money amount={order.total_ttc} />, right: true },
      ]}
    />
  );
}
