import { useEffect, useMemo, useState } from "preact/hooks";
import { call } from "../../api/client.ts";
import { Refusal } from "../../api/failures.ts";
import { Button } from "../../components/forms/button.tsx";
import { Actions } from "../../components/notices/dialog.tsx";
import { Editor } from "../../components/forms/editor.tsx";
import { Field } from "../../components/forms/field.tsx";
import { useResource } from "../../components/reading/loading.tsx";
import { Notice } from "../../components/notices/notice.tsx";
import { Page } from "../../components/page.tsx";
import { Steps } from "../../components/notices/progress.tsx";
import { type PageProps, navigate } from "../../shell/router.ts";
import { count } from "../../texts/numbers.ts";
import { when } from "../../texts/dates.ts";
import { People, measure } from "../../texts/sms/measure.ts";
import { isBlank, unsendable } from "../../texts/sms/prepare.ts";
import { nameKey, template } from "../../texts/sms/variables.ts";
import { type Model, readModels } from "../modeles/models.ts";
import { type Row, STEPS, changeLetter, draft, startOver } from "./draft.ts";

/** Whether it was said that a draft of an earlier visit is here: once is enough. */
let restoredShown = false;

/** First step: what to say. */
export default function MessagePage({ query }: PageProps) {
  const { letter, list } = draft();
  const { text, model } = letter.value.value;
  const rows = list.value.value.rows;
  const models = useResource(readModels);
  const [error, setError] = useState<string>();
  const [restored, setRestored] = useState(restoredShown ? null : (letter.restoredFrom ?? list.restoredFrom));
  useEffect(() => {
    restoredShown = true;
  }, []);
  const people = useMemo(() => new People(rows.map((row) => row.values)), [rows]);
  const measured = useMemo(() => measure(text, people), [text, people]);
  const write = (written: string) => {
    setError(undefined);
    changeLetter({ text: written, confirmPlaceholders: false });
  };
  const next = async () => {
    const wrong = await whatIsWrong(text, measured.tooLong);
    setError(wrong);
    if (wrong) document.querySelector<HTMLElement>(".editor textarea")?.focus();
    else navigate("/ecrire/destinataires");
  };
  return (
    <Page title="Écrire un message">
      <Steps steps={STEPS} current={0} />
      {restored && (text || rows.length > 0) && (
        <Notice title="Votre brouillon est là">
          <p>
            Vous l’avez laissé {when(restored)}
            {rows.length > 0 && `, avec ${count(rows.length, "destinataire")}`}.
          </p>
          <Button
            onClick={() => {
              startOver();
              setRestored(null);
              document.querySelector<HTMLElement>(".editor textarea")?.focus();
            }}
          >
            Effacer et recommencer
          </Button>
        </Notice>
      )}
      <Models models={models.value} asked={query.get("modele")} chosen={model?.name} text={text} choose={(each) => changeLetter({ text: each.text, model: { name: each.name, text: each.text } })} />
      <Editor
        label="Votre message"
        error={error}
        text={text}
        onText={write}
        measure={measured}
        whose={whoseIs(rows[measured.longest])}
        names={namesFor(text, rows)}
      >
      <p class="hint">
        Pour écrire à chacun son prénom ou une heure, tapez <code>((prenom))</code> : la valeur viendra de votre liste, ou vous la taperez.
      </p>
      <Actions>
        <Button primary onClick={next} busyText="Vérification…">
          Continuer vers les destinataires
        </Button>
      </Actions>
      </Editor>
    </Page>
  );
}

function whoseIs(row: Row | undefined): string | undefined {
  if (!row) return undefined;
  return `Compté pour le plus long de vos destinataires${row.line ? `, ligne ${row.line}` : ""}.`;
}

/** Columns of the list that the text does not use yet. */
function namesFor(text: string, rows: readonly Row[]): readonly string[] {
  const used = new Set(template(text).names.map(nameKey));
  const names = rows.length ? Object.keys(rows[0]!.values) : ["prenom"];
  return names.filter((name) => !used.has(nameKey(name))).slice(0, 12);
}

/** What keeps the message from being sent, in French; undefined if nothing does, or nobody could say. */
async function whatIsWrong(text: string, tooLong: boolean): Promise<string | undefined> {
  if (isBlank(text)) return "Écrivez le message à envoyer.";
  if (tooLong) return "Le message est trop long : raccourcissez-le avant de continuer.";
  if (unsendable(text)) return "Le message contient un signe invisible qu’un SMS ne peut pas porter : retapez le passage que vous avez collé.";
  try {
    await call("POST /v1/estimates", { body: { text } });
  } catch (thrown) {
    if (thrown instanceof Refusal && thrown.status === 422) return thrown.message;
  }
  return undefined;
}

/** There from the start, so that the text does not move under the fingers when the models have been read. */
function Models({ models: read, asked, chosen, text, choose }: {
  /** Undefined until they are read. */
  models: readonly Model[] | undefined;
  /** The name of the one that the address asks for. */
  asked: string | null;
  chosen: string | undefined;
  text: string;
  choose: (model: Model) => void;
}) {
  const [replacing, setReplacing] = useState<Model | null>(null);
  const models = read ?? [];
  const pick = (name: string) => {
    const found = models.find((each) => each.name === name);
    if (!found) return;
    const own = models.some((each) => each.text === text) || !text.trim();
    if (own) choose(found);
    else setReplacing(found);
  };
  useEffect(() => {
    if (!asked || !read) return;
    pick(asked);
    history.replaceState(null, "", "/ecrire");
  }, [asked, read !== undefined]);
  return (
    <>
      <Field label="Partir d’un modèle" optional>
        <select value={replacing?.name ?? chosen ?? ""} disabled={!models.length} onChange={(event) => pick(event.currentTarget.value)}>
          <option value="">{read?.length === 0 ? "Aucun modèle pour le moment" : "Aucun"}</option>
          {models.map((each) => (
            <option value={each.name} key={each.name}>
              {each.name}
            </option>
          ))}
        </select>
      </Field>
      {replacing && (
        <Notice kind="attention" title={`Remplacer votre texte par le modèle «\u00a0${replacing.name}\u00a0»\u202f?`} focus>
          <div class="actions">
            <Button onClick={() => setReplacing(null)}>Garder mon texte</Button>
            <Button
              onClick={() => {
                choose(replacing);
                setReplacing(null);
              }}
            >
              Remplacer
            </Button>
          </div>
        </Notice>
      )}
    </>
  );
}
