import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../../../api/client.ts";
import { type Failure, Refusal, failureOf, titleOfAct } from "../../../api/failures.ts";
import { Button } from "../../../components/forms/button.tsx";
import { Actions } from "../../../components/notices/dialog.tsx";
import { Check, Field } from "../../../components/forms/field.tsx";
import { Notice } from "../../../components/notices/notice.tsx";
import { Facts } from "../../../components/page.tsx";
import { DateText, Money } from "../../../components/tables/values.tsx";
import { date, isoDay, shortDate } from "../../../texts/dates.ts";
import { euros } from "../../../texts/numbers.ts";
import { french } from "../../../texts/typography.ts";
import { ActButton } from "../etablissements/decisions/acting.tsx";
import type { Invoice } from "./page.tsx";

interface Given {
  readonly invoice: Invoice;
  readonly done: (words: string) => void;
  readonly close: () => void;
}

/** What is known of one invoice, and what can be recorded about it. */
export function InvoiceActs({ invoice, done, close }: Given) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const path = { number: invoice.number };
  const open = invoice.state === "due" || invoice.state === "overdue";
  const toGiveBack = Number(invoice.refund_due) + Number(invoice.overpaid);
  return (
    <section class="deciding" aria-labelledby="invoice">
      <h2 id="invoice" tabIndex={-1} ref={title}>
        Facture {invoice.number}
      </h2>
      <Facts
        of={[
          ["Émise le", <DateText of={invoice.issued_on} />],
          ["Montant", <span>{french(`${euros(invoice.total_ht)} HT, ${euros(invoice.total_ttc)} TTC`)}</span>],
          ["Reste dû", <Money amount={invoice.rest_due} />],
          Number(invoice.overpaid) > 0 && ["Trop payé", <Money amount={invoice.overpaid} />],
          invoice.received_on !== null && ["Reçue par l’établissement", french(`${date(invoice.received_on)}, ${invoice.reception_reference ?? ""}`)],
          invoice.cancelled_on !== null && ["Annulée", french(`${date(invoice.cancelled_on)}, avoir ${invoice.credit_note ?? "en préparation"} : ${invoice.cancellation_reason ?? ""}`)],
          invoice.replaces !== null && ["Remplace", `la facture ${invoice.replaces}`],
          invoice.reissue_asked_on !== null && ["Remplacée par", invoice.replaced_by === null ? "une nouvelle facture, en préparation" : `la facture ${invoice.replaced_by}`],
          Number(invoice.refund_due) > 0 && ["À rembourser", <Money amount={invoice.refund_due} />],
          invoice.payments.length > 0 && ["Règlements", invoice.payments.map((each) => `${euros(each.amount)} le ${shortDate(each.paid_on)} (${each.reference})`).join(" ; ")],
        ]}
      />
      {open && (
        <>
          <Payment of={RECEIVED} invoice={invoice} expected={invoice.rest_due} done={done} />
          {invoice.received_on === null && <Reception invoice={invoice} done={done} />}
        </>
      )}
      {toGiveBack > 0 && <Payment of={GIVEN_BACK} invoice={invoice} expected={String(toGiveBack)} done={done} />}
      <Actions>
        <Button onClick={close}>Fermer</Button>
        {invoice.state !== "numbered" && (
          <ActButton
            of={{
              title: `Envoyer de nouveau ${invoice.number}`,
              about: `${invoice.state === "cancelled" ? "L’avoir" : "La facture"} repart par messagerie aux gestionnaires de l’établissement. Cinq fois par jour au plus.`,
              button: "Envoyer",
              act: () => call("POST /v1/invoices/{number}/mail", { path, body: {} }),
            }}
            onDone={() => done(`${invoice.state === "cancelled" ? "L’avoir sur la facture" : "La facture"} ${invoice.number} repart par messagerie.`)}
          >
            Envoyer de nouveau…
          </ActButton>
        )}
        {invoice.credit_note !== null && invoice.replaced_by === null && (
          <ActButton
            of={{
              title: `Nouvelle facture à la place de ${invoice.number}`,
              about: `Une nouvelle facture du même montant, ${euros(invoice.total_ttc)} TTC, prend le numéro suivant et part par messagerie. Elle porte le nom, le SIRET et l’adresse enregistrés aujourd’hui pour l’établissement : corrigez-les d’abord s’ils sont faux. Une fois par facture annulée.`,
              button: "Émettre la nouvelle facture",
              act: () => call("POST /v1/invoices/{number}/reissue", { path }),
            }}
            onDone={() => done(`La nouvelle facture à la place de ${invoice.number} part dans quelques instants.`)}
          >
            Émettre une nouvelle facture…
          </ActButton>
        )}
        {open && (
          <ActButton
            of={{
              title: `Avoir sur ${invoice.number}`,
              about: `L’avoir annule toute la facture, ${euros(invoice.total_ttc)} TTC, et part par messagerie. Les SMS restent crédités, les relances cessent. Un avoir ne se reprend pas.`,
              words: { label: "Motif", field: "reason", longest: 1000, hint: "Imprimé sur l’avoir." },
              button: "Émettre l’avoir",
              danger: true,
              act: (reason) => call("POST /v1/invoices/{number}/credit-note", { path, body: { reason } }),
            }}
            onDone={() => done(`L’avoir sur la facture ${invoice.number} est émis.`)}
          >
            Annuler par un avoir…
          </ActButton>
        )}
      </Actions>
    </section>
  );
}

