import { useEffect, useState } from "preact/hooks";
import { call } from "../../../api/client.ts";
import { Button } from "../../../components/forms/button.tsx";
import { Check } from "../../../components/forms/field.tsx";
import { Loaded, useResource } from "../../../components/reading/loading.tsx";
import { Notice } from "../../../components/notices/notice.tsx";
import { Facts, Page } from "../../../components/page.tsx";
import { Money, StatusWord } from "../../../components/tables/values.tsx";
import { profile } from "../../../session/profile.ts";
import { type PageProps, navigate } from "../../../shell/router.ts";
import { when } from "../../../texts/dates.ts";
import { count } from "../../../texts/numbers.ts";
import { ORDER_STATES } from "../../../texts/statuses.ts";
import { french } from "../../../texts/typography.ts";
import { orderPath } from "../orders.tsx";
import { Deadline, SchoolLink, schoolNamed, useNow } from "../parts.tsx";
import { byDeadline } from "../waiting.ts";
import { Accepting, Answering, type Outcome, type Prices, Rejecting } from "./decide.tsx";
import { ReceivedForm } from "./document.tsx";
import { type RegisteredSchool, type ReviewedOrder } from "./fields.ts";
import { useKeys } from "./keys.ts";
import { Beside, type Opening, opened, openedBy } from "./openings.tsx";
import { Question } from "./question.tsx";
import { Differences, ReadValues, Reasons } from "./reading.tsx";

/** One order: the form as received, beside it what was read and why it stopped, and the decision. */
export default function ReviewPage({ params }: PageProps) {
  const id = params["id"]!;
  const read = useResource(
    async (signal) => {
      const [order, prices] = await Promise.all([call("GET /v1/orders/{id}", { path: { id }, signal }), call("GET /v1/price-list", { signal })]);
      const [school, openings] = await Promise.all([order.school ? schoolNamed(order.school) : null, opened(order, signal)]);
      return { order, prices, school, openings };
    },
    [id],
  );
  const question = read.value?.order.state === "question" || read.value?.order.state === "answered";
  return (
    <Page title={question ? "Question reçue" : "Examiner une commande"}>
      <p class="back">
        <a href="/operateur/commandes">Toutes les commandes</a>
      </p>
      <Loaded of={read} what="Lecture de la commande…">
        {(found) => found.order.id === id && <Review key={found.order.id} {...found} reload={read.reload} />}
      </Loaded>
    </Page>
  );
}

type Deciding = "none" | "accept" | "reject";

interface ReviewProps {
  readonly order: ReviewedOrder;
  readonly prices: Prices;
  readonly school: RegisteredSchool | null;
  /** By others. */
  readonly openings: readonly Opening[];
  readonly reload: () => Promise<void>;
}

function Review({ order, prices, school, openings, reload }: ReviewProps) {
  const now = useNow();
  const [deciding, setDeciding] = useState<Deciding>("none");
  const [done, setDone] = useState<"own" | "other" | null>(null);
  const [page, setPage] = useState<number | null>(null);
  const [nothingNext, setNothingNext] = useState(false);
  const may = (decision: "accept" | "reject" | "answer") => Boolean(order.decisions?.includes(decision)) && (order.state === "review" || order.state === "question");
  const next = async () => {
    const waiting = await byDeadline(order.state === "question" ? "question" : "review");
    const at = waiting.findIndex((each) => each.id === order.id);
    const found = waiting[at + 1] ?? waiting.find((each) => each.id !== order.id);
    if (found) navigate(orderPath(found.id));
    else setNothingNext(true);
  };
  const outcome: Outcome = {
    decided: () => {
      setDeciding("none");
      setDone("own");
      void reload();
    },
    overtaken: () => {
      setDeciding("none");
      setDone("other");
      void reload();
    },
    close: () => {
      setDeciding("none");
      requestAnimationFrame(() => document.querySelector<HTMLElement>(".decide button")?.focus());
    },
  };
  const keys = useKeys({
    a: () => may("accept") && setDeciding("accept"),
    r: () => may("reject") && setDeciding("reject"),
    n: () => void next(),
  });
  useEffect(() => setNothingNext(false), [order.id]);
  return (
    <>
      {done && <Decided order={order} own={done === "own" || order.decision?.by === profile.value?.sub} next={next} />}
      {nothingNext && (
        <Notice kind="good" title="C’était la dernière" focus>
          <p>
            Aucune autre n’attend. <a href="/operateur">Revenir à ce qui attend</a>
          </p>
        </Notice>
      )}
      {order.decisions?.length ? <Beside openings={openings} now={now} /> : null}
      <div class="review">
        <div class="review-form">
          {order.state === "question" || order.state === "answered" ? <Question order={order} /> : <ReceivedForm order={order} page={page} />}
        </div>
        <div class="review-side">
          <Standing order={order} openings={openings} now={now} />
          {deciding === "none" && (may("accept") || may("reject") || may("answer")) && (
            <div class="decide">
              {order.advice && <p>{french(order.advice)}</p>}
              <div class="actions">
                {may("accept") && (
                  <Button primary onClick={() => setDeciding("accept")}>
                    Accepter… <Key is="A" on={keys.on} />
                  </Button>
                )}
                {may("reject") && (
                  <Button danger onClick={() => setDeciding("reject")}>
                    Refuser… <Key is="R" on={keys.on} />
                  </Button>
                )}
                {may("answer") && <Answering order={order} outcome={outcome} />}
                <Button onClick={next}>
                  Suivante <Key is="N" on={keys.on} />
                </Button>
              </div>
            </div>
          )}
          {deciding === "accept" && <Accepting order={order} prices={prices} outcome={outcome} />}
          {deciding === "reject" && <Rejecting order={order} outcome={outcome} />}
          <Reasons order={order} />
          <Differences order={order} show={setPage} />
          <ReadValues order={order} school={school} />
          {order.state === "review" && <Check label="Décider au clavier : A accepter, R refuser, N suivante" checked={keys.on} onChange={keys.set} />}
        </div>
      </div>
    </>
  );
}

