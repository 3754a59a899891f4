import { type Answer, call } from "../../api/client.ts";
import { Loaded, useResource } from "../../components/reading/loading.tsx";
import { Page, Section } from "../../components/page.tsx";
import { Contact } from "../../components/reading/states.tsx";
import { profile } from "../../session/profile.ts";
import { settings } from "../../session/settings.ts";
import { count } from "../../texts/numbers.ts";
import { french } from "../../texts/typography.ts";
import { pace, schoolDaysLeft } from "../stock/pace.ts";
import { type Year, readYear } from "../stock/year.ts";
import { Invoices, Orders } from "./lists.tsx";
import { type Pack, type Quantities as Chosen, cheapest } from "./proposal.ts";
import { Quantities } from "./quantities.tsx";

/** Order SMS: the form with its quantities, where to send it, and what became of it. */
export default function OrderPage() {
  const needed = useResource(readNeed);
  return (
    <Page title="Commander des SMS">
      <ol class="ways-to-order">
        <li>
          <h2>Choisir les quantités, télécharger le bon</h2>
          <Loaded of={needed} what="Lecture du stock et des tarifs…">
            {({ packs, proposed, why }) => <Quantities packs={packs} proposed={proposed} why={why} />}
          </Loaded>
        </li>
        <li>
          <h2>Compléter et signer</h2>
          <p>
            Ouvrez le PDF, remplissez les champs restants et faites-le signer par la personne qui engage l’établissement : à l’écran, ou imprimé, signé puis scanné. N’ajoutez rien d’autre : un bon modifié doit être examiné à la main.
          </p>
        </li>
        <li>
          <h2>Envoyer le bon par courriel</h2>
          <p>
            À <a href={`mailto:${settings.order_inbox}`}>{settings.order_inbox}</a>, en pièce jointe
            {profile.value?.email && (
              <>
                , depuis votre adresse <span class="breakable">{profile.value.email}</span>
              </>
            )}
            .
          </p>
          <p>{french("Un courriel confirme la réception. Les SMS sont crédités sous 24 heures ouvrées, souvent dans la minute ; la facture suit. Une commande complète est ferme : elle ne s’annule pas.")}</p>
        </li>
      </ol>
      <Section title="Vos commandes">
        <Orders />
      </Section>
      <Section title="Vos factures">
        <Invoices />
        <p class="hint">
          Une question sur une commande ou une facture ? <Contact />
        </p>
      </Section>
    </Page>
  );
}

interface Need {
  readonly packs: readonly Pack[];
  readonly proposed: Chosen;
  /** How the proposal was found, in French. */
  readonly why: string;
}

async function readNeed(signal: AbortSignal): Promise<Need> {
  const [stock, packs, year] = await Promise.all([call("GET /v1/balance", { signal }), call("GET /v1/price-list", { signal }), readYear(signal)]);
  return { packs, ...proposal(stock, packs, year) };
}

/** What the rest of the year takes at the pace of the last weeks, less what is there. */
function proposal(stock: Answer<"GET /v1/balance">, packs: readonly Pack[], year: Year): Pick<Need, "proposed" | "why"> {
  const daily = pace(year.days);
  if (!daily) return { proposed: {}, why: "Rien n’a été envoyé ces dernières semaines : à vous d’estimer ce qu’il faut." };
  const left = schoolDaysLeft(year.end);
  const need = Math.ceil(daily * left);
  const rest = `Il reste environ ${count(left, "jour")} d’école, soit ${count(need, "SMS")} au rythme des dernières semaines`;
  if (need <= stock.balance) return { proposed: {}, why: `${rest}. Vos ${count(stock.balance, "SMS")} suffisent.` };
  return { proposed: cheapest(packs, need - stock.balance), why: `${rest}. Vous en avez ${count(stock.balance, "SMS").replace(/\D+$/, "")} : voici de quoi finir l’année.` };
}
