import { NBSP } from "./typography.ts";

/** Clock of the schools and of the operator; what the API answers is UTC. */
const zone = "Europe/Paris";
const day = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, weekday: "long", day: "numeric", month: "long" });
const dayOfYear = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, day: "numeric", month: "long", year: "numeric" });
const time = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, hour: "numeric", minute: "2-digit", hour12: false });
const short = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, day: "2-digit", month: "2-digit", year: "numeric" });
const iso = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });

/** A day without a time, `2026-11-30`, is the same day everywhere: noon keeps it so. */
function moment(written: string | Date): Date {
  if (written instanceof Date) return written;
  return new Date(/^\d{4}-\d{2}-\d{2}$/.test(written) ? `${written}T12:00:00Z` : written);
}

/** French writes the first of a month as an ordinal, and its day stays with its month. */
function polished(text: string): string {
  return text.replace(/(^|\s)1(?= \p{L})/u, "$11er").replace(/(\d(?:er)?) (?=\p{L})/u, `$1${NBSP}`);
}

/** `lundi 30 novembre`. */
export function weekday(written: string | Date): string {
  return polished(day.format(moment(written)));
}

/** `30 novembre 2026`. */
export function date(written: string | Date): string {
  return polished(dayOfYear.format(moment(written)));
}

/** `30/11/2026`: in tables only. */
export function shortDate(written: string | Date): string {
  return short.format(moment(written));
}

/** `7 h 45`, `16 h`. */
export function clock(written: string | Date): string {
  const parts = Object.fromEntries(time.formatToParts(moment(written)).map((part) => [part.type, part.value]));
  const minutes = parts["minute"] === "00" ? "" : `${NBSP}${parts["minute"]}`;
  return `${Number(parts["hour"])}${NBSP}h${minutes}`;
}

/** What an input of type `time` holds, `07:45`, as `7 h 45`. */
export function clockTime(written: string): string {
  const [hours, minutes] = written.split(":");
  return `${Number(hours)}${NBSP}h${minutes === "00" ? "" : `${NBSP}${minutes}`}`;
}

/** `aujourd’hui à 7 h 45`, `hier à 16 h`, `lundi 30 novembre à 8 h`, and with the year if it is another one. */
export function when(written: string | Date, now: Date = new Date()): string {
  return `${dayWord(written, now)} à ${clock(written)}`;
}

/** `aujourd’hui`, `demain`, `hier`, `lundi 30 novembre`, or with its year if that is another one. */
export function dayWord(written: string | Date, now: Date = new Date()): string {
  const at = moment(written);
  const apart = Math.round((Date.parse(isoDay(at)) - Date.parse(isoDay(now))) / 86_400_000);
  if (apart === 0) return "aujourd’hui";
  if (apart === 1) return "demain";
  if (apart === -1) return "hier";
  return Math.abs(apart) < 180 ? weekday(at) : date(at);
}

/** The day of a moment in Paris, `2026-11-30`. */
export function isoDay(written: string | Date): string {
  return iso.format(moment(written));
}
