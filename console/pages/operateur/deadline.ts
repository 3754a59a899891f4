import { isoDay, when } from "../../texts/dates.ts";
import { NBSP } from "../../texts/typography.ts";

const HOUR = 3_600_000;

/** Hours of working days of Paris from `now` until `deadline`: no Saturday, no Sunday, none of `daysOff`. */
export function workingHours(deadline: string, daysOff: readonly string[], now: Date = new Date()): number {
  const end = Date.parse(deadline);
  const off = new Set(daysOff);
  let left = 0;
  for (let at = now.getTime(); at < end; ) {
    const next = Math.min(end, (Math.floor(at / HOUR) + 1) * HOUR); // midnight of Paris is at a full hour
    const day = isoDay(new Date(at));
    const weekend = [0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay());
    if (!weekend && !off.has(day)) left += (next - at) / HOUR;
    at = next;
  }
  return left;
}

export interface Urgency {
  readonly words: string;
  readonly tone: "bad" | "attention" | "neutral";
}

/** How urgent a deadline is: `reste 3 h 20 ouvrées`, `dépassée depuis hier à 16 h`. The last quarter of its 24 hours is near. */
export function urgency(deadline: string, daysOff: readonly string[], now: Date = new Date()): Urgency {
  if (Date.parse(deadline) <= now.getTime()) return { words: `dépassée depuis ${when(deadline, now)}`, tone: "bad" };
  const hours = workingHours(deadline, daysOff, now);
  const minutes = Math.floor(hours * 60);
  const whole = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const left = whole >= 1 ? `${whole}${NBSP}h${rest && whole < 6 ? `${NBSP}${String(rest).padStart(2, "0")}` : ""} ouvrées` : `${minutes}${NBSP}min`;
  return { words: `reste ${left}`, tone: hours <= 6 ? "attention" : "neutral" };
}

