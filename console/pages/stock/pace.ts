import type { Item } from "../../api/client.ts";
import { isoDay } from "../../texts/dates.ts";

export type Usage = Item<"GET /v1/usage">;

const DAY_MS = 86_400_000;
const WEEKS = 8;
const SCHOOL_DAYS = 5;
/** Weeks with lessons in a French school year, and those from its first day to its last lesson. */
const LESSON_WEEKS = 36;
const WEEKS_TO_LAST_LESSON = 44;
/** Days without lessons at the end: a school year runs until the next return. */
const SUMMER_DAYS = 56;

/** `day` and a number of days, in the calendar alone: `2026-11-30`. */
export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS);
}

/**
 * SMS that a school day costs: over the last eight weeks, without those in which nothing was sent, holidays among them.
 * Null where nothing was sent. What came back to the stock is no cost.
 */
export function pace(days: readonly Usage[], today: string = isoDay(new Date())): number | null {
  const spent = new Map<number, number>();
  for (const each of days) {
    const week = Math.floor(daysBetween(each.day, today) / 7);
    if (week < 0 || week >= WEEKS || !each.debit) continue;
    spent.set(week, (spent.get(week) ?? 0) - each.debit - each.release);
  }
  const total = [...spent.values()].reduce((sum, week) => sum + Math.max(week, 0), 0);
  return total > 0 ? total / (spent.size * SCHOOL_DAYS) : null;
}

/** About how many school days a year still has, which ends on `lastDay`, the day before the next return. */
export function schoolDaysLeft(lastDay: string, today: string = isoDay(new Date())): number {
  const left = Math.max(daysBetween(today, lastDay) - SUMMER_DAYS, 0);
  return Math.round((left * SCHOOL_DAYS * LESSON_WEEKS) / (7 * WEEKS_TO_LAST_LESSON));
}
