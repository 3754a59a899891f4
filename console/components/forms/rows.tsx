type Texts = Readonly<Record<string, string>>;

export interface RowField<T extends Texts> {
  readonly name: keyof T & string;
  readonly label: string;
  readonly input: { readonly maxLength?: number; readonly inputMode?: "numeric" | "decimal"; readonly autocapitalize?: "characters" };
}

/** Rows of short fields that are saved as a whole, each field with its label. */
export function RowFields<T extends Texts>({ fields, rows, onChange }: { fields: readonly RowField<T>[]; rows: readonly T[]; onChange: (rows: readonly T[]) => void }) {
  const change = (at: number, name: string, value: string) => onChange(rows.map((row, index) => (index === at ? { ...row, [name]: value } : row)));
  return (
    <>
      {rows.map((row, index) => (
        <div class="field-row" key={index}>
          {fields.map(({ name, label, input }) => (
            <label key={name}>
              {label}
              <input {...input} value={row[name]} onInput={(event) => change(index, name, event.currentTarget.value)} />
            </label>
          ))}
        </div>
      ))}
    </>
  );
}