function Key({ is, on }: { is: string; on: boolean }) {
  return on ? <kbd aria-hidden="true">{is}</kbd> : null;
}

function Standing({ order, openings, now }: { order: ReviewedOrder; openings: readonly Opening[]; now: Date }) {
  const open = order.state === "review";
  return (
    <Facts
      of={[
        (order.school !== null || open) && ["Établissement", <SchoolLink uai={order.school} />],
        ["État", <StatusWord table={ORDER_STATES} state={order.state} />],
        open && ["Délai", <Deadline of={order} now={now} />],
        open && order.days_off.length > 0 && ["Jours non comptés", order.days_off.map((each) => `${each.day.split("-").reverse().join("/")} (${each.name})`).join(", ")],
        ["Reçue", when(order.received_at)],
        openings.length > 0 && ["Aussi ouverte par", <span class="breakable">{openings.map(openedBy).join(" ; ")}</span>],
        order.sms > 0 && [
          order.state === "review" ? "Retenu" : "Commande",
          <>
            {count(order.sms, "SMS")}, <Money amount={order.total_ttc} /> TTC
          </>,
        ],
        order.decision && ["Décision", french(`${DECISIONS[order.decision.decision]} par ${order.decision.by === profile.value?.sub ? "vous" : (order.decision.by_email ?? order.decision.by)}, ${when(order.decision.at)}`)],
        Boolean(order.decision?.reason) && ["Motif", french(order.decision!.reason!)],
        ["Numéro", <span class="breakable">{order.id}</span>],
      ]}
    />
  );
}

const DECISIONS = { accept: "Acceptée", reject: "Refusée", answer: "Répondue" } as const;

/** What was decided, by oneself or by a person who was quicker. */
function Decided({ order, own, next }: { order: ReviewedOrder; own: boolean; next: () => Promise<void> }) {
  const decision = order.decision;
  if (!decision) return null;
  const accepted = decision.decision === "accept";
  return (
    <Notice kind={own ? "good" : "attention"} title={own ? WORDS[decision.decision] : "Une autre personne a décidé avant vous"} focus>
      {!own && <p>{french(`${DECISIONS[decision.decision]} par ${decision.by_email ?? decision.by}, ${when(decision.at)}. Votre décision n’a rien changé.`)}</p>}
      {own && accepted && <p>{french(`${count(order.sms, "SMS")} sont crédités ; l’établissement reçoit un message, et sa facture.`)}</p>}
      {own && decision.decision === "reject" && <p>L’établissement reçoit la lettre avec votre motif.</p>}
      <Button onClick={next}>Passer à la suivante</Button>
    </Notice>
  );
}

const WORDS = { accept: "Commande acceptée", reject: "Commande refusée", answer: "Question répondue" } as const;
