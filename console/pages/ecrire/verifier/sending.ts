import { type Answer, call } from "../../../api/client.ts";
import { type Failure, Refusal, failureOf, mayBeDone } from "../../../api/failures.ts";
import { type Letter, type Row, changeLetter, draft, startOver } from "../draft.ts";
import { withBody } from "../body.ts";

export type Accepted = Answer<"POST /v1/send-requests">;

/** What the service accepted in this window: it holds numbers, so it is kept in memory alone. */
export const accepted = new Map<string, Accepted>();

const ATTEMPTS = 4;
const PAUSE_MS = 1500;

/** Begin an attempt of this letter: its key is made once and kept with the draft. */
export function keyed(): string {
  const { letter } = draft();
  if (!letter.value.value.key) changeLetter({ key: crypto.randomUUID() });
  return letter.value.value.key;
}

/**
 * Send it, with one key for all attempts, so that a lost answer is asked for again and nothing goes out twice. Throws a
 * `Failure`; after `Offline` or 503 it may have been accepted, and the next attempt says so.
 */
export async function send(rows: readonly Row[], letter: Letter, { confirmDuplicates = false } = {}): Promise<Accepted> {
  const idempotencyKey = keyed();
  changeLetter({ unanswered: true });
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await withBody(rows, letter, (body) =>
        call("POST /v1/send-requests", { body: { ...body, ...(confirmDuplicates ? { confirm_duplicates: true } : {}) }, idempotencyKey }),
      );
      accepted.set(answer.id, answer);
      startOver();
      return answer;
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (isOpen(failure) && attempt < ATTEMPTS) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
        continue;
      }
      // A refusal is an answer: nothing was accepted, and another body may follow under another key.
      if (failure instanceof Refusal && !isOpen(failure)) changeLetter({ unanswered: false, key: "" });
      throw failure;
    }
  }
}

/** Whether the service may have accepted it all the same. */
export function isOpen(failure: Failure): boolean {
  return mayBeDone(failure) || (failure instanceof Refusal && failure.status === 429);
}
