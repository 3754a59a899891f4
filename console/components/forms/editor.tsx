import type { ComponentChildren } from "preact";
import { useId, useMemo, useRef } from "preact/hooks";
import { count as counted } from "../../texts/numbers.ts";
import { count } from "../../texts/sms/count.ts";
import type { Measure } from "../../texts/sms/measure.ts";
import { type CostlySign, costlySigns, prepare, withoutSigns } from "../../texts/sms/prepare.ts";
import { GSM_PART, GSM_SINGLE, UNICODE_PART, UNICODE_SINGLE } from "../../texts/sms/signs.ts";
import { masked } from "../../texts/sms/variables.ts";
import { french } from "../../texts/typography.ts";
import { Button } from "./button.tsx";
import { Counter } from "./counter.tsx";

const MOST_CHARACTERS = 5000;

export interface EditorProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly measure: Measure;
  /** Whose message is the longest. */
  readonly whose?: string | undefined;
  /** Variables that can be put in. */
  readonly names: readonly string[];
  readonly readOnly?: boolean;
  /** What follows below the field. */
  readonly children?: ComponentChildren;
}

/** Where a message is written: what it costs beside it, what makes it cost more marked where it stands. */
export function Editor({ label, hint, error, text, onText, measure, whose, names, readOnly, children }: EditorProps) {
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const costly = useMemo(() => costlySigns(masked(text)), [text]);
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const insert = (name: string) => {
    const field = box.current!;
    const { selectionStart: start, selectionEnd: end } = field;
    onText(`${text.slice(0, start)}((${name}))${text.slice(end)}`);
    const after = start + name.length + 4;
    requestAnimationFrame(() => {
      field.focus();
      field.setSelectionRange(after, after);
    });
  };
  const replace = (signs: readonly CostlySign[]) => {
    onText(withoutSigns(text, signs));
    box.current?.focus();
  };
  return (
    <div class="writing">
      <div class={error ? "field wrong" : "field"}>
        <label for={id}>{label}</label>
        {hint && (
          <p class="hint" id={`${id}-hint`}>
            {french(hint)}
          </p>
        )}
        {error && (
          <p class="error" id={`${id}-error`}>
            <span aria-hidden="true">! </span>
            {french(error)}
          </p>
        )}
        <div class="editor">
          <div class="editor-marks" aria-hidden="true">
            {marked(text, costly)}
          </div>
          <textarea
            ref={box}
            id={id}
            value={text}
            rows={5}
            maxLength={MOST_CHARACTERS}
            readOnly={readOnly}
            spellcheck
            lang="fr"
            {...(about ? { "aria-describedby": about } : {})}
            {...(error ? { "aria-invalid": "true" } : {})}
            onInput={(event) => onText(event.currentTarget.value)}
          />
        </div>
        {names.length > 0 && !readOnly && (
          <p class="insert">
            <span class="soft">{french("Insérer :")}</span>{" "}
            {names.map((name) => (
              <button type="button" class="chip" key={name} onClick={() => insert(name)}>
                <span class="unseen">Insérer la variable </span>
                {name}
              </button>
            ))}
          </p>
        )}
      </div>
      <div class="writing-side">
        <Counter of={measure} whose={whose} />
        {!readOnly && costly.length > 0 && <Advice shown={measure.shown} signs={costly} replace={replace} />}
      </div>
      <div class="writing-rest">{children}</div>
    </div>
  );
}

/** What the signs outside GSM-7 cost, and a click to write them plainly. */
function Advice({ shown, signs, replace }: {
  shown: string;
  signs: readonly CostlySign[];
  replace: (signs: readonly CostlySign[]) => void;
}) {
  const now = count(shown);
  const plain = count(prepare(withoutSigns(shown, costlySigns(shown))));
  const saved = now.smsCount - plain.smsCount;
  const named = (each: CostlySign) => `«\u00a0${each.sign}\u00a0»`;
  const [room, instead] = now.smsCount > 1 ? [UNICODE_PART, GSM_PART] : [UNICODE_SINGLE, GSM_SINGLE];
  const action = (each: CostlySign) => (each.instead ? `Remplacer ${named(each)} par «\u00a0${each.instead}\u00a0»` : `Retirer ${named(each)}`);
  return (
    <div class="advice">
      <p>
        {french(
          `${signs.length > 1 ? "Ces signes raccourcissent" : "Ce signe raccourcit"} chaque SMS à ${room} caractères au lieu de ${instead}${
            saved > 0 ? ` : le message prend ${counted(now.smsCount, "SMS")} au lieu de ${counted(plain.smsCount, "SMS")}.` : ". Cela ne change rien à cette longueur."
          }`,
        )}
      </p>
      <ul class="signs">
        {signs.slice(0, 8).map((each) => (
          <li key={each.sign}>
            <Button onClick={() => replace([each])}>
              {action(each)}
              {each.at.length > 1 && ` (${each.at.length}\u00a0fois)`}
              {signs.length === 1 && saving(saved)}
            </Button>
          </li>
        ))}
      </ul>
      {signs.length > 1 && saved > 0 && (
        <Button onClick={() => replace(signs)}>
          Tout remplacer{saving(saved)}
        </Button>
      )}
    </div>
  );
}

function saving(saved: number): string {
  return saved > 0 ? `\u00a0: \u2212${saved}\u00a0SMS par personne` : "";
}

const VARIABLE = /\(\((?=\s*[^()\s])[^()\n\r]+\)\)/g;

/** The text as the marks behind it: what costs, and where variables stand. */
function marked(text: string, costly: readonly CostlySign[]): ComponentChildren[] {
  const marks = costly.flatMap((each) => each.at.map((at) => ({ at, end: at + each.sign.length, kind: "costly" })));
  for (const found of text.matchAll(VARIABLE)) {
    const end = found.index + found[0].length;
    if (!marks.some((mark) => mark.at < end && mark.end > found.index)) marks.push({ at: found.index, end, kind: "variable" });
  }
  marks.sort((one, other) => one.at - other.at);
  const pieces: ComponentChildren[] = [];
  let end = 0;
  for (const mark of marks) {
    pieces.push(text.slice(end, mark.at), <mark class={mark.kind}>{text.slice(mark.at, mark.end)}</mark>);
    end = mark.end;
  }
  pieces.push(text.slice(end), "\u200b");
  return pieces;
}
