import { MESSAGE_WORDS, MOBILE_WORDS, NUMBER_WORDS, PHONE_WORDS, RUN_TOGETHER, WORDS_AROUND } from "../../../texts/sms/signs.ts";
import { nameKey } from "../../../texts/sms/variables.ts";

const mobile = new Set<string>(MOBILE_WORDS);
const phone = new Set<string>(PHONE_WORDS);
const numbers = new Set<string>(NUMBER_WORDS);
const message = new Set<string>(MESSAGE_WORDS);
const around = new Set<string>(WORDS_AROUND);
const runTogether = new RegExp(`^(?:${RUN_TOGETHER})+$`);
const parts = new RegExp(RUN_TOGETHER, "g");

/** The column that has the mobile numbers, by its heading, as the service finds it; -1 if none is headed so. */
export function phoneColumn(headings: readonly string[]): number {
  let best = -1;
  let bestRank = Infinity;
  for (const [column, heading] of headings.entries()) {
    const rank = rankOf(heading);
    if (rank !== null && rank < bestRank) [best, bestRank] = [column, rank];
  }
  return best;
}

function rankOf(heading: string): number | null {
  const key = nameKey(heading).replace(/[^\p{L}\p{N}]+/gu, " ");
  const words = [...key.matchAll(/[a-z]+|[0-9]+/g)].flatMap(([token]) => wordsOf(token));
  const has = (set: ReadonlySet<string>) => words.some((word) => set.has(word));
  if (!words.every((word) => isKnown(word) || /^\d+$/.test(word))) return null;
  if (has(mobile)) return 0;
  if (has(phone) || (has(numbers) && has(message))) return 1;
  return words.length > 0 && words.every((word) => numbers.has(word)) ? 2 : null;
}

function isKnown(word: string): boolean {
  return mobile.has(word) || phone.has(word) || numbers.has(word) || around.has(word) || message.has(word);
}

/** The words of a token, in the singular: `TelPortableResp1` has four. */
function wordsOf(token: string): readonly string[] {
  const singular = isKnown(token) ? token : token.replace(/s$/, "");
  return !isKnown(singular) && runTogether.test(singular) ? singular.match(parts)! : [singular];
}
