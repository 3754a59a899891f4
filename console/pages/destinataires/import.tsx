import { useRef, useState } from "preact/hooks";
import { failureOf } from "../../api/failures.ts";
import { Button } from "../../components/forms/button.tsx";
import { Actions } from "../../components/notices/dialog.tsx";
import { Field } from "../../components/forms/field.tsx";
import { Notice } from "../../components/notices/notice.tsx";
import { Page } from "../../components/page.tsx";
import { Progress, Tabs } from "../../components/notices/progress.tsx";
import { csv, saveBlob } from "../../components/files/saving.ts";
import { count } from "../../texts/numbers.ts";
import { french } from "../../texts/typography.ts";
import { type Sheet, Unreadable, readSheet } from "../ecrire/destinataires/reading.ts";
import { type Imported, importSheet } from "./importing.ts";
import { RECIPIENT_TABS } from "./tabs.ts";
import { WrongRows } from "./wrong.tsx";

const HEADINGS = ["Téléphone", "Formulation", "Version", "Canal", "Recueilli par", "Recueilli le"];
const EXAMPLE = ["06 12 34 56 50", "J’accepte de recevoir les SMS de l’établissement.", "1", "formulaire papier", "Secrétariat", "01/09/2026"];

/** Record the consents of a list; what is wrong stands beside its row, to be mended there. */
export default function ImportPage() {
  const [error, setError] = useState<string>();
  const [under, setUnder] = useState<{ done: number; of: number } | null>(null);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [result, setResult] = useState<Imported | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setError(undefined);
    setResult(null);
    try {
      const read = await readSheet(file);
      setSheet(read);
      setUnder({ done: 0, of: read.cells.length - 1 });
      setResult(await importSheet(read, (done) => setUnder({ done, of: read.cells.length - 1 })));
    } catch (thrown) {
      setError(french(thrown instanceof Unreadable ? thrown.message : failureOf(thrown).message));
    }
    setUnder(null);
    input.current!.value = "";
  };
  return (
    <Page title="Importer des consentements">
      <Tabs label="Destinataires" tabs={RECIPIENT_TABS} />
      <p>{french("Une ligne par numéro, avec la preuve de l’accord : ce que la famille a signé, où, quand, devant qui. Importer deux fois la même liste ne change rien, et n’annule aucun retrait.")}</p>
      <Field label="Fichier CSV des accords" hint={french(`Première ligne : ${HEADINGS.map((each) => `« ${each} »`).join(", ")}.`)} error={error}>
        <input ref={input} type="file" accept=".csv,.txt,text/csv,text/plain" disabled={under !== null} onChange={(event) => take(event.currentTarget.files?.[0])} />
      </Field>
      <Button onClick={() => saveBlob("exemple-consentements.csv", csv([HEADINGS, EXAMPLE]))}>Télécharger un exemple</Button>
      {under && (
        <div class="importing" role="status">
          <Progress label="Lignes enregistrées" done={under.done} of={under.of} />
        </div>
      )}
      {result && (
        <div class="imported">
          <Notice kind={result.wrong.length ? "attention" : "good"} title={result.recorded ? count(result.recorded, "accord enregistré", "accords enregistrés") : "Aucun nouvel accord"} focus>
            <p>
              {result.unchanged > 0 && french(`${count(result.unchanged, "ligne déjà connue, inchangée", "lignes déjà connues, inchangées")}. `)}
              {result.wrong.length > 0 ? french(`${count(result.wrong.length, "ligne")} à corriger ci-dessous.`) : "Toutes les lignes sont prises."}
            </p>
          </Notice>
          {sheet && result.wrong.length > 0 && <WrongRows headings={sheet.cells[0]!} rows={result.wrong} />}
        </div>
      )}
      {result && (
        <Actions>
          <a class="button" href="/destinataires">
            Voir les consentements
          </a>
        </Actions>
      )}
    </Page>
  );
}
