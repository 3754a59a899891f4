import { useEffect, useRef, useState } from "preact/hooks";
import { type Answer, call } from "../../../api/client.ts";
import { type Failure, Refusal, failureOf, mayBeDone, titleOfAct } from "../../../api/failures.ts";
import { Button } from "../../../components/forms/button.tsx";
import { Actions } from "../../../components/notices/dialog.tsx";
import { Field } from "../../../components/forms/field.tsx";
import { Notice } from "../../../components/notices/notice.tsx";
import { count, euros, number } from "../../../texts/numbers.ts";
import { french } from "../../../texts/typography.ts";
import { type ReviewedOrder, packsOf } from "./fields.ts";
import { proposedReasons, rejectionLetter } from "./letter.ts";

export type Prices = Answer<"GET /v1/price-list">;

/** What a decision's form gives back: the order as it stands now, or that another person was quicker. */
export interface Outcome {
  readonly decided: (order: Answer<"POST /v1/orders/{id}/decision">) => void;
  readonly overtaken: () => void;
  readonly close: () => void;
}

/** Decide once: what fails is said here, and who was slower than another person is shown what that one decided. */
function useDecision({ order, outcome }: { order: ReviewedOrder; outcome: Outcome }) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const decide = async (body: Parameters<typeof call<"POST /v1/orders/{id}/decision">>[1]["body"]) => {
    setFailure(null);
    try {
      outcome.decided(await call("POST /v1/orders/{id}/decision", { path: { id: order.id }, body }));
    } catch (thrown) {
      const failed = failureOf(thrown);
      if (failed instanceof Refusal && failed.code === "order-not-in-review") outcome.overtaken();
      else setFailure(failed);
    }
  };
  return { failure, decide };
}

/** Accept, with the quantities that stand on the form. */
export function Accepting({ order, prices, outcome }: { order: ReviewedOrder; prices: Prices; outcome: Outcome }) {
  const packs = packsOf(order, prices);
  const [quantities, setQuantities] = useState<Readonly<Record<string, string>>>(() => Object.fromEntries(packs.map((pack) => [pack.id, pack.read ? String(pack.read) : ""])));
  const [service, setService] = useState(order.read?.["service_code"] ?? "");
  const [engagement, setEngagement] = useState(order.read?.["engagement_number"] ?? "");
  const [error, setError] = useState("");
  const { failure, decide } = useDecision({ order, outcome });
  const form = useFirstFocus();
  const asked = packs.map((pack) => ({ ...pack, quantity: /^\d+$/.test(quantities[pack.id]!.trim()) ? Number(quantities[pack.id]) : quantities[pack.id]!.trim() ? NaN : 0 }));
  const wrong = asked.find((pack) => Number.isNaN(pack.quantity));
  const sms = asked.reduce((sum, pack) => sum + (pack.sms ?? 0) * (pack.quantity || 0), 0);
  const ht = asked.reduce((sum, pack) => sum + Number(prices.find((each) => each.id === pack.id)?.price_ht ?? 0) * (pack.quantity || 0), 0);
  const accept = async () => {
    if (wrong) return setError("Une quantité est un nombre entier, en chiffres.");
    const chosen = Object.fromEntries(asked.filter((pack) => pack.quantity > 0).map((pack) => [pack.id, pack.quantity]));
    if (!Object.keys(chosen).length) return setError("Indiquez au moins un pack. Si la commande n’en porte aucun, refusez-la.");
    setError("");
    await decide({ decision: "accept", packs: chosen, ...(service.trim() && { service_code: service.trim() }), ...(engagement.trim() && { engagement_number: engagement.trim() }) });
  };
  return (
    <form class="deciding" ref={form} noValidate aria-labelledby="accepting" onSubmit={(event) => event.preventDefault()} onKeyDown={(event) => event.key === "Escape" && outcome.close()}>
      <h2 id="accepting">Accepter avec ces quantités</h2>
      {Boolean(order.alterations?.length) && (
        <p class="status attention">
          <span class="sign" aria-hidden="true">
            !
          </span>
          <span>Ce bon n’est pas celui qui a été émis : vérifiez chaque quantité sur le document avant d’accepter.</span>
        </p>
      )}
      <div class="pack-quantities">
      {asked.map((pack) => (
        <Field key={pack.id} label={french(pack.label)} {...(pack.read ? { hint: french(`Retenu par le service : ${number(pack.read)}`) } : {})} error={Number.isNaN(pack.quantity) ? "Un nombre entier, en chiffres." : undefined}>
          <input inputMode="numeric" autocomplete="off" value={quantities[pack.id]} onInput={(event) => setQuantities({ ...quantities, [pack.id]: event.currentTarget.value })} />
        </Field>
      ))}
      </div>
      <details>
        <summary>Code service et numéro d’engagement, pour la facture</summary>
        <Field label="Code service" optional error={of(failure, "service_code")}>
          <input maxLength={100} value={service} onInput={(event) => setService(event.currentTarget.value)} />
        </Field>
        <Field label="Numéro d’engagement" optional error={of(failure, "engagement_number")}>
          <input maxLength={100} value={engagement} onInput={(event) => setEngagement(event.currentTarget.value)} />
        </Field>
      </details>
      <p>
        {french(`${count(sms, "SMS")} seront crédités aussitôt, et la facture part : ${euros(ht)} HT aux prix publiés ; ceux du bon font foi. L’établissement en est averti. Une commande acceptée ne se reprend pas.`)}
      </p>
      <Problem error={error} failure={failure} />
      <Actions>
        <Button onClick={outcome.close}>Revenir</Button>
        <Button primary type="submit" onClick={accept} busyText="Acceptation…">
          {`Accepter ${count(sms, "SMS")}`}
        </Button>
      </Actions>
    </form>
  );
}

