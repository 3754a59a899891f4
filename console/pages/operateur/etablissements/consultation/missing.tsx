import { useState } from "preact/hooks";
import { type Answer, call } from "../../../../api/client.ts";
import { type Failure, Refusal, failureOf } from "../../../../api/failures.ts";
import { Button } from "../../../../components/forms/button.tsx";
import { Check, Field } from "../../../../components/forms/field.tsx";
import { MessageLife } from "../../../../components/messages/life.tsx";
import { Notice } from "../../../../components/notices/notice.tsx";
import { FailureState } from "../../../../components/reading/states.tsx";
import { DateText, StatusWord } from "../../../../components/tables/values.tsx";
import type { PageProps } from "../../../../shell/router.ts";
import { date, isoDay, when } from "../../../../texts/dates.ts";
import { count } from "../../../../texts/numbers.ts";
import { MESSAGE_STATUSES, wordOf } from "../../../../texts/statuses.ts";
import { french } from "../../../../texts/typography.ts";
import { giveReason, reasonFor } from "./reason.tsx";
import { SchoolPage } from "../school.tsx";
import { CONSENT_STATES } from "../words.ts";

type Trace = Answer<"GET /v1/schools/{uai}/trace">;
type Life = Trace["messages"][number];

const USUAL_REASON = "Un parent dit ne pas avoir reçu un SMS";

/** Why a parent got nothing: from a number and a day to the answer, on one page. */
export default function MissingPage({ params }: PageProps) {
  const uai = params["uai"]!;
  return <SchoolPage uai={uai}>{() => <Search uai={uai} key={uai} />}</SchoolPage>;
}

interface Asked {
  readonly phone: string;
  readonly day: string;
  readonly reason: string;
  readonly unmask: boolean;
}

function Search({ uai }: { uai: string }) {
  const [asked, setAsked] = useState<Asked>({ phone: "", day: isoDay(new Date()), reason: reasonFor(uai) || USUAL_REASON, unmask: false });
  const [found, setFound] = useState<{ trace: Trace; asked: Asked } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState("");
  const change = (part: Partial<Asked>) => setAsked({ ...asked, ...part });
  const read = async (cursor: string | null) => {
    setBusy(true);
    setFailure(null);
    try {
      const { phone, day, reason, unmask } = asked;
      const query = { phone: phone.trim(), day, reason: reason.trim(), ...(unmask ? { unmask: "true" } : {}), ...(cursor ? { cursor } : {}) };
      const trace = await call("GET /v1/schools/{uai}/trace", { path: { uai }, query });
      giveReason(uai, reason.trim());
      const before = cursor ? found?.trace : null;
      setFound({ trace: before ? { ...trace, messages: [...before.messages, ...trace.messages], refused: [...before.refused, ...trace.refused] } : trace, asked });
    } catch (thrown) {
      setFailure(failureOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const search = (event: Event) => {
    event.preventDefault();
    setFound(null);
    if (!asked.phone.trim()) return setMissing("phone");
    if (!asked.reason.trim()) return setMissing("reason");
    setMissing("");
    void read(null);
  };
  const about = (field: string) => (failure instanceof Refusal ? failure.of(field) : undefined);
  const phoneError = missing === "phone" ? "Indiquez le numéro du parent." : (about("phone") ?? (failure instanceof Refusal && failure.code === "invalid-number" ? failure.message : undefined));
  return (
    <>
      <form class="search" onSubmit={search} noValidate>
        <Field label="Numéro du parent" error={phoneError && french(phoneError)}>
          <input type="tel" autocomplete="off" placeholder="06 12 34 56 78" value={asked.phone} onInput={(event) => change({ phone: event.currentTarget.value })} />
        </Field>
        <Field label="Jour" error={about("day")}>
          <input type="date" value={asked.day} onInput={(event) => change({ day: event.currentTarget.value })} />
        </Field>
        <Field label="Motif" error={missing === "reason" ? "Dites pourquoi vous cherchez." : about("reason")}>
          <input maxLength={1000} value={asked.reason} onInput={(event) => change({ reason: event.currentTarget.value })} />
        </Field>
        <Button type="submit" primary busy={busy} busyText="Recherche…">
          Rechercher
        </Button>
      </form>
      <Check label="Montrer le texte et le numéro en entier (enregistré aussi)" checked={asked.unmask} onChange={(unmask) => change({ unmask })} />
      <p class="hint">Sans jour, toute l’année scolaire est parcourue. La recherche est enregistrée avec votre nom et le motif.</p>
      {failure && !phoneError && <FailureState failure={failure} />}
      {found && <Answered trace={found.trace} asked={found.asked} more={() => read(found.trace.next_cursor)} />}
    </>
  );
}

function Answered({ trace, asked, more }: { trace: Trace; asked: Asked; more: () => Promise<void> }) {
  const nothing = !trace.messages.length && !trace.refused.length;
  const day = asked.day ? `le ${date(asked.day)}` : "de l’année scolaire";
  return (
    <section aria-label="Réponse">
      {nothing ? (
        <Notice kind="attention" title={french(`Aucun SMS n’a été demandé pour ce numéro ${day}`)} focus>
          <p>{asked.day ? "Vérifiez le numéro avec le parent, ou cherchez sans jour. L’établissement ne l’a peut-être pas mis dans sa liste." : "L’établissement ne l’a mis dans aucune liste cette année. Vérifiez le numéro avec le parent."}</p>
        </Notice>
      ) : (
        <Notice title={french([trace.messages.length && count(trace.messages.length, "SMS"), trace.refused.length && count(trace.refused.length, "refus")].filter(Boolean).join(" et ") + ` ${day}`)} focus />
      )}
      <p class="consent-line">
        {trace.consent ? (
          <>
            <StatusWord table={CONSENT_STATES} state={trace.consent.state} />
            {trace.consent.withdrawn_at && <span class="soft"> {when(trace.consent.withdrawn_at)}</span>}
          </>
        ) : (
          <span class="status bad">
            <span class="sign" aria-hidden="true">
              ×
            </span>
            {french("Aucun consentement enregistré : rien ne part vers ce numéro")}
          </span>
        )}
      </p>
      <ul class="lives plain">
        {trace.messages.map((each) => (
          <Traced key={each.message_id} of={each} />
        ))}
        {trace.refused.map((each) => (
          <li key={each.request_id} class="traced">
            <p>
              <span class="status bad">
                <span class="sign" aria-hidden="true">
                  ×
                </span>
                Refusé avant l’envoi
              </span>{" "}
              <DateText of={each.accepted_at} as="moment" />
            </p>
            <p>{french(each.detail)}</p>
          </li>
        ))}
      </ul>
      {trace.next_cursor && (
        <Button onClick={more} busyText="Recherche…">
          Chercher dans les envois plus anciens
        </Button>
      )}
    </section>
  );
}

/** What became of one message, and what to say to the parent. */
function Traced({ of: message }: { of: Life }) {
  const status = wordOf(MESSAGE_STATUSES, message.status);
  return (
    <li class="traced">
      <p>
        <StatusWord table={MESSAGE_STATUSES} state={message.status} />
      </p>
      {message.reason ? (
        <p>
          {french(`${message.reason.text}.`)} <strong>{french(message.reason.advice)}</strong>
        </p>
      ) : (
        status.about && <p>{french(status.about)}</p>
      )}
      {message.text && <blockquote class="letter as-written">{message.text}</blockquote>}
      <MessageLife events={message.events} />
      <p class="hint">
        Envoyé par {message.author}
        {message.client_id && ` (par l’application ${message.client_id})`}, {count(message.sms_count, "SMS")}.
      </p>
    </li>
  );
}
