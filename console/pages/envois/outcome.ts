import { number } from "../../texts/numbers.ts";
import { plural } from "../../texts/typography.ts";

const WORDS: readonly (readonly [readonly string[], string, string])[] = [
  [["delivered"], "reçu", "reçus"],
  [["queued", "sent", "uncertain"], "en attente", "en attente"],
  [["undeliverable"], "injoignable", "injoignables"],
  [["expired"], "sans nouvelles", "sans nouvelles"],
  [["failed"], "non parti", "non partis"],
  [["cancelled"], "annulé", "annulés"],
];

/** What became of the messages of a request in a few words: `204 reçus, 3 injoignables`. */
export function outcome(totals: Readonly<Record<string, number>>): string {
  return WORDS.flatMap(([statuses, one, many]) => {
    const total = statuses.reduce((sum, status) => sum + (totals[status] ?? 0), 0);
    return total ? [`${number(total)}\u00a0${plural(total, one, many)}`] : [];
  }).join(", ");
}
