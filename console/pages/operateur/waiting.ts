import { type Item, call } from "../../api/client.ts";

export type WaitingOrder = Item<"GET /v1/orders">;

/** The overview counts no further either. */
const MOST = 250;

/** What waits in `state`, the nearest deadline first. Throws a `Failure`. */
export async function byDeadline(state: "review" | "question", signal?: AbortSignal): Promise<readonly WaitingOrder[]> {
  const found: WaitingOrder[] = [];
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = { state, ...(cursor ? { cursor } : {}) };
    const answer = (await call("GET /v1/orders", { query, ...(signal ? { signal } : {}) })) as { items: WaitingOrder[]; next_cursor: string | null };
    found.push(...answer.items);
    cursor = answer.next_cursor;
  } while (cursor && found.length < MOST);
  return found.sort((one, other) => one.deadline.localeCompare(other.deadline));
}
