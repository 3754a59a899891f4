import { useState } from "preact/hooks";
import { Button } from "../../../components/forms/button.tsx";
import { Table } from "../../../components/tables/table.tsx";
import { count } from "../../../texts/numbers.ts";
import { valueFor } from "../../../texts/sms/variables.ts";
import type { Row } from "../draft.ts";

const AT_ONCE = 10;
const MORE = 100;

/** The recipients with nothing to mend, in pieces: ten thousand rows at once would make the page slow. */
export function Rows({ rows, others, names, remove, clear }: {
  rows: readonly Row[];
  /** Whether those to mend stand above. */
  others: boolean;
  names: readonly string[];
  remove: (row: Row) => void;
  clear: () => void;
}) {
  const [shown, setShown] = useState(AT_ONCE);
  const [clearing, setClearing] = useState(false);
  return (
    <section>
      <h2>{others ? "Les autres destinataires" : "Destinataires"}</h2>
      <Table
        caption="Destinataires de cet envoi"
        quiet
        rows={rows.slice(0, shown)}
        keyOf={(row) => String(row.id)}
        columns={[
          { head: "Ligne", cell: (row) => row.line || "saisi" },
          { head: "Numéro", cell: (row) => <span class="figure">{row.phone || "—"}</span>, names: true },
          ...names.slice(0, 5).map((name) => ({ head: name, cell: (row: Row) => valueFor(row.values, name) ?? "—" })),
          {
            head: "Action",
            cell: (row) => (
              <button type="button" class="as-link" onClick={() => remove(row)}>
                Retirer<span class="unseen"> {row.phone}</span>
              </button>
            ),
          },
        ]}
      />
      <p class="more" role="status">
        {count(Math.min(shown, rows.length), "destinataire")} sur {count(rows.length, "destinataire").replace(/\D+$/, "")}
      </p>
      <div class="actions">
        {rows.length > shown && <Button onClick={() => setShown(shown + MORE)}>Afficher plus</Button>}
        {clearing ? (
          <>
            <Button onClick={() => setClearing(false)}>Garder la liste</Button>
            <Button danger onClick={clear}>
              Vider la liste
            </Button>
          </>
        ) : (
          <Button onClick={() => setClearing(true)}>Vider la liste…</Button>
        )}
      </div>
    </section>
  );
}
