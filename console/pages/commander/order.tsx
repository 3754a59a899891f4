import { type Item, call } from "../../api/client.ts";
import { Loaded, useResource } from "../../components/reading/loading.tsx";
import { Notice } from "../../components/notices/notice.tsx";
import { Facts, Page, Section } from "../../components/page.tsx";
import { nextStep } from "../../components/tables/columns.tsx";
import { Count, DateText, Money, StatusWord } from "../../components/tables/values.tsx";
import { settings } from "../../session/settings.ts";
import type { PageProps } from "../../shell/router.ts";
import { count } from "../../texts/numbers.ts";
import { INVOICE_STATES, ORDER_STATES } from "../../texts/statuses.ts";
import { french } from "../../texts/typography.ts";

/** One order: what was ordered, where it stands, what to mend. */
export default function OneOrder({ params }: PageProps) {
  const id = params["id"]!;
  const order = useResource((signal) => call("GET /v1/orders/{id}", { path: { id }, signal }), [id]);
  const packs = useResource((signal) => call("GET /v1/price-list", { signal }));
  const invoices = useResource(async (signal) => (await call("GET /v1/invoices", { signal })).items.filter((each) => each.order_id === id), [id]);
  const invoice = invoices.value?.[0];
  const nameOf = (pack: string) => {
    const sms = packs.value?.find((each) => each.id === pack)?.sms;
    return sms ? `de ${count(sms, "SMS")}` : pack;
  };
  return (
    <Page title={`Commande ${id}`}>
      <p>
        <a href="/commander">Toutes les commandes</a>
      </p>
      <Loaded of={order} what="Lecture de la commande…">
        {(read) => (
          <>
            <Facts
              of={[
                ["État", <StatusWord table={ORDER_STATES} state={read.state} />],
                nextStep(read) !== "" && [read.state === "credited" ? "Créditée" : "Suite", french(nextStep(read))],
                ["Reçue", <DateText of={read.received_at} as="moment" />],
                read.sms > 0 && [
                  "Quantités",
                  french(
                    Object.entries(read.packs)
                      .map(([pack, many]) => `${count(many, "pack")} ${nameOf(pack)}`)
                      .join(", "),
                  ),
                ],
                read.sms > 0 && ["Total", <Count of={read.sms} one="SMS" />],
                !!invoice && ["Prix HT", <Money amount={invoice.total_ht} />],
                !!invoice && ["TVA", <Money amount={invoice.vat} />],
                read.sms > 0 && ["Prix TTC", <Money amount={read.total_ttc} />],
                !!invoice && ["Facture", <InvoiceLine of={invoice} />],
                read.days_off.length > 0 && ["Jours non ouvrés d’ici là", read.days_off.map((each) => each.name).join(", ")],
                read.contract && ["Contrat en vigueur depuis le", <DateText of={read.contract.in_force_from} />],
                !!read.decision?.reason && ["Motif de la décision", french(read.decision.reason)],
              ]}
            />
            {read.reasons.length > 0 && (
              <Section title={read.state === "incomplete" ? "Ce qu’il faut corriger" : "Ce qui a été relevé"}>
                <ul class="reasons">
                  {read.reasons.map((reason) => (
                    <li key={reason.code + (reason.field ?? "")}>
                      <strong>{sentence(reason.detail)}</strong> {sentence(reason.remedy)}
                    </li>
                  ))}
                </ul>
                {read.state === "incomplete" && (
                  <Notice>
                    <p>
                      Un bon incomplet n’engage à rien et n’est pas facturé. Renvoyez le bon corrigé à <a href={`mailto:${settings.order_inbox}`}>{settings.order_inbox}</a>.
                    </p>
                  </Notice>
                )}
              </Section>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function InvoiceLine({ of }: { of: Item<"GET /v1/invoices"> }) {
  return (
    <>
      <span class="figure">{of.number}</span> · <StatusWord table={INVOICE_STATES} state={of.state} />
    </>
  );
}

/** What the API answers without a capital and a full stop, as a sentence. */
function sentence(text: string): string {
  return french(`${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`);
}
