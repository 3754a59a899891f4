import { useList } from "../../components/reading/loading.tsx";
import { Page } from "../../components/page.tsx";
import { Tabs } from "../../components/notices/progress.tsx";
import { french } from "../../texts/typography.ts";
import { Ledger } from "./ledger.tsx";
import { STOCK_TABS } from "./tabs.ts";

/** Every entry that explains the stock, linked to what caused it. */
export default function JournalPage() {
  const entries = useList("GET /v1/ledger");
  return (
    <Page title="Journal du stock">
      <Tabs label="Stock" tabs={STOCK_TABS} />
      <p>{french("Chaque SMS entré ou sorti, avec sa cause. Rien n’y est jamais modifié : une erreur se répare par une écriture de plus.")}</p>
      <Ledger of={entries} />
    </Page>
  );
}