const RECEIVED = { day: "Réglée le", reference: "Référence du règlement", amount: "Montant reçu", button: "Enregistrer le règlement", saved: "Règlement", body: {} };
const GIVEN_BACK = { day: "Remboursé le", reference: "Référence du remboursement", amount: "Montant remboursé", button: "Enregistrer le remboursement", saved: "Remboursement", body: { given_back: true } };

/** A transfer received or given back; without an amount it is the `expected` one. */
function Payment({ of, invoice, expected, done }: Omit<Given, "close"> & { readonly of: typeof RECEIVED | typeof GIVEN_BACK; readonly expected: string }) {
  const [paidOn, setPaidOn] = useState(isoDay(new Date()));
  const [reference, setReference] = useState("");
  const [amount, setAmount] = useState("");
  const [confirmed, setConfirmed] = useState(false);
  const { said, error, failure, save, busy } = useSaving();
  const early = Boolean(paidOn) && paidOn < invoice.issued_on;
  const record = async () => {
    if (!reference.trim()) return said({ reference: "Indiquez la référence du virement : la même ne compte qu’une fois." });
    if (amount.trim() && !/^\d[\d\s]*([.,]\d{1,2})?$/.test(amount.trim())) return said({ amount: "Un montant en euros : 45,00." });
    const body = { ...of.body, paid_on: paidOn, reference: reference.trim(), ...(amount.trim() ? { amount: amount.replace(/\s/g, "").replace(",", ".") } : {}), ...(early && confirmed ? { confirm_before_invoice: true } : {}) };
    await save(
      () => call("POST /v1/invoices/{number}/payment", { path: { number: invoice.number }, body }),
      () => done(`${of.saved} de la facture ${invoice.number} enregistré.`),
    );
  };
  return (
    <form noValidate onSubmit={(event) => (event.preventDefault(), void record())}>
      <div class="search">
        <Field label={of.day} error={error("paid_on")}>
          <input type="date" value={paidOn} onInput={(event) => setPaidOn(event.currentTarget.value)} />
        </Field>
        <Field label={of.reference} error={error("reference")}>
          <input autocomplete="off" maxLength={100} value={reference} onInput={(event) => setReference(event.currentTarget.value)} />
        </Field>
        <Field label={of.amount} error={error("amount")}>
          <input inputMode="decimal" autocomplete="off" placeholder={euros(expected)} value={amount} onInput={(event) => setAmount(event.currentTarget.value)} />
        </Field>
        <Button type="submit" primary busy={busy} busyText="Enregistrement…">
          {of.button}
        </Button>
      </div>
      {early && <Check label="Ce règlement date bien d’avant la facture" checked={confirmed} onChange={setConfirmed} />}
      <Problem failure={failure} />
    </form>
  );
}

function Reception({ invoice, done }: Omit<Given, "close">) {
  const [receivedOn, setReceivedOn] = useState("");
  const [reference, setReference] = useState("");
  const { said, error, failure, save, busy } = useSaving();
  const record = async () => {
    if (!receivedOn) return said({ received_on: "Choisissez le jour." });
    if (!reference.trim()) return said({ reference: "Indiquez le numéro de dépôt, ou une autre preuve." });
    await save(
      () => call("POST /v1/invoices/{number}/reception", { path: { number: invoice.number }, body: { received_on: receivedOn, reference: reference.trim() } }),
      () => done(`Réception de la facture ${invoice.number} enregistrée : l’échéance est 30 jours après.`),
    );
  };
  return (
    <form noValidate onSubmit={(event) => (event.preventDefault(), void record())}>
      <div class="search">
        <Field label="Reçue par l’établissement le" error={error("received_on")}>
          <input type="date" value={receivedOn} onInput={(event) => setReceivedOn(event.currentTarget.value)} />
        </Field>
        <Field label="Numéro de dépôt Chorus Pro, ou preuve" error={error("reference")}>
          <input autocomplete="off" maxLength={100} value={reference} onInput={(event) => setReference(event.currentTarget.value)} />
        </Field>
        <Button type="submit" busy={busy} busyText="Enregistrement…">
          Enregistrer la réception
        </Button>
      </div>
      <Problem failure={failure} />
    </form>
  );
}

/** Save once; what is refused is said beside its field, or below. */
function useSaving() {
  const [own, said] = useState<Readonly<Record<string, string>>>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const error = (field: string) => {
    const words = own[field] ?? (failure instanceof Refusal ? failure.of(field) : undefined);
    return words && french(words);
  };
  const save = async (act: () => Promise<unknown>, then: () => void) => {
    if (busy) return;
    said({});
    setFailure(null);
    setBusy(true);
    try {
      await act();
      then();
    } catch (thrown) {
      setFailure(failureOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return { said, error, failure, save, busy };
}

function Problem({ failure }: { failure: Failure | null }) {
  if (!failure || (failure instanceof Refusal && failure.fields.length > 0)) return null;
  return (
    <Notice kind="bad" title={titleOfAct(failure, "Rien n’a été enregistré")} focus>
      <p>{french(failure.message)}</p>
    </Notice>
  );
}
