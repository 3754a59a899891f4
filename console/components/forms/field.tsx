import { type ComponentChildren, type HTMLAttributes, type VNode, cloneElement } from "preact";
import { useId } from "preact/hooks";

export interface FieldProps {
  readonly label: string;
  /** Said below the label: what is expected, with an example. */
  readonly hint?: string;
  /** What to mend, in the words of the refusal. */
  readonly error?: string | undefined;
  readonly optional?: boolean;
  /** One `input`, `select` or `textarea`. */
  readonly children: VNode<HTMLAttributes>;
}

/** A label, its control, a hint and an error, tied together for screen readers. */
export function Field({ label, hint, error, optional, children }: FieldProps) {
  const id = useId();
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class={error ? "field wrong" : "field"}>
      <label for={id}>
        {label}
        {optional && <span class="soft"> (facultatif)</span>}
      </label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          <span aria-hidden="true">! </span>
          {error}
        </p>
      )}
      {cloneElement(children, { id, ...(about ? { "aria-describedby": about } : {}), ...(error ? { "aria-invalid": "true" } : {}) })}
    </div>
  );
}

/** A box to tick, with its words beside it. */
export function Check({ label, checked, onChange, disabled }: {
  label: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div class="check">
      <input id={id} type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onChange(event.currentTarget.checked)} />
      <label for={id}>{label}</label>
    </div>
  );
}

/** One of several, each with its words; the question is the legend. */
export function Choice<T extends string>({ legend, options, value, onChange }: {
  legend: string;
  options: readonly { readonly value: T; readonly label: ComponentChildren; readonly hint?: string }[];
  value: T | null;
  onChange: (value: T) => void;
}) {
  const id = useId();
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {options.map((option) => (
        <div class="check" key={option.value}>
          <input
            type="radio"
            id={`${id}-${option.value}`}
            name={id}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            {...(option.hint ? { "aria-describedby": `${id}-${option.value}-hint` } : {})}
          />
          <label for={`${id}-${option.value}`}>{option.label}</label>
          {option.hint && (
            <p class="hint" id={`${id}-${option.value}-hint`}>
              {option.hint}
            </p>
          )}
        </div>
      ))}
    </fieldset>
  );
}
