const VARIABLE = /\(\((?=\s*[^()\s])([^()\n\r]+)\)\)/g;

export type Values = Readonly<Record<string, string>>;

/** A text with variables written `((prenom))`, taken apart: one piece more than there are names between them. */
export interface Template {
  readonly pieces: readonly string[];
  readonly slots: readonly string[];
  /** Distinct, in order of appearance, as first written. */
  readonly names: readonly string[];
}

export function template(text: string): Template {
  const pieces: string[] = [];
  const slots: string[] = [];
  let end = 0;
  for (const found of text.matchAll(VARIABLE)) {
    pieces.push(text.slice(end, found.index));
    slots.push(found[1]!.trim());
    end = found.index + found[0].length;
  }
  pieces.push(text.slice(end));
  const names = new Map<string, string>();
  for (const slot of slots) if (!names.has(nameKey(slot))) names.set(nameKey(slot), slot);
  return { pieces, slots, names: [...names.values()] };
}

/** The text with a value in each place; a variable without a value stays as it is written. */
export function filled({ pieces, slots }: Template, valueOf: (name: string) => string | undefined): string {
  let text = pieces[0]!;
  for (const [index, slot] of slots.entries()) text += (valueOf(slot) ?? `((${slot}))`) + pieces[index + 1]!;
  return text;
}

/** The value that `values` have for `name`, whatever its case or accents. */
export function valueFor(values: Values, name: string): string | undefined {
  if (Object.hasOwn(values, name)) return values[name];
  const key = nameKey(name);
  for (const given in values) if (nameKey(given) === key) return values[given];
  return undefined;
}

const keys = new Map<string, string>();

/** The key under which `Prénom`, ` prenom ` and `PRENOM` are one variable, and `l’âge` is `l'age`. */
export function nameKey(name: string): string {
  let key = keys.get(name);
  if (key === undefined) {
    const typed = name.toUpperCase().toLowerCase().replace(/[‘’ʼ´`′]/g, "'").replace(/[‐‑‒–—―−]/g, "-");
    key = typed.normalize("NFKD").toLowerCase().replace(/[\p{M}\p{Cf}\p{Cc}]/gu, (sign) => (/\s/.test(sign) ? sign : "")).trim().replace(/\s+/g, " ");
    if (keys.size > 5000) keys.clear();
    keys.set(name, key);
  }
  return key;
}

/** `text` with its variables hidden behind letters, so that every other sign keeps its place. */
export function masked(text: string): string {
  return text.replace(VARIABLE, (found) => "x".repeat(found.length));
}
