import { useState } from "preact/hooks";
import { call } from "../../../../api/client.ts";
import { useList } from "../../../../components/reading/loading.tsx";
import { Notice } from "../../../../components/notices/notice.tsx";
import { Facts, Section } from "../../../../components/page.tsx";
import { EmptyState } from "../../../../components/reading/states.tsx";
import { ListTable } from "../../../../components/tables/table.tsx";
import { DateText } from "../../../../components/tables/values.tsx";
import type { PageProps } from "../../../../shell/router.ts";
import { date, when } from "../../../../texts/dates.ts";
import { french } from "../../../../texts/typography.ts";
import { schoolPath } from "../../parts.tsx";
import { type Act, ActButton } from "./acting.tsx";
import { Corrections } from "./corrections.tsx";
import { type School, SchoolPage } from "../school.tsx";
import { ACTS } from "../words.ts";

/** What the operator decides about a school, what was decided, and who looked at it. */
export default function DecisionsPage({ params }: PageProps) {
  const uai = params["uai"]!;
  return <SchoolPage uai={uai}>{(school, reload) => <Decisions school={school} reload={reload} />}</SchoolPage>;
}

function Decisions({ school, reload }: { school: School; reload: () => Promise<void> }) {
  const uai = school.uai;
  const [done, setDone] = useState<{ title: string; times: number } | null>(null);
  const finished = (title: string) => {
    setDone({ title, times: (done?.times ?? 0) + 1 });
    void reload();
  };
  const notice = school.formal_notice;
  const inForce = Boolean(notice && !notice.lifted_at);
  const ended = school.state === "terminated";
  return (
    <>
      {done && <Notice key={done.times} kind="good" title={done.title} focus />}
      {ended && (
        <Notice kind="bad" title="Cet établissement est résilié">
          <p>Il n’envoie plus rien et ne commande plus. Une résiliation ne se reprend pas.</p>
        </Notice>
      )}
      {!ended && (
        <Section title="Envois">
          <p>{school.state === "suspended" ? "Les envois sont suspendus : rien n’est accepté." : "L’établissement envoie et commande normalement."}</p>
          {school.state === "suspended" ? (
            <ActButton of={resumption(uai)} onDone={finished} primary>
              Lever la suspension…
            </ActButton>
          ) : (
            <ActButton of={suspension(uai)} onDone={finished}>
              Suspendre…
            </ActButton>
          )}
        </Section>
      )}
      <Section title="Mise en demeure">
        {notice && inForce ? (
          <>
            <Facts
              of={[
                ["Faits", <span class="as-written">{notice.facts}</span>],
                ["À respecter avant le", <DateText of={notice.deadline} />],
                ["Envoyée", when(notice.given_at)],
                ["Réponse", notice.answer ? <span class="as-written">{notice.answer}</span> : "aucune pour le moment"],
              ]}
            />
            <div class="actions">
              <ActButton of={answer(uai)} onDone={finished}>
                Enregistrer la réponse…
              </ActButton>
              <ActButton of={lifting(uai)} onDone={finished}>
                Lever la mise en demeure…
              </ActButton>
            </div>
          </>
        ) : (
          <>
            <p>{notice ? french(`La dernière a été levée le ${date(notice.lifted_at!)} : ${notice.lifting_reason ?? ""}`) : "Aucune."}</p>
            {!ended && (
              <ActButton of={formalNotice(uai)} onDone={finished}>
                Mettre en demeure…
              </ActButton>
            )}
          </>
        )}
      </Section>
      {!ended && (
        <Section title="Fin">
          <p>
            {french(`L’abonnement court jusqu’au ${date(school.subscription_end)} : les SMS qui restent sont alors perdus, et les gestionnaires en sont prévenus 30 et 7 jours avant. `)}
            <a href={`${schoolPath(uai)}/modifier`}>Changer cette date</a>
          </p>
          <ActButton of={termination(uai)} onDone={finished}>
            Résilier définitivement…
          </ActButton>
        </Section>
      )}
      <Section title="Corrections du stock">
        <Corrections uai={uai} onDone={finished} />
      </Section>
      <Section title="Registre des décisions">
        <Acts uai={uai} key={done?.times ?? 0} />
      </Section>
      <Section title="Qui a consulté cet établissement">
        <Readings uai={uai} />
      </Section>
    </>
  );
}

const REASON = { label: "Motif", field: "reason", longest: 1000, hint: "Reste dans le registre, avec votre nom." };

function suspension(uai: string): Act {
  return {
    title: "Suspendre les envois",
    done: "Les envois sont suspendus",
    about: "Aussitôt, plus rien n’est accepté, et ce qui attend ne part pas : ces SMS reviennent au stock. Rien n’est remboursé. Vous pourrez lever la suspension.",
    words: REASON,
    button: "Suspendre",
    danger: true,
    act: (reason) => call("POST /v1/schools/{uai}/suspension", { path: { uai }, body: { reason } }),
  };
}

