import { useState } from "preact/hooks";
import { call } from "../../api/client.ts";
import { Download } from "../../components/files/download.tsx";
import { count } from "../../texts/numbers.ts";
import { french } from "../../texts/typography.ts";
import { Count, Money } from "../../components/tables/values.tsx";
import { MOST, type Pack, type Quantities, priceOf, smsOf } from "./proposal.ts";

/** How many of each pack, begun with what is proposed; the form is downloaded with them filled in. */
export function Quantities({ packs, proposed, why }: { packs: readonly Pack[]; proposed: Quantities; why: string }) {
  const [given, setGiven] = useState<Readonly<Record<string, string>>>(() => Object.fromEntries(packs.map((pack) => [pack.id, String(proposed[pack.id] ?? 0)])));
  const wrong = packs.filter((pack) => !/^\d{0,3}$/.test((given[pack.id] ?? "").trim()));
  const quantities = Object.fromEntries(packs.map((pack) => [pack.id, wrong.includes(pack) ? 0 : Number(given[pack.id])]));
  const chosen = Object.entries(quantities).filter(([, many]) => many > 0);
  return (
    <>
      <p>{french(why)}</p>
      <ul class="packs" aria-label="Quantités">
        {packs.map((pack) => (
          <li key={pack.id}>
            <label for={`pack-${pack.id}`}>
              {french(`Pack de ${count(pack.sms, "SMS")}`)}
              <span class="soft">
                <Money amount={pack.price_ht} /> HT
              </span>
            </label>
            <input
              id={`pack-${pack.id}`}
              inputMode="numeric"
              autocomplete="off"
              value={given[pack.id] ?? ""}
              aria-invalid={wrong.includes(pack) ? "true" : undefined}
              aria-describedby={wrong.includes(pack) ? `pack-${pack.id}-error` : undefined}
              onInput={(event) => setGiven({ ...given, [pack.id]: event.currentTarget.value })}
            />
            {wrong.includes(pack) && (
              <p class="error" id={`pack-${pack.id}-error`}>
                {french(`! Un nombre entier, ${MOST} au plus.`)}
              </p>
            )}
          </li>
        ))}
      </ul>
      <p role="status">
        {chosen.length > 0 ? (
          <>
            <strong>
              <Count of={smsOf(packs, quantities)} one="SMS" />
            </strong>
            {french(" pour ")}
            <strong>
              <Money amount={priceOf(packs, quantities)} /> hors taxes
            </strong>
            . <span class="soft">La TVA de votre établissement s’y ajoute sur le bon.</span>
          </>
        ) : (
          <span class="soft">Sans quantité ici, vous les écrirez sur le bon.</span>
        )}
      </p>
      {chosen.length > 0 ? (
        <Download
          primary
          name="bon-de-commande-sms.pdf"
          read={() => call("GET /v1/order-form", { query: Object.fromEntries(chosen.map(([pack, many]) => [pack, String(many)])) })}
        >
          Télécharger le bon de commande
        </Download>
      ) : (
        <Download primary name="bon-de-commande-sms.pdf" read={() => call("GET /v1/order-form")}>
          Télécharger le bon, quantités à remplir
        </Download>
      )}
    </>
  );
}
