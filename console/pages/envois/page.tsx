import { Choice } from "../../components/forms/field.tsx";
import { useList } from "../../components/reading/loading.tsx";
import type { Item } from "../../api/client.ts";
import { Button } from "../../components/forms/button.tsx";
import { Page, Section } from "../../components/page.tsx";
import { EmptyState, FailureState, LoadingState } from "../../components/reading/states.tsx";
import { Table } from "../../components/tables/table.tsx";
import { StatusWord } from "../../components/tables/values.tsx";
import { roles } from "../../session/profile.ts";
import { type PageProps, navigate } from "../../shell/router.ts";
import { count, number } from "../../texts/numbers.ts";
import { clock, dayWord, isoDay, when } from "../../texts/dates.ts";
import { REQUEST_STATES } from "../../texts/statuses.ts";
import { outcome } from "./outcome.ts";
import { unbroken } from "../../texts/typography.ts";

type Listed = Item<"GET /v1/send-requests">;

const FILTERS = [
  { value: "", label: "Tous" },
  { value: "scheduled", label: "Programmés" },
  { value: "accepted", label: "En cours" },
  { value: "finished", label: "Terminés" },
  { value: "cancelled", label: "Annulés" },
] as const;

/** What was sent: one's own requests, or all those of the school for its managers, by day. */
export default function RequestsPage({ query }: PageProps) {
  const state = query.get("etat") ?? "";
  const manages = roles.value.has("sms_manager");
  const requests = useList("GET /v1/send-requests", state ? { query: { state } } : {});
  return (
    <Page title={manages ? "Envois" : "Mes envois"}>
      <div class="filters">
        <Choice legend="Afficher" options={FILTERS} value={state as "" | "scheduled"} onChange={(value) => navigate(value ? `/envois?etat=${value}` : "/envois", { replace: true })} />
      </div>
      {requests.value === undefined ? (
        requests.failure ? (
          <FailureState failure={requests.failure} retry={requests.reload} />
        ) : (
          <LoadingState what="Lecture des envois…" />
        )
      ) : (
        <>
          {!requests.value.length && !requests.failure && <Nothing filtered={state !== ""} />}
          {byDay(requests.value).map(([day, listed]) => (
            <Section title={capital(dayWord(day))} key={day}>
              <Day listed={listed} manages={manages} day={day} />
            </Section>
          ))}
          {requests.failure && <FailureState failure={requests.failure} retry={requests.readMore} />}
          {requests.more && !requests.failure && (
            <Button onClick={requests.readMore} busyText="Lecture…">
              Afficher les envois précédents
            </Button>
          )}
          <p class="unseen" role="status">
            {count(requests.value.length, "envoi")}
          </p>
        </>
      )}
    </Page>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  return (
    <EmptyState title={filtered ? "Aucun envoi dans cet état." : "Aucun envoi pour le moment. Vous suivrez ici chaque message : qui l’a reçu, ce qu’il a coûté."}>
      <p>{filtered ? <a href="/envois">Voir tous les envois</a> : <a href="/ecrire">Écrire le premier message</a>}</p>
    </EmptyState>
  );
}

function Day({ listed, manages, day }: { listed: readonly Listed[]; manages: boolean; day: string }) {
  return (
    <Table
      caption={`Envois, ${dayWord(day)}`}
      quiet
      rows={listed}
      keyOf={(each) => each.id}
      columns={[
        { head: "Heure", cell: (each) => <span class="figure">{clock(each.accepted_at)}</span> },
        {
          head: "Message",
          names: true,
          cell: (each) => (
            <a href={`/envois/${each.id}`} class="message-start">
              {unbroken(each.text_start) || "Message effacé"}
              {each.text_start.length >= 80 && "…"}
            </a>
          ),
        },
        ...(manages ? [{ head: "Par", cell: (each: Listed) => each.author ?? "" }] : []),
        {
          head: "État",
          cell: (each) => (
            <>
              <StatusWord table={REQUEST_STATES} state={each.state} />
              {each.state === "scheduled" && each.send_at && <span class="soft"> pour {when(each.send_at)}</span>}
              {each.state !== "scheduled" && each.state !== "cancelled" && each.totals && <span class="soft outcome"> {outcome(each.totals)}</span>}
            </>
          ),
        },
        { head: "Personnes", cell: (each) => <span class="figure">{number(each.accepted)}</span>, right: true },
        { head: "SMS", cell: (each) => <span class="figure">{number(each.cost_sms)}</span>, right: true },
      ]}
    />
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Requests in the order of the list, each day's together. */
function byDay(listed: readonly Listed[]): readonly (readonly [string, readonly Listed[]])[] {
  const days = new Map<string, Listed[]>();
  for (const each of listed) {
    const day = isoDay(each.accepted_at);
    days.set(day, [...(days.get(day) ?? []), each]);
  }
  return [...days];
}
