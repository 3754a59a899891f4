import { useEffect } from "preact/hooks";
import { type Answer, call } from "../../../api/client.ts";
import { Button } from "../../../components/forms/button.tsx";
import { Loaded, useResource } from "../../../components/reading/loading.tsx";
import { Notice } from "../../../components/notices/notice.tsx";
import { Page, Section } from "../../../components/page.tsx";
import { EmptyState } from "../../../components/reading/states.tsx";
import { Table } from "../../../components/tables/table.tsx";
import { Figure } from "../../../components/tables/values.tsx";
import { clock, dayWord } from "../../../texts/dates.ts";
import { count, number, percent } from "../../../texts/numbers.ts";
import { PROVIDERS } from "../../../texts/statuses.ts";
import { french } from "../../../texts/typography.ts";

type Hour = Answer<"GET /v1/overview">["providers"][number];

const EACH_MINUTE = 60_000;
const MESSAGES_A_PAGE = 50;
/** Below so many of a hundred one looks closer. */
const WORRYING = 90;
/** Of fewer handoffs or receipts no rate says anything. */
const FEW = 10;

/** How sending goes: what each provider took and delivered in the last hours, and what waits. */
export default function HealthPage() {
  const read = useResource(async (signal) => ({ overview: await call("GET /v1/overview", { signal }), at: new Date() }));
  useEffect(() => {
    const again = setInterval(() => void read.reload(), EACH_MINUTE);
    return () => clearInterval(again);
  }, [read.reload]);
  return (
    <Page title="État du service" intro="Si les SMS partent, et par qui, ces dernières heures.">
      <Loaded of={read} what="Lecture de l’état du service…">
        {({ overview, at }) => (
          <>
            <p class="big">{overview.pages_waiting ? french(`≈ ${number(overview.pages_waiting * MESSAGES_A_PAGE)}`) : "0"}</p>
            <p>
              {overview.pages_waiting
                ? french(`messages attendent d’être remis à un prestataire, au plus (${count(overview.pages_waiting, "lot")} de ${MESSAGES_A_PAGE}).`)
                : "message en attente : la file est vide."}
            </p>
            <Verdict hours={overview.providers} />
            <p class="refreshed soft">
              Lu à {clock(at)}, relu chaque minute. <Button onClick={read.reload}>Relire</Button>
            </p>
            <Section title="Prestataires, ces dernières heures">
              <Providers hours={overview.providers} />
            </Section>
            <Section title="Heure par heure">
              <Hours hours={overview.providers} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface Total extends Hour {
  readonly asked: number;
  readonly answered: number;
}

function totals(hours: readonly Hour[]): readonly Total[] {
  const names = [...new Set(hours.map((each) => each.provider))].sort();
  return names.map((provider) => {
    const own = hours.filter((each) => each.provider === provider);
    const sum = (of: keyof Omit<Hour, "provider" | "hour">) => own.reduce((all, each) => all + each[of], 0);
    const parts = { accepted: sum("accepted"), refused: sum("refused"), unavailable: sum("unavailable"), uncertain: sum("uncertain"), delivered: sum("delivered"), undeliverable: sum("undeliverable"), expired: sum("expired") };
    return { provider, hour: own[0]!.hour, ...parts, asked: parts.accepted + parts.refused + parts.unavailable + parts.uncertain, answered: parts.delivered + parts.undeliverable + parts.expired };
  });
}

function Verdict({ hours }: { hours: readonly Hour[] }) {
  const worrying = totals(hours).filter((each) => (each.asked >= FEW && (100 * each.accepted) / each.asked < WORRYING) || (each.answered >= FEW && (100 * each.delivered) / each.answered < WORRYING));
  if (!worrying.length) return null;
  return (
    <Notice kind="attention" title={french(`À regarder : ${worrying.map((each) => nameOf(each.provider)).join(", ")}`)}>
      <p>{french(`Moins de ${WORRYING} % des messages sont acceptés ou reçus. Les envois passent d’eux-mêmes par un autre prestataire s’il y en a un. Voyez si celui-ci annonce un incident.`)}</p>
    </Notice>
  );
}

function Providers({ hours }: { hours: readonly Hour[] }) {
  const rows = totals(hours);
  if (!rows.length) return <EmptyState title="Aucun message n’est parti ces dernières heures." />;
  return (
    <Table
      caption="Prestataires, ces dernières heures"
      quiet
      rows={rows}
      keyOf={(row) => row.provider}
      columns={[
        { head: "Prestataire", cell: (row) => nameOf(row.provider), names: true },
        { head: "Remis", cell: (row) => <Figure of={row.asked} />, right: true },
        { head: "Acceptés", cell: (row) => (row.asked ? percent(row.accepted, row.asked) : "–"), right: true },
        { head: "Accusés", cell: (row) => <Figure of={row.answered} />, right: true },
        { head: "Reçus", cell: (row) => (row.answered ? percent(row.delivered, row.answered) : "–"), right: true },
        { head: "Sans réponse", cell: (row) => <Figure of={row.uncertain} />, right: true },
      ]}
    />
  );
}

function Hours({ hours }: { hours: readonly Hour[] }) {
  if (!hours.length) return <EmptyState title="Rien à montrer pour le moment." />;
  return (
    <Table
      caption="Heure par heure, la plus récente d’abord"
      quiet
      rows={[...hours].reverse()}
      keyOf={(row) => `${row.provider} ${row.hour}`}
      columns={[
        { head: "Heure", cell: (row) => `${dayWord(row.hour)}, ${clock(row.hour)}`, names: true },
        { head: "Prestataire", cell: (row) => nameOf(row.provider) },
        { head: "Acceptés", cell: (row) => <Figure of={row.accepted} />, right: true },
        { head: "Refusés", cell: (row) => <Figure of={row.refused} />, right: true },
        { head: "Indisponible", cell: (row) => <Figure of={row.unavailable} />, right: true },
        { head: "Sans réponse", cell: (row) => <Figure of={row.uncertain} />, right: true },
        { head: "Reçus", cell: (row) => <Figure of={row.delivered} />, right: true },
        { head: "Injoignables", cell: (row) => <Figure of={row.undeliverable} />, right: true },
        { head: "Expirés", cell: (row) => <Figure of={row.expired} />, right: true },
      ]}
    />
  );
}

function nameOf(provider: string): string {
  return PROVIDERS[provider] ?? provider;
}
