import { useMemo, useState } from "preact/hooks";
import { call } from "../../api/client.ts";
import { type Failure, Refusal, failureOf } from "../../api/failures.ts";
import { Button } from "../../components/forms/button.tsx";
import { Actions, Dialog } from "../../components/notices/dialog.tsx";
import { Editor } from "../../components/forms/editor.tsx";
import { Field } from "../../components/forms/field.tsx";
import { Loaded, useResource } from "../../components/reading/loading.tsx";
import { Notice } from "../../components/notices/notice.tsx";
import { Page } from "../../components/page.tsx";
import { FailureState } from "../../components/reading/states.tsx";
import { openDraft } from "../../session/drafts.ts";
import { type PageProps, navigate } from "../../shell/router.ts";
import { changes } from "../../texts/changes.ts";
import { when } from "../../texts/dates.ts";
import { french } from "../../texts/typography.ts";
import { People, measure } from "../../texts/sms/measure.ts";
import { isBlank } from "../../texts/sms/prepare.ts";
import type { Model } from "./models.ts";

const NOBODY = new People([]);

/** Write a model, or change one. */
export default function EditModelPage({ params }: PageProps) {
  const name = params["name"];
  const stored = useResource(async (signal) => (name ? await call("GET /v1/templates/{name}", { path: { name }, signal }) : null), [name]);
  return (
    <Page title={name ? `Modèle «\u00a0${name}\u00a0»` : "Nouveau modèle"}>
      <Loaded of={stored} what="Lecture du modèle…">
        {(model) => <Form key={model?.updated_at ?? "new"} model={model} />}
      </Loaded>
      <p class="to-list">
        <a href="/modeles">Tous les modèles</a>
      </p>
    </Page>
  );
}

