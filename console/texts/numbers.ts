import { NBSP, THIN, plural } from "./typography.ts";

const whole = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 0 });
const money = new Intl.NumberFormat("fr-FR", { style: "currency", currency: "EUR" });

/** `2 000`. A negative number has a minus sign, not a hyphen. */
export function number(value: number): string {
  return whole.format(value).replace("-", "\u2212");
}

/** `+2 000` or `−216`: a movement of the stock. */
export function signed(value: number): string {
  return (value > 0 ? "+" : "") + number(value);
}

/** `1 SMS`, `208 personnes`, with a space that no line breaks at. */
export function count(value: number, one: string, many?: string): string {
  return `${number(value)}${NBSP}${one === "SMS" ? one : plural(value, one, many)}`;
}

/** Euros as the API writes them, `"1234.50"`, as people read them: `1 234,50 €`. */
export function euros(amount: string | number): string {
  return money.format(Number(amount)).replace("-", "\u2212");
}

/** A French number as it is dialled: `06 12 34 56 50`; others in groups after their prefix. */
export function phone(e164: string): string {
  const national = /^\+33([1-9])(\d{8})$/.exec(e164);
  if (!national) return e164.replace(/^\+(\d{2,3})(\d+)$/, (_, prefix: string, rest: string) => `+${prefix}${NBSP}${rest}`);
  return `0${national[1]}${national[2]!.replace(/(\d{2})/g, `${NBSP}$1`)}`;
}

/** `12 %`, rounded, but never 0 % or 100 % of what is not. */
export function percent(part: number, of: number): string {
  const exact = of === 0 ? 0 : (100 * part) / of;
  const rounded = exact > 0 && exact < 1 ? 1 : exact > 99 && exact < 100 ? 99 : Math.round(exact);
  return `${rounded}${THIN}%`;
}
