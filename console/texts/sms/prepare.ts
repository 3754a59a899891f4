import { isGsm } from "./count.ts";
import { AROUND, BIDI_CONTROLS, EMOJI_BLOCKS, LOST, PLAIN, STRIPPED, UNSEEN_FILLERS } from "./signs.ts";

const around = new Set(AROUND);
const forbidden = new Set([...BIDI_CONTROLS, LOST]);
const fillers = new Set(UNSEEN_FILLERS);

/** The text as it is sent and counted where `encoding` is `auto`: see `prepare` in `domain/texts/typography.py`. */
export function prepare(text: string): string {
  return trimmed(withLineFeeds(inPlainSigns(text)));
}

function inPlainSigns(text: string): string {
  if (isGsm(text)) return text;
  const composed = lineFeeds(text.normalize("NFC"));
  if (isGsm(composed)) return composed;
  const plain = translated(composed).normalize("NFC");
  return isGsm(plain) ? plain : composed;
}

function lineFeeds(text: string): string {
  return text.replace(/[\u2028\u2029]/g, "\n");
}

function withLineFeeds(text: string): string {
  return text.includes("\r") ? text.replaceAll("\r\n", "\n").replaceAll("\r", "\n") : text;
}

function translated(text: string): string {
  let plain = "";
  for (const sign of text) plain += PLAIN[sign] ?? sign;
  return plain;
}

function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && around.has(text[start]!)) start++;
  while (end > start && around.has(text[end - 1]!)) end--;
  return text.slice(start, end);
}

/** The signs of GSM-7 that read like `written`: `e` for `ê`; empty for an invisible one, `?` if there are none. */
export function nearestGsm(written: string): string {
  return [...lineFeeds(written.normalize("NFC"))].map(nearest).join("");
}

function nearest(sign: string): string {
  const plain = PLAIN[sign] ?? sign;
  if (isGsm(plain)) return plain;
  const stripped = STRIPPED[sign];
  if (stripped !== undefined) return stripped;
  if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(sign)) return "";
  const parts = [...sign.normalize("NFKD")].filter((part) => !/^\p{M}$/u.test(part));
  const base = translated(parts.map((part) => STRIPPED[part] ?? part).join(""));
  return base && isGsm(base) ? base : "?";
}

/** A sign outside GSM-7 in a text, as one sees it: an emoji of several code points is one. */
export interface CostlySign {
  readonly sign: string;
  /** Indices in the text. */
  readonly at: readonly number[];
  /** What it can be written as, or "" to leave it out; null for one that nothing reads like, such as an emoji. */
  readonly instead: string | null;
}

const graphemes = new Intl.Segmenter("fr", { granularity: "grapheme" });

/**
 * The signs for which the whole text is counted in shorter SMS, each once. Those that cost nothing, because the service
 * writes them plainly (`’`, `«`), are not among them, unless others are: then the text goes out as it is written.
 */
export function costlySigns(text: string): readonly CostlySign[] {
  if (isGsm(prepare(text))) return [];
  const found = new Map<string, number[]>();
  for (const { segment, index } of graphemes.segment(text)) {
    if (isGsm(segment) || isPlain(segment)) continue;
    const known = found.get(segment);
    if (known) known.push(index);
    else found.set(segment, [index]);
  }
  return [...found].map(([sign, at]) => ({ sign, at, instead: insteadOf(sign) }));
}

function isPlain(segment: string): boolean {
  return isGsm(translated(segment.normalize("NFC")).normalize("NFC"));
}

function insteadOf(segment: string): string | null {
  const written = nearestGsm(segment);
  if (written.includes("?")) return null;
  return written;
}

/** `text` with each of its `signs` written plainly; what nothing reads like is left out. */
export function withoutSigns(text: string, signs: readonly CostlySign[]): string {
  const places = signs.flatMap(({ sign, at, instead }) => at.map((start) => ({ start, end: start + sign.length, instead: instead ?? "" })));
  places.sort((one, other) => other.start - one.start);
  let written = text;
  for (const { start, end, instead } of places) written = written.slice(0, start) + instead + written.slice(end);
  return written;
}

/** What no SMS can carry: controls, marks of direction, what a program could not read. "" if all is well. */
export function unsendable(text: string): string {
  for (const sign of text) {
    if (sign === "\n" || sign === "\r") continue;
    if (forbidden.has(sign)) return sign;
    if (/^[\p{Cc}\p{Cn}\p{Cs}]$/u.test(sign) && !isEmojiToCome(sign)) return sign;
  }
  return "";
}

/** Whether a phone would show nothing. */
export function isBlank(text: string): boolean {
  for (const sign of text) if (isEmojiToCome(sign) || (!/^[\p{Z}\p{C}\p{M}]$/u.test(sign) && !fillers.has(sign))) return false;
  return true;
}

function isEmojiToCome(sign: string): boolean {
  const code = sign.codePointAt(0)!;
  return code >= EMOJI_BLOCKS[0]! && code < EMOJI_BLOCKS[1]!;
}
