import { useState } from "preact/hooks";
import { failureOf } from "../../api/failures.ts";
import { Button } from "../../components/forms/button.tsx";
import { csv, saveBlob } from "../../components/files/saving.ts";
import { count } from "../../texts/numbers.ts";
import { french } from "../../texts/typography.ts";
import { type Wrong, importSheet } from "./importing.ts";

const AT_ONCE = 20;

/** The rows that were refused, each with its cells, to be mended where it stands. */
export function WrongRows({ headings, rows }: { headings: readonly string[]; rows: readonly Wrong[] }) {
  const [shown, setShown] = useState(AT_ONCE);
  const download = () => saveBlob("lignes-a-corriger.csv", csv([[...headings, "Ligne d’origine", "Problème"], ...rows.map((row) => [...headings.map((_, at) => row.cells[at] ?? ""), String(row.line), row.detail])]));
  return (
    <section aria-labelledby="wrong-consents">
      <h2 id="wrong-consents">{french(`${count(rows.length, "ligne")} à corriger`)}</h2>
      <ul class="wrong-consents">
        {rows.slice(0, shown).map((row) => (
          <WrongRow key={row.line} headings={headings} row={row} />
        ))}
      </ul>
      <div class="actions">
        {rows.length > shown && <Button onClick={() => setShown(shown + 50)}>Afficher plus</Button>}
        <Button onClick={download}>Télécharger ces lignes</Button>
      </div>
    </section>
  );
}

function WrongRow({ headings, row }: { headings: readonly string[]; row: Wrong }) {
  const [cells, setCells] = useState(() => headings.map((_, at) => row.cells[at] ?? ""));
  const [detail, setDetail] = useState(row.detail);
  const [done, setDone] = useState(false);
  const mend = async () => {
    try {
      const { wrong } = await importSheet({ cells: [[...headings], cells], lines: [1, row.line] }, () => undefined);
      setDone(!wrong.length);
      setDetail(wrong[0]?.detail ?? "");
    } catch (thrown) {
      setDetail(failureOf(thrown).message);
    }
  };
  return (
    <li>
      <p role="status">
        <strong>Ligne {row.line}</strong>
        {french(" : ")}
        {done ? "✓ enregistrée." : french(detail)}
      </p>
      {!done && (
        <form
          onSubmit={(event) => event.preventDefault()}
          noValidate
        >
          <div class="cells-of-row">
            {headings.map((heading, at) => (
              <label key={`${heading}-${at}`}>
                {heading}
                <input
                  aria-label={`${heading}, ligne ${row.line}`}
                  value={cells[at]}
                  onInput={(event) => setCells(cells.map((cell, index) => (index === at ? event.currentTarget.value : cell)))}
                />
              </label>
            ))}
          </div>
          <Button type="submit" onClick={mend} busyText="Enregistrement…">
            Enregistrer la ligne {row.line}
          </Button>
        </form>
      )}
    </li>
  );
}
