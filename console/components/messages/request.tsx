import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Answer, call } from "../../api/client.ts";
import { type Failure, failureOf, mayBeDone, titleOfAct } from "../../api/failures.ts";
import { count, number } from "../../texts/numbers.ts";
import { when } from "../../texts/dates.ts";
import { MESSAGE_STATUSES, REQUEST_STATES, wordOf } from "../../texts/statuses.ts";
import { french } from "../../texts/typography.ts";
import { Button } from "../forms/button.tsx";
import { Actions, Dialog } from "../notices/dialog.tsx";
import { Loaded, useResource } from "../reading/loading.tsx";
import { Notice } from "../notices/notice.tsx";
import { Facts } from "../page.tsx";
import { Progress } from "../notices/progress.tsx";
import { StatusWord } from "../tables/values.tsx";

type Request = Answer<"GET /v1/send-requests/{id}">;

/** Seconds between looks: often while it moves, seldom while receipts are awaited. */
const SOON_MS = 2000;
const LATER_MS = 15_000;
const MOVING_MS = 120_000;
const ORDER = ["queued", "sent", "uncertain", "delivered", "undeliverable", "expired", "failed", "cancelled"];
const OPEN = new Set(["queued", "sent", "uncertain"]);

/** How far a request is, by status in words, looked up again while something may change; and its cancellation. */
export function RequestProgress({ id, children }: { id: string; children?: (read: Request) => ComponentChildren }) {
  const request = useResource((signal) => call("GET /v1/send-requests/{id}", { path: { id }, signal }), [id]);
  const [cancelling, setCancelling] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [cancelled, setCancelled] = useState(false);
  const state = request.value?.state;
  useEffect(() => {
    if (state !== "accepted" && state !== "scheduled") return;
    const begun = Date.now();
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      const pause = Date.now() - begun < MOVING_MS && state === "accepted" ? SOON_MS : LATER_MS;
      timer = setTimeout(async () => {
        if (document.visibilityState === "visible") await request.reload();
        look();
      }, pause);
    };
    look();
    return () => clearTimeout(timer);
  }, [state, id]);
  const cancel = async () => {
    setCancelling(false);
    try {
      await call("DELETE /v1/send-requests/{id}", { path: { id } });
      setCancelled(true);
      setFailure(null);
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
    await request.reload();
  };
  return (
    <Loaded of={request} what="Lecture de l’envoi…">
      {(read) => (
        <>
          {cancelled && (
            <Notice kind="good" title="L’envoi est annulé" focus>
              <p>{french(`Personne ne recevra ce message. ${count(read.cost_sms, "SMS")} ${read.cost_sms < 2 ? "est rendu" : "sont rendus"} au stock.`)}</p>
            </Notice>
          )}
          {failure && (
            <Notice kind="bad" title={titleOfAct(failure, "L’envoi n’a pas pu être annulé")} focus>
              <p>{french(mayBeDone(failure) ? "Le service n’a pas répondu à temps. L’état ci-dessous dit si l’envoi est annulé ; s’il est encore programmé, annulez de nouveau : rien n’est annulé deux fois." : failure.message)}</p>
            </Notice>
          )}
          <Facts
            of={[
              ["État", <StatusWord table={REQUEST_STATES} state={read.state} />],
              ["Destinataires", count(read.accepted, "personne")],
              read.refused > 0 && ["Écarté avant l’envoi", `${count(read.refused, "ligne")}, rien n’est décompté`],
              ["Coût", `${count(read.cost_sms, "SMS")}${read.state === "cancelled" && read.totals["cancelled"] === read.accepted ? `, ${read.cost_sms < 2 ? "rendu" : "rendus"} au stock` : ""}`],
              [read.send_at ? "Programmé pour" : "Envoyé", when(read.send_at ?? read.accepted_at)],
            ]}
          />
          {read.state !== "scheduled" && <Totals of={read} />}
          {read.state === "scheduled" && (
            <Actions>
              <Button danger onClick={() => setCancelling(true)}>
                Annuler cet envoi
              </Button>
            </Actions>
          )}
          {cancelling && (
            <Dialog title="Annuler cet envoi ?" onClose={() => setCancelling(false)}>
              <p>{french(`${count(read.accepted, "personne")} ne ${read.accepted < 2 ? "recevra" : "recevront"} rien, et ${count(read.cost_sms, "SMS")} ${read.cost_sms < 2 ? "revient" : "reviennent"} au stock.`)}</p>
              <Actions>
                <Button onClick={() => setCancelling(false)}>Garder l’envoi</Button>
                <Button danger onClick={cancel} busyText="Annulation…">
                  Annuler l’envoi
                </Button>
              </Actions>
            </Dialog>
          )}
          {children?.(read)}
        </>
      )}
    </Loaded>
  );
}

function Totals({ of }: { of: Request }) {
  const totals: readonly (readonly [string, number])[] = ORDER.flatMap((status) => (of.totals[status] ? [[status, of.totals[status]] as const] : []));
  const done = totals.reduce((sum, [status, many]) => sum + (OPEN.has(status) ? 0 : many), 0);
  const open = totals.filter(([status]) => OPEN.has(status));
  return (
    <div class="totals">
      {of.state !== "cancelled" && <Progress label="Messages arrivés à leur terme" done={done} of={of.accepted} />}
      <ul class="status-list" aria-label="Messages par état">
        {totals.map(([status, many]) => (
          <li key={status}>
            <StatusWord table={MESSAGE_STATUSES} state={status} /> <strong class="figure">{number(many)}</strong>
          </li>
        ))}
      </ul>
      {open.length > 0 && <p class="hint">{french(wordOf(MESSAGE_STATUSES, open[0]![0]).about ?? "")}</p>}
      <p class="unseen" role="status">
        {`${number(done)} sur ${number(of.accepted)}`}
      </p>
    </div>
  );
}
