import { useState } from "preact/hooks";
import type { Refusal } from "../../api/failures.ts";
import { Button } from "../../components/forms/button.tsx";
import { Actions } from "../../components/notices/dialog.tsx";
import { Field } from "../../components/forms/field.tsx";
import { navigate } from "../../shell/router.ts";
import { MESSAGE_STATUSES } from "../../texts/statuses.ts";
import { french } from "../../texts/typography.ts";
import { type Search, addressOf } from "./search.ts";

/** What to look for. Each search has an address, so that going back finds the one before. */
export function Filters({ search, refusal }: { search: Search; refusal: Refusal | null }) {
  const [given, setGiven] = useState<Search>(search);
  const field = (name: keyof Search) => ({
    value: given[name] ?? "",
    onInput: (event: { currentTarget: { value: string } }) => setGiven({ ...given, [name]: event.currentTarget.value }),
  });
  const wrong = (name: keyof Search) => {
    const said = refusal?.of(name) ?? (name === "phone" && refusal && NUMBER_CODES.has(refusal.code) ? refusal.message : undefined);
    return said && french(said);
  };
  const backwards = given.from && given.to && given.from > given.to ? "Ce jour est avant le premier." : undefined;
  const submit = (event: Event) => {
    event.preventDefault();
    if (!backwards) navigate(addressOf(given));
  };
  return (
    <form class="filters" aria-label="Chercher dans l’historique" onSubmit={submit} noValidate>
      <div class="filter-fields">
        <Field label="Numéro" error={wrong("phone")}>
          <input type="tel" autocomplete="off" {...field("phone")} />
        </Field>
        <Field label="État" error={wrong("status")}>
          <select {...field("status")}>
            <option value="">Tous</option>
            {Object.entries(MESSAGE_STATUSES).map(([status, { word }]) => (
              <option value={status} key={status}>
                {word}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Du" error={wrong("from")}>
          <input type="date" {...field("from")} />
        </Field>
        <Field label="Au" error={wrong("to") ?? backwards}>
          <input type="date" {...field("to")} />
        </Field>
        <Field label="Envoyé par (adresse)" error={wrong("author")}>
          <input autocomplete="off" {...field("author")} />
        </Field>
      </div>
      {given.request_id && <p class="soft">{french(`Envoi ${given.request_id} seulement.`)}</p>}
      <Actions>
        <Button primary type="submit">
          Chercher
        </Button>
        {Object.keys(search).length > 0 && (
          <a class="button" href="/historique">
            Tout afficher
          </a>
        )}
      </Actions>
    </form>
  );
}

const NUMBER_CODES = new Set(["invalid-number", "not-a-mobile", "country-not-authorised"]);
