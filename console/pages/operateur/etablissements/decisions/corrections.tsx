import { useState } from "preact/hooks";
import { type Item, call } from "../../../../api/client.ts";
import { type List, useList } from "../../../../components/reading/loading.tsx";
import { EmptyState } from "../../../../components/reading/states.tsx";
import { ListTable } from "../../../../components/tables/table.tsx";
import { DateText, Figure, StatusWord } from "../../../../components/tables/values.tsx";
import { profile } from "../../../../session/profile.ts";
import { type Word } from "../../../../texts/statuses.ts";
import { count } from "../../../../texts/numbers.ts";
import { french } from "../../../../texts/typography.ts";
import { type Act, ActButton } from "./acting.tsx";
import { ProposalDialog } from "./proposal.tsx";
import { Button } from "../../../../components/forms/button.tsx";

type Correction = Item<"GET /v1/schools/{uai}/corrections">;

const STATES: Readonly<Record<string, Word>> = {
  proposed: { word: "Attend une seconde personne", sign: "…", tone: "attention" },
  confirmed: { word: "Confirmée", sign: "✓", tone: "good" },
  refused: { word: "Refusée", sign: "×", tone: "neutral" },
};

/** Mistakes in the stock, mended by two people: one proposes, another one confirms or refuses. */
export function Corrections({ uai, onDone }: { uai: string; onDone: (title: string) => void }) {
  const corrections = useList("GET /v1/schools/{uai}/corrections", { path: { uai } });
  const [proposing, setProposing] = useState(false);
  const finished = (title: string) => {
    void corrections.reload();
    onDone(title);
  };
  return (
    <>
      <p>{french("Pour réparer une erreur : des SMS en trop ou en moins. Une personne propose, une autre confirme ; jusque-là, rien ne change.")}</p>
      <div class="actions">
        <Button onClick={() => setProposing(true)}>Proposer une correction…</Button>
      </div>
      {proposing && (
        <ProposalDialog
          uai={uai}
          onClose={() => setProposing(false)}
          onDone={() => {
            setProposing(false);
            finished("La correction est proposée");
          }}
        />
      )}
      <Listed of={corrections} uai={uai} onDone={finished} />
    </>
  );
}

function Listed({ of, uai, onDone }: { of: List<Correction>; uai: string; onDone: (title: string) => void }) {
  return (
    <ListTable
      of={of}
      what="Lecture des corrections…"
      caption="Corrections du stock, de la plus récente à la plus ancienne"
      quiet
      one="correction"
      keyOf={(each) => each.id}
      empty={<EmptyState title="Le stock n’a jamais été corrigé." />}
      columns={[
        { head: "Proposée", cell: (each) => <Proposed of={each} />, names: true },
        { head: "SMS", cell: (each) => <Figure of={each.applied_sms ?? each.sms} change />, right: true },
        { head: "Motif", cell: (each) => <span class="breakable">{reasonOf(each)}</span> },
        {
          head: "État",
          cell: (each) => (
            <>
              <StatusWord table={STATES} state={each.state} />
              <Decision of={each} uai={uai} onDone={onDone} />
            </>
          ),
        },
      ]}
    />
  );
}

function Proposed({ of: { proposed } }: { of: Correction }) {
  return (
    <>
      <DateText of={proposed.at} as="moment" />
      <span class="soft follows">par {proposed.by_email ?? proposed.by}</span>
    </>
  );
}

function reasonOf(correction: Correction): string {
  const refused = correction.state === "refused" && correction.decided?.reason;
  const missing = correction.missing_sms > 0 && `${count(correction.missing_sms, "SMS")} de moins que demandé : déjà utilisés.`;
  return french([correction.reason, refused && `Refusée : ${refused}`, missing].filter(Boolean).join(" — "));
}

function Decision({ of: correction, uai, onDone }: { of: Correction; uai: string; onDone: (title: string) => void }) {
  if (correction.decided) return <span class="soft follows">par {correction.decided.by_email ?? correction.decided.by}</span>;
  if (correction.proposed.by === profile.value?.sub) return <span class="soft follows">À une autre personne que vous</span>;
  return (
    <span class="decide follows">
      <ActButton of={confirmation(correction, uai)} onDone={onDone} primary>
        Confirmer…
      </ActButton>
      <ActButton of={refusal(correction, uai)} onDone={onDone}>
        Refuser…
      </ActButton>
    </span>
  );
}

function confirmation({ id, sms, reason }: Correction, uai: string): Act {
  return {
    title: sms > 0 ? `Ajouter ${count(sms, "SMS")} au stock` : `Retirer ${count(-sms, "SMS")} du stock`,
    done: "La correction est confirmée",
    about: `${sms > 0 ? "Ils sont utilisables aussitôt." : "Ce qui est déjà utilisé ne peut pas être retiré : le stock ne descend pas sous zéro."} Chaque gestionnaire reçoit ce motif : « ${reason} » La correction reste au journal du stock et ne s’efface pas ; une autre, en sens contraire, la compenserait.`,
    button: sms > 0 ? `Ajouter ${count(sms, "SMS")}` : `Retirer ${count(-sms, "SMS")}`,
    ...(sms < 0 ? { danger: true } : {}),
    act: () => call("PUT /v1/schools/{uai}/corrections/{id}/decision", { path: { uai, id }, body: { decision: "confirm" } }),
  };
}

function refusal({ id }: Correction, uai: string): Act {
  return {
    title: "Refuser la correction",
    done: "La correction est refusée",
    about: "Le stock ne change pas. La proposition et ce motif restent dans le registre ; l’établissement n’en est pas averti.",
    words: { label: "Motif", field: "reason", longest: 1000, hint: "Pour la personne qui l’a proposée." },
    button: "Refuser",
    act: (reason) => call("PUT /v1/schools/{uai}/corrections/{id}/decision", { path: { uai, id }, body: { decision: "refuse", reason } }),
  };
}
