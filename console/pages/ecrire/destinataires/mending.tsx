import { useState } from "preact/hooks";
import { type Answer, call } from "../../../api/client.ts";
import { failureOf } from "../../../api/failures.ts";
import { Button } from "../../../components/forms/button.tsx";
import { useResource } from "../../../components/reading/loading.tsx";
import { csv, saveBlob } from "../../../components/files/saving.ts";
import { roles } from "../../../session/profile.ts";
import { count } from "../../../texts/numbers.ts";
import { valueFor } from "../../../texts/sms/variables.ts";
import { french } from "../../../texts/typography.ts";
import { type Letter, type Row, changeLetter, draft } from "../draft.ts";
import { focusOn } from "../focus.ts";
import { type Code, changeRows, mendRow } from "../judged.ts";
import { whyInvalid, wordsFor } from "./refusals.ts";

const AT_ONCE = 10;

/** The rows that would get nothing, each to be mended where it stands. */
export function Mending({ rows, refused, names, letter }: {
  rows: readonly Row[];
  refused: ReadonlyMap<number, Code>;
  names: readonly string[];
  letter: Letter;
}) {
  const [shown, setShown] = useState(AT_ONCE);
  const [said, setSaid] = useState("");
  const manages = roles.value.has("sms_manager");
  const consents = rows.filter((row) => refused.get(row.id) === "no-consent").length;
  return (
    <section class="mending" aria-labelledby="mending">
      <h2 id="mending">{french(`${count(rows.length, "ligne")} à corriger`)}</h2>
      {consents > 0 && <Consents of={consents} manages={manages} />}
      {rows.some((row) => refused.get(row.id) === "suspicious-placeholder") && (
        <div class="actions">
          <a class="button" href="/ecrire">
            Corriger le message
          </a>
          <Button onClick={() => changeLetter({ confirmPlaceholders: true })}>Le texte est bien celui que je veux</Button>
        </div>
      )}
      <ul class="wrong-rows">
        {rows.slice(0, shown).map((row) => (
          <WrongRow key={row.id} row={row} code={refused.get(row.id)!} names={names} letter={letter} manages={manages} say={setSaid} />
        ))}
      </ul>
      <p role="status" class="unseen">
        {said}
      </p>
      <div class="actions">
        {rows.length > shown && <Button onClick={() => setShown(shown + 50)}>Afficher les {count(rows.length - shown, "suivante")}</Button>}
        <Button onClick={() => saveBlob("lignes-a-corriger.csv", asFile(rows, refused))}>Télécharger ces lignes</Button>
        <Button onClick={() => removeAll(rows)}>Retirer ces lignes de l’envoi</Button>
      </div>
    </section>
  );
}

function WrongRow({ row, code, names, letter, manages, say }: {
  row: Row;
  code: Code;
  names: readonly string[];
  letter: Letter;
  manages: boolean;
  say: (words: string) => void;
}) {
  const words = wordsFor(code);
  const missing = code === "missing-variable" ? names.filter((name) => !valueFor(row.values, name)) : words.mend === "values" ? names : [];
  const [phone, setPhone] = useState(row.phone);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [error, setError] = useState("");
  const where = row.line ? `Ligne ${row.line}` : "Saisi";
  const mend = async (event: Event) => {
    event.preventDefault();
    const mended: Row = { ...row, phone: phone.trim(), values: { ...row.values, ...values } };
    try {
      const left = await mendRow(mended, letter);
      setError("");
      if (!left) focusOn(".wrong-row input", ".tally");
      say(left ? `${where} : ${wordsFor(left).problem}.` : `${where} corrigée.`);
    } catch (thrown) {
      setError(failureOf(thrown).message);
    }
  };
  return (
    <li class="wrong-row">
      <p class="where">{where}</p>
      <p class="problem">
        <strong>{words.problem}.</strong> {french(code === "invalid-number" ? whyInvalid(row.phone) : words.todo)}
        {error && <span class="error"> {french(error)}</span>}
      </p>
      {(words.mend === "phone" || missing.length > 0) && (
        <form class="mend" onSubmit={mend} noValidate>
          {words.mend === "phone" ? (
            <input aria-label={`Numéro, ${where}`} aria-invalid="true" type="tel" value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />
          ) : (
            missing.map((name) => (
              <label key={name}>
                {name}
                <input aria-label={`${name}, ${where}`} value={values[name] ?? valueFor(row.values, name) ?? ""} onInput={(event) => setValues({ ...values, [name]: event.currentTarget.value })} />
              </label>
            ))
          )}
          <Button type="submit">Corriger</Button>
        </form>
      )}
      {words.mend === "consent" && (
        <p class="mend">
          <span class="figure">{row.phone}</span>
          {manages && <a href={`/destinataires/${encodeURIComponent(row.phone.replace(/[^\d+]/g, ""))}`}>Voir la fiche</a>}
        </p>
      )}
      {words.mend === "none" && <p class="mend figure">{row.phone}</p>}
      {words.mend === "message" && (
        <p class="mend">
          <a href="/ecrire">Corriger le message</a>
        </p>
      )}
      <button type="button" class="as-link remove" onClick={() => removeAll([row])}>
        Retirer<span class="unseen"> {row.phone || where}</span>
      </button>
    </li>
  );
}

/** How a consent comes to be recorded: by a manager, who has the form that the family signed. */
function Consents({ of, manages }: { of: number; manages: boolean }) {
  return (
    <div class="notice info">
      <span class="sign" aria-hidden="true">
        i
      </span>
      <div>
        <p class="notice-title">{french(`${count(of, "personne")} sans consentement enregistré`)}</p>
        {manages ? (
          <p>
            Si la famille a signé, <a href="/destinataires">enregistrez son accord</a>, puis revenez ici : votre brouillon vous attend.
          </p>
        ) : (
          <Managers />
        )}
      </div>
    </div>
  );
}

function Managers() {
  const managers = useResource((signal): Promise<Answer<"GET /v1/managers">> => call("GET /v1/managers", { signal }));
  const named = managers.value ?? [];
  return (
    <p>
      Un gestionnaire SMS peut enregistrer l’accord que la famille a signé
      {named.length > 0 && (
        <>
          {french(" : ")}
          {named.map((each, index) => (
            <>
              {index > 0 && ", "}
              <a href={`mailto:${each.email}`}>{each.name || each.email}</a>
            </>
          ))}
        </>
      )}
      . Votre brouillon vous attend ici.
    </p>
  );
}

function removeAll(rows: readonly Row[]): void {
  const gone = new Set(rows.map((row) => row.id));
  changeRows(draft().list.value.value.rows.filter((row) => !gone.has(row.id)));
  focusOn(".tally", ".way");
}

/** The rows with what is wrong, to be mended in the spreadsheet and read again. */
function asFile(rows: readonly Row[], refused: ReadonlyMap<number, Code>): Blob {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.values)))];
  const lines = rows.map((row) => [row.phone, ...names.map((name) => row.values[name] ?? ""), String(row.line || ""), wordsFor(refused.get(row.id)!).problem]);
  return csv([["portable", ...names, "ligne d'origine", "problème"], ...lines]);
}
