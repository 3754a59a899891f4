import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../../../components/forms/button.tsx";
import { Field } from "../../../../components/forms/field.tsx";

const LONGEST = 1000;

/** Why one looks at a school, kept as long as the window is open: each reading records it. */
const given = signal<Readonly<Record<string, string>>>({});

/** The reason given for this school in this window, or "". */
export function reasonFor(uai: string): string {
  return given.value[uai] ?? "";
}

export function giveReason(uai: string, reason: string): void {
  given.value = { ...given.value, [uai]: reason };
}

/** What a school holds is shown once it was said why; the reason stays with who looked, when, and at what. */
export function ReasonGate({ uai, children }: { uai: string; children: (reason: string) => ComponentChildren }) {
  const known = reasonFor(uai);
  const [reason, setReason] = useState(known);
  const [error, setError] = useState("");
  if (known)
    return (
      <>
        <p class="reason-kept soft">
          Motif enregistré avec chaque lecture : « {known} ».{" "}
          <button type="button" class="as-link" onClick={() => giveReason(uai, "")}>
            Changer de motif
          </button>
        </p>
        {children(known)}
      </>
    );
  const go = (event: Event) => {
    event.preventDefault();
    if (reason.trim()) giveReason(uai, reason.trim());
    else setError("Dites pourquoi vous consultez cet établissement.");
  };
  return (
    <form onSubmit={go} noValidate>
      <Field label="Pourquoi consultez-vous cet établissement ?" hint="Par exemple : appel de la gestionnaire au sujet de la facture 2026-12. Enregistré avec votre nom, l’heure et ce que vous lisez." error={error || undefined}>
        <input maxLength={LONGEST} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </Field>
      <Button type="submit" primary>
        Consulter
      </Button>
    </form>
  );
}
