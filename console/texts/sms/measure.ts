import { type SmsCount, count, isGsm, isTooLong } from "./count.ts";
import { prepare } from "./prepare.ts";
import { STAND_IN } from "./signs.ts";
import { type Template, type Values, filled, template, valueFor } from "./variables.ts";

/** What a text comes to, for the recipient whose message is the longest. */
export interface Measure {
  /** As that recipient's phone shows it. */
  readonly shown: string;
  readonly counted: SmsCount;
  readonly tooLong: boolean;
  /** Whether nobody's values are known, and each variable was taken to be ten letters. */
  readonly indicative: boolean;
  /** Index of that recipient, or -1. */
  readonly longest: number;
}

/** Messages that are measured exactly, of those that come near the longest. */
const CANDIDATES = 40;
/** Units by which the estimate of a length may be off: pairs at the end of parts, spaces around the text. */
const SLACK = 6;

/** Measures a text while somebody types, in some milliseconds also for 10,000 recipients. */
export function measure(text: string, people: People): Measure {
  const parsed = template(text);
  if (!parsed.slots.length || !people.size) {
    const shown = prepare(filled(parsed, () => STAND_IN));
    return measured(shown, parsed.slots.length > 0, -1);
  }
  let worst: Measure | null = null;
  for (const index of people.longest(parsed)) {
    const found = measured(prepare(filled(parsed, (name) => people.value(index, name) || STAND_IN)), false, index);
    if (!worst || isLonger(found.counted, worst.counted)) worst = found;
  }
  return worst!;
}

function measured(shown: string, indicative: boolean, longest: number): Measure {
  const counted = count(shown);
  return { shown, counted, tooLong: isTooLong(counted), indicative, longest };
}

function isLonger(one: SmsCount, other: SmsCount): boolean {
  return one.smsCount > other.smsCount || (one.smsCount === other.smsCount && one.characters > other.characters);
}

interface Lengths {
  /** Units of each recipient's value in GSM-7, as it is written plainly; -1 for one that is not in it. */
  readonly septets: Int32Array;
  readonly utf16: Int32Array;
}

/** The values of recipients, measured once for as long as the list stays the same. */
export class People {
  readonly size: number;
  private readonly values: readonly Values[];
  private readonly lengths = new Map<string, Lengths>();

  constructor(values: readonly Values[]) {
    this.values = values;
    this.size = values.length;
  }

  value(index: number, name: string): string | undefined {
    return valueFor(this.values[index]!, name);
  }

  /** Those whose message may be the longest, by adding the lengths of their values. */
  longest(parsed: Template): readonly number[] {
    const columns = parsed.slots.map((name) => this.lengthsOf(name));
    const gsm = isGsm(prepare(parsed.pieces.join("x")));
    const totals = new Int32Array(this.size);
    const unicode = new Uint8Array(this.size);
    let most = 0;
    let mostUnicode = -1;
    for (let index = 0; index < this.size; index++) {
      let septets = 0;
      let utf16 = 0;
      let outside = !gsm;
      for (const column of columns) {
        const own = column.septets[index]!;
        if (own < 0) outside = true;
        septets += own;
        utf16 += column.utf16[index]!;
      }
      totals[index] = outside ? utf16 : septets;
      if (outside) {
        unicode[index] = 1;
        mostUnicode = Math.max(mostUnicode, utf16);
      } else most = Math.max(most, septets);
    }
    // Those as long as the longest first: among many alike, the first may be told of by its row.
    const found: number[] = [];
    const short = (index: number) => (unicode[index] ? mostUnicode : most) - totals[index]!;
    for (let index = 0; index < this.size && found.length < CANDIDATES; index++) if (short(index) === 0) found.push(index);
    for (let index = 0; index < this.size && found.length < 2 * CANDIDATES; index++) if (short(index) > 0 && short(index) <= SLACK) found.push(index);
    return found;
  }

  private lengthsOf(name: string): Lengths {
    let known = this.lengths.get(name);
    if (!known) {
      known = { septets: new Int32Array(this.size), utf16: new Int32Array(this.size) };
      for (let index = 0; index < this.size; index++) {
        const value = this.value(index, name) || STAND_IN;
        // Between letters, so that spaces around the value stay.
        const shown = prepare(`x${value}x`);
        known.septets[index] = isGsm(shown) ? count(shown).characters - 2 : -1;
        known.utf16[index] = value.normalize("NFC").length;
      }
      this.lengths.set(name, known);
    }
    return known;
  }
}
