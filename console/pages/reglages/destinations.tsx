import { useState } from "preact/hooks";
import { type Answer, call } from "../../api/client.ts";
import { useActs } from "../../components/notices/acts.tsx";
import { Button } from "../../components/forms/button.tsx";
import { Actions, Dialog } from "../../components/notices/dialog.tsx";
import { Loaded, useResource } from "../../components/reading/loading.tsx";
import { Page, Section } from "../../components/page.tsx";
import { Tabs } from "../../components/notices/progress.tsx";
import { Contact, EmptyState } from "../../components/reading/states.tsx";
import { Table } from "../../components/tables/table.tsx";
import { countryName } from "../../texts/countries.ts";
import { count } from "../../texts/numbers.ts";
import { french } from "../../texts/typography.ts";
import { SETTINGS_TABS } from "./tabs.ts";

type Destinations = Answer<"GET /v1/destinations">;
type Tariff = NonNullable<Destinations["tariff"]>;

/** The numbers that every French school writes to, at one SMS each. */
const HOME: ReadonlySet<string> = new Set(["FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF"]);

/** Countries that the school writes to, at what cost, and what the operator offers it to accept. */
export default function DestinationsPage() {
  const read = useResource((signal) => call("GET /v1/destinations", { signal }));
  const { act, notice } = useActs(read.reload, "Rien n’a été accepté");
  const accept = (version: number) => act(() => call("POST /v1/destinations/acceptance", { body: { version } }), "Ces destinations sont acceptées : vous pouvez y écrire dès maintenant.");
  return (
    <Page title="Pays de destination" intro="Les pays où votre établissement peut écrire, et ce qu’un SMS y prend sur le stock.">
      <Tabs label="Réglages" tabs={SETTINGS_TABS} />
      {notice}
      <Loaded of={read} what="Lecture des pays de destination…">
        {(found) => (
          <>
            {found.version !== 0 && found.version !== found.accepted_version && <Offer of={found} accept={accept} reload={read.reload} />}
            <Section title="En vigueur">
              <InForce of={found} />
            </Section>
            <Section title="Un autre pays ?">
              <p>
                Kosmos autorise les pays un à un, avec leur tarif, et votre établissement l’accepte ici : <Contact />
              </p>
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** What the operator offers: words and prices beside the multipliers, accepted as a whole. */
function Offer({ of, accept, reload }: { of: Destinations; accept: (version: number) => Promise<boolean>; reload: () => Promise<void> }) {
  const [asking, setAsking] = useState(false);
  const rows = Object.entries(of.destinations).map(([code, { multiplier }]) => ({ code, multiplier }));
  const go = async () => {
    const done = await accept(of.version);
    setAsking(false);
    if (!done) await reload(); // the offer may be another one by now
  };
  return (
    <Section title="À accepter">
      <p>{french(`Kosmos propose ces pays à votre établissement${of.sending_country ? `, qui envoie depuis : ${countryName(of.sending_country)}` : ""}. Rien n’y part tant qu’un gestionnaire SMS n’a pas accepté.`)}</p>
      <Table
        caption="Pays proposés"
        quiet
        rows={rows}
        keyOf={(row) => row.code}
        columns={[
          { head: "Pays", cell: (row) => countryName(row.code), names: true },
          { head: "Pris sur le stock", cell: (row) => perSms(row.multiplier) },
          { head: "Prix HT par SMS", cell: (row) => price(of.tariff, row.code) },
          { head: "Aujourd’hui", cell: (row) => today(of, row.code) },
        ]}
      />
      <Terms of={of.tariff} />
      <Actions>
        <Button primary onClick={() => setAsking(true)}>
          Accepter ce tarif…
        </Button>
      </Actions>
      {asking && (
        <Dialog title={french("Accepter ce tarif ?")} onClose={() => setAsking(false)}>
          <p>Pour votre établissement, vous acceptez ces pays, leurs décomptes et leur tarif :</p>
          <ul>
            {rows.map((row) => (
              <li key={row.code}>{french(`${countryName(row.code)} : ${perSms(row.multiplier)}${of.tariff?.prices[row.code] ? `, ${price(of.tariff, row.code)} HT` : ""}`)}</li>
            ))}
          </ul>
          <p>Ils valent aussitôt pour tous les envois. L’acceptation est enregistrée avec votre identifiant, sa date et ce tarif.</p>
          <Actions>
            <Button onClick={() => setAsking(false)}>Revenir</Button>
            <Button primary onClick={go} busyText="Enregistrement…">
              Accepter
            </Button>
          </Actions>
        </Dialog>
      )}
    </Section>
  );
}

function InForce({ of }: { of: Destinations }) {
  const rows = Object.entries(of.in_force).map(([code, { multiplier }]) => ({ code, multiplier }));
  // Where a school writes at home, one row says so for all of it.
  const atHome = rows.filter((row) => HOME.has(row.code) && row.multiplier === 1 && !of.accepted_tariff?.prices[row.code]);
  const shown = atHome.length === HOME.size ? [atHome.find((row) => row.code === "FR")!, ...rows.filter((row) => !atHome.includes(row))] : rows;
  if (rows.length === 0)
    return (
      <EmptyState title="Aucun pays pour le moment.">
        <p>Votre établissement écrira une fois accepté le tarif du pays d’où il envoie.</p>
      </EmptyState>
    );
  return (
    <>
      <Table
        caption="Pays en vigueur"
        quiet
        rows={shown}
        keyOf={(row) => row.code}
        columns={[
          { head: "Pays", cell: (row) => (shown !== rows && row.code === "FR" ? "France et outre-mer" : countryName(row.code)), names: true },
          { head: "Pris sur le stock", cell: (row) => perSms(row.multiplier) },
          { head: "Prix HT par SMS", cell: (row) => price(of.accepted_tariff, row.code) || "celui du pack" },
        ]}
      />
      <Terms of={of.accepted_tariff} />
    </>
  );
}

function Terms({ of }: { of: Tariff | null }) {
  return of?.text ? (
    <>
      <h3>Les mots du tarif</h3>
      <p class="as-written">{of.text}</p>
    </>
  ) : null;
}

function perSms(multiplier: number): string {
  return french(`${count(multiplier, "SMS")} par SMS envoyé`);
}

/** As the operator gave it, to the last decimal: `0,0825 €`. */
function price(tariff: Tariff | null, code: string): string {
  const given = tariff?.prices[code];
  return given ? french(`${given.replace(".", ",")} €`) : "";
}

function today(of: Destinations, code: string): string {
  const now = of.in_force[code];
  return now ? perSms(now.multiplier) : "aucun envoi";
}