const OWN = "own";

/** Refuse, with a reason; the letter to the school is shown before it goes. */
export function Rejecting({ order, outcome }: { order: ReviewedOrder; outcome: Outcome }) {
  const reasons = proposedReasons(order.reasons.map((each) => each.code));
  const [chosen, setChosen] = useState("");
  const [own, setOwn] = useState("");
  const [error, setError] = useState("");
  const { failure, decide } = useDecision({ order, outcome });
  const form = useFirstFocus();
  const reason = (chosen === OWN ? own : chosen).trim();
  const reject = async () => {
    if (!reason) return setError(chosen === OWN ? "Écrivez le motif : l’établissement le lira tel quel." : "Choisissez un motif, ou écrivez-le : l’établissement le lira tel quel.");
    setError("");
    await decide({ decision: "reject", reason });
  };
  return (
    <form class="deciding" ref={form} noValidate aria-labelledby="rejecting" onSubmit={(event) => event.preventDefault()} onKeyDown={(event) => event.key === "Escape" && outcome.close()}>
      <h2 id="rejecting">Refuser, avec ce motif</h2>
      <Field label="Motif" error={chosen === OWN ? undefined : error || undefined}>
        <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
          <option value="">Choisir…</option>
          {reasons.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
          <option value={OWN}>Écrire un autre motif</option>
        </select>
      </Field>
      {chosen === OWN && (
        <Field label="Votre motif" hint="En une ou deux phrases : ce qui ne va pas, et ce que l’établissement peut faire." error={error || of(failure, "reason")}>
          <textarea rows={3} maxLength={1000} value={own} onInput={(event) => setOwn(event.currentTarget.value)} />
        </Field>
      )}
      <p class="letter-title">{order.school ? "La lettre que l’établissement recevra" : "La lettre, si l’expéditeur peut recevoir une réponse"}</p>
      <blockquote class="letter" aria-live="polite">
        <p class="soft">Objet : Bon de commande refusé</p>
        {rejectionLetter(order.school ? order.id : null, reason).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </blockquote>
      <Problem error="" failure={failure} />
      <Actions>
        <Button onClick={outcome.close}>Revenir</Button>
        <Button danger onClick={reject} busyText="Refus…">
          Refuser et envoyer la lettre
        </Button>
      </Actions>
    </form>
  );
}

/** A question that came to the order inbox: answered by mail, then marked as such. */
export function Answering({ order, outcome }: { order: ReviewedOrder; outcome: Outcome }) {
  const { failure, decide } = useDecision({ order, outcome });
  return (
    <>
      <Problem error="" failure={failure} />
      <Button primary onClick={() => decide({ decision: "answer" })} busyText="Enregistrement…">
        Marquer comme répondue
      </Button>
    </>
  );
}

function Problem({ error, failure }: { error: string; failure: Failure | null }) {
  if (!error && !failure) return null;
  return (
    <Notice kind="bad" title={error ? "Il manque quelque chose" : mayBeDone(failure!) ? titleOfAct(failure!, "") : "Rien n’a été décidé"} focus>
      <p>{french(error || failure!.message)}</p>
    </Notice>
  );
}

function of(failure: Failure | null, field: string): string | undefined {
  return failure instanceof Refusal ? failure.of(field) : undefined;
}

/** The first control that holds something gets the focus when the form opens, or the first of all. */
function useFirstFocus() {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const controls = [...(form.current?.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select") ?? [])];
    (controls.find((each) => each.value) ?? controls[0])?.focus();
  }, []);
  return form;
}
