import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Failure, Refusal, failureOf, titleOfAct } from "../../../../api/failures.ts";
import { Button } from "../../../../components/forms/button.tsx";
import { Actions, Dialog } from "../../../../components/notices/dialog.tsx";
import { Field } from "../../../../components/forms/field.tsx";
import { Notice } from "../../../../components/notices/notice.tsx";
import { french } from "../../../../texts/typography.ts";

export interface Act {
  readonly title: string;
  /** What is said once it is done. */
  readonly done?: string;
  /** What it will do, said before it is done. */
  readonly about: string;
  /** What the words are called, and the field of the API that they go into. */
  readonly words?: { readonly label: string; readonly field: string; readonly hint?: string; readonly longest: number };
  /** A last day to comply. */
  readonly day?: { readonly label: string; readonly field: string };
  /** To be typed for what can never be undone. */
  readonly typed?: string;
  readonly button: string;
  readonly danger?: boolean;
  readonly act: (words: string, day: string) => Promise<unknown>;
}

/** A decision asked about: what follows, why, and for what cannot be undone a word to type. */
export function ActDialog({ of: asked, onClose, onDone }: { of: Act; onClose: () => void; onDone: () => void }) {
  const [words, setWords] = useState("");
  const [day, setDay] = useState("");
  const [typed, setTyped] = useState("");
  const [missing, setMissing] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const about = (field: string | undefined) => (failure instanceof Refusal && field ? failure.of(field) : undefined);
  const go = async () => {
    if (asked.words && !words.trim()) return setMissing("words");
    if (asked.day && !day) return setMissing("day");
    if (asked.typed && typed.trim().toUpperCase() !== asked.typed) return setMissing("typed");
    setMissing("");
    setFailure(null);
    try {
      await asked.act(words.trim(), day);
      onDone();
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  };
  const atField = Boolean(about(asked.words?.field) ?? about(asked.day?.field));
  return (
    <Dialog title={asked.title} onClose={onClose}>
      <p>{french(asked.about)}</p>
      {asked.words && (
        <Field label={asked.words.label} {...(asked.words.hint ? { hint: asked.words.hint } : {})} error={missing === "words" ? "À remplir : ces mots restent dans le registre des décisions." : about(asked.words.field)}>
          <textarea rows={3} maxLength={asked.words.longest} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
        </Field>
      )}
      {asked.day && (
        <Field label={asked.day.label} error={missing === "day" ? "Choisissez un jour." : about(asked.day.field)}>
          <input type="date" value={day} onInput={(event) => setDay(event.currentTarget.value)} />
        </Field>
      )}
      {asked.typed && (
        <Field label={french(`Tapez ${asked.typed} pour confirmer`)} error={missing === "typed" ? french(`Ce n’est pas le code UAI de cet établissement : ${asked.typed}.`) : undefined}>
          <input autocomplete="off" autocapitalize="characters" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </Field>
      )}
      {failure && !atField && (
        <Notice kind="bad" title={titleOfAct(failure, "Rien n’a été changé")} focus>
          <p>{french(failure.message)}</p>
        </Notice>
      )}
      <Actions>
        <Button onClick={onClose}>Revenir</Button>
        <Button {...(asked.danger ? { danger: true } : { primary: true })} onClick={go} busyText="Enregistrement…">
          {asked.button}
        </Button>
      </Actions>
    </Dialog>
  );
}

/** A button that asks before it acts. */
export function ActButton({ of: asked, children, onDone, primary }: { of: Act; children: ComponentChildren; onDone: (title: string) => void; primary?: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button {...(asked.danger ? { danger: true } : primary ? { primary: true } : {})} onClick={() => setOpen(true)}>
        {children}
      </Button>
      {open && (
        <ActDialog
          of={asked}
          onClose={() => setOpen(false)}
          onDone={() => {
            setOpen(false);
            onDone(asked.done ?? asked.title);
          }}
        />
      )}
    </>
  );
}