function resumption(uai: string): Act {
  return {
    title: "Lever la suspension",
    done: "La suspension est levée",
    about: "L’établissement peut de nouveau envoyer et commander. Les messages annulés pendant la suspension ne repartent pas d’eux-mêmes.",
    words: REASON,
    button: "Lever la suspension",
    act: (reason) => call("DELETE /v1/schools/{uai}/suspension", { path: { uai }, body: { reason } }),
  };
}

function formalNotice(uai: string): Act {
  return {
    title: "Mettre en demeure",
    done: "La mise en demeure est envoyée",
    about: "Les faits et le délai sont envoyés à chaque gestionnaire. Les envois continuent.",
    words: { label: "Faits reprochés", field: "facts", longest: 2000, hint: "Envoyés tels quels." },
    day: { label: "Dernier jour pour s’y conformer", field: "deadline" },
    button: "Envoyer la mise en demeure",
    act: (facts, deadline) => call("POST /v1/schools/{uai}/formal-notice", { path: { uai }, body: { facts, deadline } }),
  };
}

function answer(uai: string): Act {
  return {
    title: "Réponse de l’établissement",
    done: "La réponse est enregistrée",
    about: "Les gestionnaires répondent par messagerie : enregistrez ici ce qu’ils ont répondu.",
    words: { label: "Ce que l’établissement répond", field: "answer", longest: 2000 },
    button: "Enregistrer la réponse",
    act: (words) => call("POST /v1/schools/{uai}/formal-notice/answer", { path: { uai }, body: { answer: words } }),
  };
}

function lifting(uai: string): Act {
  return {
    title: "Lever la mise en demeure",
    done: "La mise en demeure est levée",
    about: "Chaque gestionnaire reçoit ce motif.",
    words: REASON,
    button: "Lever la mise en demeure",
    act: (reason) => call("DELETE /v1/schools/{uai}/formal-notice", { path: { uai }, body: { reason } }),
  };
}

function termination(uai: string): Act {
  return {
    title: "Résilier définitivement",
    done: "L’établissement est résilié",
    about: "Plus rien n’est accepté, ni envoi ni commande, et ce qui attend est annulé. Aucun argent n’est rendu. Une résiliation ne peut être ni levée ni reprise, par personne.",
    words: REASON,
    typed: uai,
    button: "Résilier définitivement",
    danger: true,
    act: (reason) => call("POST /v1/schools/{uai}/termination", { path: { uai }, body: { reason } }),
  };
}

function Acts({ uai }: { uai: string }) {
  const acts = useList("GET /v1/schools/{uai}/acts", { path: { uai } });
  return (
    <ListTable
      of={acts}
      what="Lecture du registre…"
      caption="Décisions, de la plus récente à la plus ancienne"
      quiet
      one="décision"
      keyOf={(act) => `${act.at} ${act.kind}`}
      empty={<EmptyState title="Aucune décision pour le moment." />}
      columns={[
        { head: "Date", cell: (act) => <DateText of={act.at} as="moment" />, names: true },
        { head: "Décision", cell: (act) => ACTS[act.kind] ?? act.kind },
        { head: "Motif", cell: (act) => <span class="breakable">{act.reason ?? ""}</span> },
        { head: "Par", cell: (act) => <span class="breakable">{act.by_email ?? act.by}</span> },
      ]}
    />
  );
}

const LOOKED_AT: Readonly<Record<string, string>> = {
  balance: "Stock",
  ledger: "Journal du stock",
  history: "Historique des messages",
  consents: "Consentements",
  invoices: "Factures",
  orders: "Commandes",
  "send-requests": "Envois",
  trace: "SMS manquant",
};

function Readings({ uai }: { uai: string }) {
  const readings = useList("GET /v1/schools/{uai}/readings", { path: { uai } });
  return (
    <ListTable
      of={readings}
      what="Lecture des consultations…"
      caption="Consultations, de la plus récente à la plus ancienne"
      quiet
      one="consultation"
      keyOf={(reading) => `${reading.at} ${reading.looked_at}`}
      empty={<EmptyState title="Personne de l’exploitation n’a consulté cet établissement." />}
      columns={[
        { head: "Date", cell: (reading) => <DateText of={reading.at} as="moment" />, names: true },
        { head: "Quoi", cell: (reading) => `${LOOKED_AT[reading.looked_at] ?? reading.looked_at}${reading.numbers === "whole" ? ", numéros entiers" : ""}` },
        { head: "Motif", cell: (reading) => <span class="breakable">{reading.reason}</span> },
        { head: "Par", cell: (reading) => <span class="breakable">{reading.by_email ?? reading.by}</span> },
      ]}
    />
  );
}
