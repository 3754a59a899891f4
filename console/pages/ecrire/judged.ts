import { batch, signal } from "@preact/signals";
import { type Answer, call } from "../../api/client.ts";
import { type Failure, failureOf } from "../../api/failures.ts";
import { type Letter, type Row, draft } from "./draft.ts";
import { bodyOf, withBody } from "./body.ts";

export type Estimate = Answer<"POST /v1/estimates">;
export type Code = NonNullable<NonNullable<Estimate["per_recipient"]>[number]["refused"]>;

/** What the service says of the recipients, each by the id of its row. */
export interface Judged {
  readonly text: string;
  readonly rows: readonly Row[];
  readonly estimate: Estimate | null;
  readonly refused: ReadonlyMap<number, Code>;
  readonly failure: Failure | null;
  readonly reading: boolean;
}

const NOTHING: Judged = { text: "", rows: [], estimate: null, refused: new Map(), failure: null, reading: false };

export const judged = signal<Judged>(NOTHING);

let running: AbortController | null = null;

/** Ask the service what it would send and refuse, unless it was asked that before. */
export async function judge(rows: readonly Row[], letter: Letter): Promise<void> {
  running?.abort();
  if (!rows.length || !letter.text.trim()) {
    judged.value = NOTHING;
    return;
  }
  const own = (running = new AbortController());
  judged.value = { ...judged.value, reading: true };
  try {
    const estimate = await withBody(rows, letter, (body) => call("POST /v1/estimates", { body, signal: own.signal }));
    if (own.signal.aborted) return;
    judged.value = { text: letter.text, rows, estimate, refused: refusedIn(estimate, rows), failure: null, reading: false };
  } catch (thrown) {
    if (own.signal.aborted) return;
    judged.value = { ...judged.value, failure: failureOf(thrown), reading: false };
  }
}

/**
 * Put `rows` in place of the list, without asking about all of them again: what is said of those that stay, stays. The
 * estimate goes, because it names rows by their places in the list before.
 */
export function changeRows(rows: readonly Row[]): void {
  const { list } = draft();
  const now = judged.value;
  batch(() => {
    if (now.rows === list.value.value.rows) judged.value = { ...now, rows, estimate: null };
    list.value.value = { ...list.value.value, rows, uploaded: undefined };
  });
}

/** Put a mended row in place, and ask about it alone. Throws a `Failure`. */
export async function mendRow(row: Row, letter: Letter): Promise<Code | undefined> {
  changeRows(draft().list.value.value.rows.map((each) => (each.id === row.id ? row : each)));
  const estimate = await call("POST /v1/estimates", { body: bodyOf([row], letter) });
  const code = estimate.per_recipient?.[0]?.refused;
  const refused = new Map(judged.value.refused);
  if (code) refused.set(row.id, code);
  else refused.delete(row.id);
  judged.value = { ...judged.value, refused };
  return code;
}

function refusedIn(estimate: Estimate, rows: readonly Row[]): ReadonlyMap<number, Code> {
  const refused = new Map<number, Code>();
  for (const each of estimate.per_recipient ?? []) if (each.refused) refused.set(rows[each.index]!.id, each.refused);
  return refused;
}
