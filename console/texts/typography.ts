/** Spaces that no line breaks at, as French typography wants them. */
export const NBSP = "\u00a0";
export const THIN = "\u202f";

/** `text` as French is typeset: no line breaks before « : ; ! ? » or inside the guillemets, and apostrophes are curved. */
export function french(text: string): string {
  return text
    .replace(/(\p{L})'(?=\p{L})/gu, "$1’")
    .replace(/ ?([;!?])(?=[\s»)]|$)/g, (found, sign: string) => (found.startsWith(" ") ? THIN + sign : sign))
    .replace(/ :(?=\s|$)/g, `${NBSP}:`)
    .replace(/«[ \u00a0\u202f]*/g, `«${NBSP}`)
    .replace(/[ \u00a0\u202f]*»/g, `${NBSP}»`)
    .replace(/(\d) (?=(SMS|€|%|h|min|ans?|jours?|personnes?|caractères?)(?![\p{L}]))/gu, `$1${NBSP}`)
    .replace(/(\d) (?=\d{3}(?!\d))/g, `$1${THIN}`);
}

/** What somebody wrote, sign for sign, but that no line begins with « : ; ! ? » or ends with « «. */
export function unbroken(text: string): string {
  return text.replace(/ (?=[:;!?»])/g, NBSP).replace(/« /g, `«${NBSP}`);
}

/** `one` or `many` after a count: in French what is below two is singular. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return Math.abs(count) < 2 ? one : many;
}
