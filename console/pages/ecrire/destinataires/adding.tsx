import { useRef, useState } from "preact/hooks";
import { Button } from "../../../components/forms/button.tsx";
import { Field } from "../../../components/forms/field.tsx";
import { csv, saveBlob } from "../../../components/files/saving.ts";
import { french } from "../../../texts/typography.ts";
import type { Row } from "../draft.ts";
import { type Read, Unreadable, readFile, readList } from "./reading.ts";

/** Characters from which on what is pasted is read at once. */
const LONG_PASTE = 20_000;

type Way = "paste" | "file" | "type";

const WAYS: readonly { readonly way: Way; readonly label: string }[] = [
  { way: "paste", label: "Coller" },
  { way: "file", label: "Fichier CSV" },
  { way: "type", label: "Saisir" },
];

type Add = (rows: readonly Omit<Row, "id">[], file: string) => void;

/** Three ways to name recipients; each adds to those that are there. */
export function Adding({ names, add }: { names: readonly string[]; add: Add }) {
  const [way, setWay] = useState<Way>("paste");
  return (
    <div class="adding">
      <div class="ways" role="group" aria-label="Comment donner les destinataires">
        {WAYS.map((each) => (
          <button type="button" key={each.way} class="way" aria-pressed={each.way === way} onClick={() => setWay(each.way)}>
            {each.label}
          </button>
        ))}
      </div>
      {way === "paste" ? <Pasting names={names} add={add} /> : way === "file" ? <Dropping names={names} add={add} /> : <Typing names={names} add={add} />}
    </div>
  );
}

function Pasting({ names, add }: { names: readonly string[]; add: Add }) {
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const read = (written: string) => {
    try {
      add(readList(written, names).rows, "");
      setText("");
      setError(undefined);
    } catch (thrown) {
      setError(wordsOf(thrown));
    }
  };
  const paste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    // A whole spreadsheet is read as it comes: thousands of lines in a field would make the page slow.
    if (text || pasted.length < LONG_PASTE) return;
    event.preventDefault();
    read(pasted);
  };
  return (
    <>
      <Field label="Numéros ou cellules du tableur" hint={french(`Un destinataire par ligne. ${hintOf(names)}`)} error={error}>
        <textarea rows={5} class="pasted" value={text} spellcheck={false} placeholder={exampleOf(names)} onInput={(event) => setText(event.currentTarget.value)} onPaste={paste} />
      </Field>
      <Button onClick={() => read(text)}>Ajouter ces destinataires</Button>
    </>
  );
}

function Dropping({ names, add }: { names: readonly string[]; add: Add }) {
  const [error, setError] = useState<string>();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      const read: Read = await readFile(file, names);
      add(read.rows, file.name);
      setError(undefined);
    } catch (thrown) {
      setError(wordsOf(thrown));
    }
    input.current!.value = "";
  };
  return (
    <div
      class={over ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer?.files[0]);
      }}
    >
      <Field label="Choisir un fichier CSV, ou le déposer ici" hint={french(`La première ligne porte les titres : ${["portable", ...names].map((each) => `« ${each} »`).join(", ")}.`)} error={error}>
        <input ref={input} type="file" accept=".csv,.txt,text/csv,text/plain" onChange={(event) => take(event.currentTarget.files?.[0])} />
      </Field>
      <Button onClick={() => saveBlob("exemple.csv", example(names))}>Télécharger un exemple</Button>
    </div>
  );
}

function Typing({ names, add }: { names: readonly string[]; add: Add }) {
  const empty = { phone: "", values: {} as Record<string, string> };
  const [row, setRow] = useState(empty);
  const [error, setError] = useState<string>();
  const first = useRef<HTMLFormElement>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    const wrong = row.phone.trim() ? undefined : "Tapez le numéro d’un mobile.";
    setError(wrong);
    if (!wrong) {
      add([{ line: 0, phone: row.phone.trim(), values: row.values }], "");
      setRow(empty);
    }
    first.current?.querySelector("input")?.focus();
  };
  return (
    <form ref={first} onSubmit={submit} noValidate>
      <div class="typed">
        <Field label="Numéro de mobile" error={error}>
          <input type="tel" autocomplete="off" value={row.phone} onInput={(event) => setRow({ ...row, phone: event.currentTarget.value })} />
        </Field>
        {names.map((name) => (
          <Field label={name} key={name}>
            <input autocomplete="off" value={row.values[name] ?? ""} onInput={(event) => setRow({ ...row, values: { ...row.values, [name]: event.currentTarget.value } })} />
          </Field>
        ))}
      </div>
      <Button type="submit">Ajouter ce destinataire</Button>
    </form>
  );
}

function wordsOf(thrown: unknown): string {
  if (thrown instanceof Unreadable) return thrown.message;
  console.error(thrown);
  return "La liste n’a pas pu être lue. Essayez de copier les cellules de votre tableur et de les coller.";
}

function hintOf(names: readonly string[]): string {
  if (!names.length) return "Des cellules copiées d’un tableur conviennent aussi, avec leurs titres.";
  return `Après le numéro : ${names.join(", ")}. Avec une ligne de titres, l’ordre est libre.`;
}

function exampleOf(names: readonly string[]): string {
  return ["06 12 34 56 50", ...names.map((name) => EXAMPLES[name] ?? "…")].join("\t");
}

const EXAMPLES: Readonly<Record<string, string>> = { prenom: "Zoé", prénom: "Zoé", nom: "Martin", classe: "6e B", jour: "vendredi", heure: "18 h" };

/** A file with the columns that the message needs, as French spreadsheets open it. */
function example(names: readonly string[]): Blob {
  return csv([["portable", ...names], ...["06 12 34 56 50", "06 12 34 56 51"].map((phone) => [phone, ...names.map((name) => EXAMPLES[name] ?? "")])]);
}