function Form({ model }: { model: Model | null }) {
  const draft = useMemo(() => openDraft(`modele ${model?.name ?? ""}`, { name: model?.name ?? "", text: model?.text ?? "" }), []);
  const { name, text } = draft.value.value;
  const [wrong, setWrong] = useState<{ name?: string; text?: string }>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  const [newer, setNewer] = useState<Model | null>(null);
  const [deleting, setDeleting] = useState(false);
  const [doubt, setDoubt] = useState<{ words: string; over: boolean } | null>(null);
  const measured = useMemo(() => measure(text, NOBODY), [text]);
  const changed = model !== null && text !== model.text;
  const write = (change: { name?: string; text?: string }) => {
    setWrong({});
    setDoubt(null);
    draft.value.value = { ...draft.value.value, ...change };
  };
  const fail = (thrown: unknown) => {
    const found = failureOf(thrown);
    if (found instanceof Refusal && found.status === 422) setWrong(found.code === "invalid-template-name" ? { name: found.message } : { text: found.of("text") ?? found.message });
    else setFailure(found);
  };
  const save = async ({ over = false, meant = false } = {}) => {
    setFailure(null);
    setDoubt(null);
    const missing = { ...nameProblem(name), ...(isBlank(text) ? { text: "Écrivez le texte du modèle." } : {}) };
    setWrong(missing);
    if (missing.name ?? missing.text) return;
    try {
      const now = await storedNow(name);
      // Somebody else saved it meanwhile, or has a model of that name.
      if (now && now.updated_at !== model?.updated_at && !over) return setNewer(now);
      await call("PUT /v1/templates/{name}", { path: { name: name.trim() }, body: { text, confirm_placeholders: meant } });
      draft.forget();
      navigate("/modeles");
    } catch (thrown) {
      if (thrown instanceof Refusal && thrown.code === "suspicious-placeholder") setDoubt({ words: withoutHint(thrown.message), over });
      else fail(thrown);
    }
  };
  const remove = async () => {
    setDeleting(false);
    try {
      await call("DELETE /v1/templates/{name}", { path: { name: model!.name } });
      draft.forget();
      navigate("/modeles");
    } catch (thrown) {
      fail(thrown);
    }
  };
  return (
    <>
      {draft.restoredFrom && (changed || !model) && (
        <Notice title="Vos changements sont là">
          <p>Vous les avez laissés {when(draft.restoredFrom)}, sans les enregistrer.</p>
        </Notice>
      )}
      {!model && (
        <Field label="Nom" hint="Court et clair : vos collègues le choisissent dans une liste." error={wrong.name}>
          <input value={name} maxLength={60} onInput={(event) => write({ name: event.currentTarget.value })} />
        </Field>
      )}
      <Editor label="Texte" error={wrong.text} text={text} onText={(written) => write({ text: written })} measure={measured} names={["prenom", "jour", "heure"].filter((each) => !text.includes(`((${each}))`))}>
        {changed && <Changed model={model} text={text} />}
        {newer && (
          <Notice kind="attention" title={model ? "Quelqu’un a enregistré ce modèle entre-temps" : "Un modèle porte déjà ce nom"} focus>
            <p class="bubble quoted">{newer.text}</p>
            <div class="actions">
              <Button onClick={() => setNewer(null)}>Ne rien enregistrer</Button>
              <Button danger onClick={() => save({ over: true })} busyText="Enregistrement…">
                Remplacer par mon texte
              </Button>
            </div>
          </Notice>
        )}
        {doubt && (
          <Notice kind="attention" title="Une variable semble mal écrite" focus>
            <p>{french(doubt.words)}</p>
            <div class="actions">
              <Button onClick={() => setDoubt(null)}>Corriger le texte</Button>
              <Button onClick={() => save({ over: doubt.over, meant: true })} busyText="Enregistrement…">
                Enregistrer tel quel
              </Button>
            </div>
          </Notice>
        )}
        {failure && <FailureState failure={failure} retry={() => save()} />}
        <Actions>
          <Button primary onClick={() => save()} busyText="Enregistrement…">
            Enregistrer
          </Button>
          {changed && <Button onClick={() => write({ text: model.text })}>Revenir au texte enregistré</Button>}
          {model && (
            <Button danger onClick={() => setDeleting(true)}>
              Supprimer…
            </Button>
          )}
        </Actions>
      </Editor>
      {deleting && (
        <Dialog title={`Supprimer le modèle «\u00a0${model!.name}\u00a0»\u202f?`} onClose={() => setDeleting(false)}>
          <p>Il disparaît pour tous vos collègues. Les messages déjà envoyés n’en sont pas changés.</p>
          <Actions>
            <Button onClick={() => setDeleting(false)}>Garder le modèle</Button>
            <Button danger onClick={remove}>
              Supprimer
            </Button>
          </Actions>
        </Dialog>
      )}
    </>
  );
}

/** The refusal without the name of the field that a program sends: people press a button. */
function withoutHint(detail: string): string {
  return detail.replace(/ \(confirm_placeholders\)/, "");
}

/** A name is part of an address: one with other signs would not even reach the service. */
function nameProblem(name: string): { name?: string } {
  if (!name.trim()) return { name: "Donnez un nom au modèle." };
  if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_ .'’-]{0,59}$/u.test(name.trim())) return {};
  return { name: "Un nom de modèle a de 1 à 60 lettres, chiffres, espaces, points, apostrophes ou tirets, et commence par une lettre ou un chiffre." };
}

async function storedNow(name: string): Promise<Model | null> {
  try {
    return await call("GET /v1/templates/{name}", { path: { name: name.trim() } });
  } catch (thrown) {
    if (thrown instanceof Refusal && thrown.status === 404) return null;
    throw thrown;
  }
}

/** What differs from the saved text, in words as well as by colour. */
function Changed({ model, text }: { model: Model; text: string }) {
  return (
    <div class="changed">
      <h2>Changé depuis l’enregistrement</h2>
      <p class="bubble quoted">
        {changes(model.text, text).map((each, index) =>
          each.kind === "gone" ? (
            <del key={index}>
              <span class="unseen">Retiré : </span>
              {each.text}
            </del>
          ) : each.kind === "new" ? (
            <ins key={index}>
              <span class="unseen">Ajouté : </span>
              {each.text}
            </ins>
          ) : (
            each.text
          ),
        )}
      </p>
    </div>
  );
}
