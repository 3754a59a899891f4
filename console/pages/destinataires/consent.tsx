import { useState } from "preact/hooks";
import { call } from "../../api/client.ts";
import { type Failure, Refusal, failureOf } from "../../api/failures.ts";
import { Button } from "../../components/forms/button.tsx";
import { Check, Field } from "../../components/forms/field.tsx";
import { Section } from "../../components/page.tsx";
import { name } from "../../session/profile.ts";
import { isoDay } from "../../texts/dates.ts";
import { french } from "../../texts/typography.ts";
import type { Held } from "./number.tsx";

const FIELDS = ["wording", "version", "channel", "collected_by", "collected_at"] as const;

/** Record the consent that a person gave on paper or otherwise, with its proof. */
export function ConsentForm({ of, onDone }: { of: Held; onDone: (words: string) => Promise<void> }) {
  const [given, setGiven] = useState({ wording: of.consent?.wording ?? "", version: of.consent?.version ?? "1", channel: "formulaire papier", collected_by: name.value, collected_at: isoDay(new Date()) });
  const [newHolder, setNewHolder] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const control = (field: (typeof FIELDS)[number]) => ({
    value: given[field],
    onInput: (event: { currentTarget: { value: string } }) => setGiven({ ...given, [field]: event.currentTarget.value }),
  });
  const wrong = (field: string) => {
    const said = failure instanceof Refusal ? failure.of(field) : undefined;
    return said && french(said);
  };
  const record = async () => {
    try {
      await call("PUT /v1/consents/{phone}", { path: { phone: of.phone }, body: { ...given, ...(of.erased_at ? { new_holder: newHolder } : {}) } });
      setFailure(null);
    } catch (thrown) {
      setFailure(failureOf(thrown));
      return;
    }
    await onDone("L’accord est enregistré : ce numéro peut recevoir des SMS.");
  };
  const elsewhere = failure && !(failure instanceof Refusal && FIELDS.some((field) => failure.of(field)));
  return (
    <Section title="Enregistrer un accord">
      <form class="consent-form" onSubmit={(event) => event.preventDefault()} noValidate>
        <Field label="Texte accepté" hint="Mot pour mot, comme sur le formulaire signé." error={wrong("wording")}>
          <textarea rows={2} {...control("wording")} />
        </Field>
        <Field label="Version du texte" error={wrong("version")}>
          <input {...control("version")} />
        </Field>
        <Field label="Canal" hint="Par exemple : formulaire papier, ENT, téléphone." error={wrong("channel")}>
          <input {...control("channel")} />
        </Field>
        <Field label="Recueilli par" error={wrong("collected_by")}>
          <input autocomplete="off" {...control("collected_by")} />
        </Field>
        <Field label="Recueilli le" error={wrong("collected_at")}>
          <input type="date" max={isoDay(new Date())} {...control("collected_at")} />
        </Field>
        {of.erased_at && <Check label="Ce numéro appartient désormais à une autre personne, qui donne son accord." checked={newHolder} onChange={setNewHolder} />}
        {elsewhere && (
          <p class="refused" role="alert">
            {french(failure.message)}
          </p>
        )}
        <Button primary type="submit" onClick={record} busyText="Enregistrement…">
          Enregistrer l’accord
        </Button>
      </form>
    </Section>
  );
}
