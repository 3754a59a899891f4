import { useEffect } from "preact/hooks";
import { type Item, call } from "../../api/client.ts";
import { Button } from "../../components/forms/button.tsx";
import { Loaded, useResource } from "../../components/reading/loading.tsx";
import { Page, Section } from "../../components/page.tsx";
import { EmptyState } from "../../components/reading/states.tsx";
import { Table } from "../../components/tables/table.tsx";
import { Figure } from "../../components/tables/values.tsx";
import { clock, when } from "../../texts/dates.ts";
import { number } from "../../texts/numbers.ts";
import { OrdersByDeadline, orderPath } from "./orders.tsx";
import { SchoolLink, schoolPath, useNow } from "./parts.tsx";
import { Tasks } from "./tasks.tsx";
import { UnreachableAddresses } from "./unreachable.tsx";
import { type WaitingOrder, byDeadline } from "./waiting.ts";

type Correction = Item<"GET /v1/corrections">;

/** Orders shown on the first page; the list has all of them. */
const FIRST = 8;
const EACH_MINUTE = 60_000;

/** What waits for the operator today, what is most urgent first. */
export default function OperatorPage() {
  const read = useResource(async (signal) => {
    const orders = async () => [await byDeadline("review", signal), await byDeadline("question", signal)] as const;
    // One after the other of each function, because a second at once would start one more of a cold API.
    const [overview, [reviews, questions], corrections] = await Promise.all([call("GET /v1/overview", { signal }), orders(), call("GET /v1/corrections", { signal })]);
    return { overview, reviews, questions, corrections: corrections.items, at: new Date() };
  });
  useEffect(() => {
    const again = setInterval(() => void read.reload(), EACH_MINUTE);
    return () => clearInterval(again);
  }, [read.reload]);
  return (
    <Page title="À traiter">
      <Loaded of={read} what="Lecture de ce qui attend…">
        {({ overview, reviews, questions, corrections, at }) => (
          <>
            <Tasks overview={overview} corrections={corrections.length} />
            <p class="refreshed soft">
              Lu à {clock(at)}, relu chaque minute. <Button onClick={read.reload}>Relire</Button>
            </p>
            <Section title="Commandes à examiner">
              <Reviews orders={reviews} />
            </Section>
            {questions.length > 0 && (
              <Section title="Questions reçues à l’adresse des commandes">
                <Questions orders={questions} />
              </Section>
            )}
            {overview.unreachable_addresses.items.length > 0 && (
              <div id="adresses">
                <Section title="Adresses qui ne reçoivent plus nos messages">
                  <UnreachableAddresses of={overview.unreachable_addresses.items} />
                </Section>
              </div>
            )}
            {corrections.length > 0 && (
              <div id="corrections">
                <Section title="Corrections de stock à confirmer">
                  <Corrections waiting={corrections} />
                </Section>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Reviews({ orders }: { orders: readonly WaitingOrder[] }) {
  const now = useNow();
  const urgent = orders[0];
  if (!urgent)
    return (
      <EmptyState title="Rien à examiner.">
        <p>Les bons de commande sur lesquels la machine a un doute viendront ici, le plus urgent d’abord.</p>
      </EmptyState>
    );
  return (
    <>
      <OrdersByDeadline orders={orders.slice(0, FIRST)} now={now} />
      <div class="actions">
        <a class="button primary" href={orderPath(urgent.id)}>
          Examiner la plus urgente
        </a>
        {orders.length > FIRST && <a class="button" href="/operateur/commandes">{`Voir les ${number(orders.length)}`}</a>}
      </div>
    </>
  );
}

function Questions({ orders }: { orders: readonly WaitingOrder[] }) {
  return (
    <Table
      caption="Questions sans réponse, la plus ancienne d’abord"
      quiet
      rows={orders}
      keyOf={(order) => order.id}
      columns={[
        { head: "Reçue", cell: (order) => <a href={orderPath(order.id)}>{when(order.received_at)}</a>, names: true },
        { head: "Établissement", cell: (order) => <SchoolLink uai={order.school} /> },
      ]}
    />
  );
}

function Corrections({ waiting }: { waiting: readonly Correction[] }) {
  return (
    <Table
      caption="Corrections de stock, la plus ancienne d’abord"
      quiet
      rows={waiting}
      keyOf={(each) => each.id}
      columns={[
        { head: "Proposée", cell: (each) => <a href={`${schoolPath(each.school)}/decisions`}>{when(each.proposed.at)}</a>, names: true },
        { head: "Établissement", cell: (each) => <SchoolLink uai={each.school} /> },
        { head: "SMS", cell: (each) => <Figure of={each.sms} change />, right: true },
        { head: "Motif", cell: (each) => <span class="breakable">{each.reason}</span> },
        { head: "Par", cell: (each) => <span class="breakable">{each.proposed.by_email ?? each.proposed.by}</span> },
      ]}
    />
  );
}
