import { call } from "../../api/client.ts";
import { isoDay } from "../../texts/dates.ts";
import { type Usage, plusDays } from "./pace.ts";

/** The running school year of the school, and what its stock did on each day of it. */
export interface Year {
  /** `2026-2027`. */
  readonly label: string | null;
  readonly start: string;
  /** The last day, that before the next return. */
  readonly end: string;
  readonly days: readonly Usage[];
}

/** Read it. A school whose calendar is not published yet is shown the last twelve months. Throws a `Failure`. */
export async function readYear(signal: AbortSignal): Promise<Year> {
  const { running } = await call("GET /v1/purges", { signal });
  const today = isoDay(new Date());
  const start = running?.first_day ?? plusDays(today, -365);
  const days: Usage[] = [];
  let cursor: string | null = null;
  do {
    const query = { from: start, to: today, ...(cursor ? { cursor } : {}) };
    const read: { items: Usage[]; next_cursor: string | null } = await call("GET /v1/usage", { query, signal });
    days.push(...read.items);
    cursor = read.next_cursor;
  } while (cursor);
  return { label: running?.school_year ?? null, start, end: running?.last_day ?? today, days };
}
