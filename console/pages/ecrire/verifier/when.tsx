import { Choice, Field } from "../../../components/forms/field.tsx";
import { isoDay } from "../../../texts/dates.ts";
import { type Letter, changeLetter } from "../draft.ts";

/** Now or later, on the school's clock. */
export function WhenChoice({ letter, error }: { letter: Letter; error: string | undefined }) {
  const choose = (value: "now" | "later") => changeLetter({ later: value === "later", day: letter.day || tomorrow() });
  return (
    <div class="when">
      <Choice
        legend="Quand l’envoyer ?"
        value={letter.later ? "later" : "now"}
        onChange={choose}
        options={[
          { value: "now", label: "Maintenant" },
          { value: "later", label: "Plus tard" },
        ]}
      />
      {letter.later && (
        <div class="moment">
          <Field label="Jour" error={error}>
            <input type="date" min={isoDay(new Date())} value={letter.day} onInput={(event) => changeLetter({ day: event.currentTarget.value })} />
          </Field>
          <Field label="Heure de l’établissement">
            <input type="time" value={letter.time} onInput={(event) => changeLetter({ time: event.currentTarget.value })} />
          </Field>
        </div>
      )}
    </div>
  );
}

function tomorrow(): string {
  return isoDay(new Date(Date.now() + 86_400_000));
}
