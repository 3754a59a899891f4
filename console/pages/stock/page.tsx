import { type Answer, call } from "../../api/client.ts";
import { Loaded, useList, useResource } from "../../components/reading/loading.tsx";
import { Facts, Page, Section } from "../../components/page.tsx";
import { Tabs } from "../../components/notices/progress.tsx";
import { Table } from "../../components/tables/table.tsx";
import { Count, DateText, Figure } from "../../components/tables/values.tsx";
import { isoDay } from "../../texts/dates.ts";
import { count, number } from "../../texts/numbers.ts";
import { french } from "../../texts/typography.ts";
import { Curve } from "./curve.tsx";
import { LastEntries, NoMovement } from "./ledger.tsx";
import { type Usage, pace } from "./pace.ts";
import { STOCK_TABS } from "./tabs.ts";
import { readYear } from "./year.ts";

const LAST = 8;
/** School days of a year: beyond, a pace of some weeks says nothing. */
const A_YEAR = 180;

/** How many SMS the school has left, how long they last, and where they went. */
export default function StockPage() {
  const balance = useResource((signal) => call("GET /v1/balance", { signal }));
  const year = useResource(readYear);
  const entries = useList("GET /v1/ledger");
  return (
    <Page title="Stock de SMS">
      <Tabs label="Stock" tabs={STOCK_TABS} />
      <Loaded of={balance} what="Lecture du stock…">
        {(stock) => (
          <>
            <p class="big">
              <Count of={stock.balance} one="SMS" />
            </p>
            <Lasting stock={stock} days={year.value?.days} />
            <Section title="L’année scolaire">
              <Loaded of={year} what="Lecture des mouvements de l’année…">
                {({ days, start, end }) => (days.length ? <Year stock={stock} days={days} start={start} end={end} /> : <NoMovement />)}
              </Loaded>
            </Section>
          </>
        )}
      </Loaded>
      {(entries.failure || (entries.value?.length ?? 0) > 0) && (
        <Section title="Derniers mouvements">
          <Loaded of={entries} what="Lecture du journal…">
            {(all) => (
              <>
                <LastEntries of={all} most={LAST} />
                <p>
                  <a href="/stock/journal">Tout le journal</a>
                </p>
              </>
            )}
          </Loaded>
        </Section>
      )}
    </Page>
  );
}

type Stock = Answer<"GET /v1/balance">;

/** How long it lasts at the pace of the last weeks, and until when it may. */
function Lasting({ stock, days }: { stock: Stock; days: readonly Usage[] | undefined }) {
  const daily = days && pace(days);
  return (
    <Facts
      of={[
        !!daily && ["De quoi tenir", <strong>{lasting(stock.balance / daily)}</strong>],
        daily !== undefined && [
          "Rythme des dernières semaines",
          daily ? french(`${daily < 1 ? "moins de 1" : number(Math.round(daily))} SMS par jour d’école, semaines sans envoi non comprises`) : "rien n’a été envoyé depuis huit semaines",
        ],
        ["Utilisables jusqu’au", <DateText of={stock.subscription_end} />],
        [
          "Alerte de niveau bas",
          <>
            à <Count of={stock.low_balance_threshold} one="SMS" />
            {stock.balance <= stock.low_balance_threshold && (
              <>
                {french(", atteinte : ")}
                <a href="/commander">commander des SMS</a>
              </>
            )}
          </>,
        ],
      ]}
    />
  );
}

function lasting(days: number): string {
  return days > A_YEAR ? "plus d’une année scolaire" : french(`environ ${count(Math.floor(days), "jour")} d’école`);
}

function Year({ stock, days, start, end }: { stock: Stock; days: readonly Usage[]; start: string; end: string }) {
  return (
    <>
      <Curve days={days} start={start} end={end} today={isoDay(new Date())} low={stock.low_balance_threshold} />
      <details class="behind">
        <summary>Les chiffres de la courbe, jour par jour</summary>
        <Table
          caption="Stock de chaque jour qui a eu un mouvement, du plus récent au plus ancien"
          quiet
          rows={[...days].reverse()}
          keyOf={(each) => each.day}
          columns={[
            { head: "Jour", cell: (each) => <DateText of={each.day} as="short" />, names: true },
            { head: "Crédits", cell: (each) => <Figure of={each.credit} change />, right: true },
            { head: "Envois", cell: (each) => <Figure of={each.debit} change />, right: true },
            { head: "Rendus", cell: (each) => <Figure of={each.release} change />, right: true },
            { head: "Autres", cell: (each) => <Figure of={each.correction + each.forfeiture} change />, right: true },
            { head: "Stock le soir", cell: (each) => <Figure of={each.balance} />, right: true },
          ]}
        />
      </details>
    </>
  );
}
