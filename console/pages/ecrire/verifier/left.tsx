import { Table } from "../../../components/tables/table.tsx";
import { count } from "../../../texts/numbers.ts";
import { french } from "../../../texts/typography.ts";
import type { Row } from "../draft.ts";
import type { Estimate } from "../judged.ts";
import { wordsFor } from "../destinataires/refusals.ts";

const AT_MOST = 200;

/** The rows that nothing is sent for, and why. A row is no person: of two with one number, one is sent. */
export function Left({ refused, rows }: { refused: NonNullable<Estimate["per_recipient"]>; rows: readonly Row[] }) {
  return (
    <details class="left">
      <summary>{french(`${count(refused.length, "ligne")} ${refused.length < 2 ? "écartée" : "écartées"} : rien ne partira`)}</summary>
      <p>
        Rien n’est décompté pour ces lignes. <a href="/ecrire/destinataires">Les corriger</a>
      </p>
      <Table
        caption="Lignes écartées de l’envoi"
        quiet
        rows={refused.slice(0, AT_MOST)}
        keyOf={(each) => String(each.index)}
        columns={[
          { head: "Ligne", cell: (each) => rows[each.index]!.line || "saisi" },
          { head: "Numéro", cell: (each) => <span class="figure">{rows[each.index]!.phone || "—"}</span>, names: true },
          { head: "Raison", cell: (each) => wordsFor(each.refused!).problem },
        ]}
      />
      {refused.length > AT_MOST && <p class="hint">Les {AT_MOST} premières seulement ; toutes sont à l’étape « Destinataires ».</p>}
    </details>
  );
}
