import { useEffect, useState } from "preact/hooks";
import { Button } from "../../../components/forms/button.tsx";
import { Actions } from "../../../components/notices/dialog.tsx";
import { Page } from "../../../components/page.tsx";
import { Steps } from "../../../components/notices/progress.tsx";
import { EmptyState, FailureState } from "../../../components/reading/states.tsx";
import { navigate } from "../../../shell/router.ts";
import { count, number } from "../../../texts/numbers.ts";
import { template, valueFor } from "../../../texts/sms/variables.ts";
import { french } from "../../../texts/typography.ts";
import { Adding } from "./adding.tsx";
import { EMPTY_LIST, type Row, STEPS, draft, nextId, setList } from "../draft.ts";
import { changeRows, judge, judged } from "../judged.ts";
import { focusOn } from "../focus.ts";
import { Mending } from "./mending.tsx";
import { MOST_RECIPIENTS } from "./reading.ts";
import { Rows } from "./rows.tsx";

/** Rows from which on columns that the message does not use are left out: a browser keeps drafts of a few megabytes. */
const MANY = 3000;

/** Second step: to whom. */
export default function RecipientsPage() {
  const letter = draft().letter.value.value;
  const { file, rows } = draft().list.value.value;
  const [added, setAdded] = useState("");
  const names = template(letter.text).names;
  const { refused, failure, reading, rows: judgedRows } = judged.value;
  useEffect(() => {
    if (judgedRows !== rows || judged.value.text !== letter.text || letter.confirmPlaceholders) void judge(rows, letter);
  }, [rows, letter.text, letter.confirmPlaceholders]);

  const add = (found: readonly Omit<Row, "id">[], from: string) => {
    const next = nextId(rows);
    const many = rows.length + found.length > MANY;
    const all = [...rows, ...found.map((row, index) => ({ ...row, ...(many ? { values: only(row.values, names) } : {}), id: next + index }))];
    setList({ file: from || file, rows: all.slice(0, MOST_RECIPIENTS) });
    const left = all.length - MOST_RECIPIENTS;
    const trimmed = many && found.some((row) => Object.keys(row.values).length > names.length);
    setAdded(
      left > 0
        ? `Un envoi compte ${number(MOST_RECIPIENTS)} destinataires au plus : ${number(left)} lignes n’ont pas été prises. Envoyez-les dans un second envoi.`
        : `${count(found.length, "destinataire")} ${found.length < 2 ? "ajouté" : "ajoutés"}.${trimmed ? " D’une liste si longue, seules les colonnes que le message utilise sont gardées." : ""}`,
    );
  };
  if (!letter.text.trim()) return <NoMessage />;
  const wrong = rows.filter((row) => refused.has(row.id));
  const known = judgedRows === rows && !reading && !failure;
  return (
    <Page title="À qui l’envoyer ?">
      <Steps steps={STEPS} current={1} />
      <Adding names={names} add={add} />
      <p role="status" class="added">
        {french(added)}
      </p>
      {rows.length > 0 && (
        <>
          <p class="tally" role="status" tabIndex={-1}>
            <strong>{count(rows.length, "destinataire")}</strong>
            {file && <span class="soft"> de {file}</span>}
            {known && (
              <>
                {" · "}
                {number(rows.length - wrong.length)} {rows.length - wrong.length < 2 ? "recevra" : "recevront"} · <span class={wrong.length ? "to-mend" : ""}>{number(wrong.length)} à corriger</span>
              </>
            )}
            {reading && <span class="soft"> · vérification des numéros et des consentements…</span>}
          </p>
          {failure && <FailureState failure={failure} retry={() => judge(rows, letter)} />}
          {wrong.length > 0 && <Mending rows={wrong} refused={refused} names={names} letter={letter} />}
          <Rows rows={wrong.length ? rows.filter((row) => !refused.has(row.id)) : rows} others={wrong.length > 0} names={names} remove={(row) => { changeRows(rows.filter((each) => each !== row)); focusOn(".tally"); }} clear={() => { setList(EMPTY_LIST); focusOn(".way"); }} />
        </>
      )}
      <Actions>
        <a class="button" href="/ecrire">
          Revenir au message
        </a>
        <Button primary disabled={!rows.length} onClick={() => navigate("/ecrire/verifier")}>
          Continuer vers la vérification
        </Button>
      </Actions>
      {wrong.length > 0 && known && (
        <p class="hint after-actions">{french(`Vous pouvez continuer sans corriger : ${wrong.length < 2 ? "cette ligne sera écartée" : `ces ${number(wrong.length)} lignes seront écartées`}, rien ne sera envoyé ni décompté pour ${wrong.length < 2 ? "elle" : "elles"}.`)}</p>
      )}
    </Page>
  );
}

function only(values: Row["values"], names: readonly string[]): Row["values"] {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = valueFor(values, name);
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** The address was opened before anything was written. */
export function NoMessage() {
  return (
    <Page title="Écrire un message">
      <EmptyState title="Aucun message n’est commencé.">
        <p>
          <a href="/ecrire">Écrire le message</a>
        </p>
      </EmptyState>
    </Page>
  );
}

