import type { Answer } from "../../../api/client.ts";
import { number } from "../../../texts/numbers.ts";

export type ReviewedOrder = Answer<"GET /v1/orders/{id}">;
export type RegisteredSchool = Answer<"GET /v1/schools/{uai}">;

const NAMES: Readonly<Record<string, string>> = {
  order_id: "Numéro du bon",
  uai: "Code UAI",
  siret: "SIRET",
  school_name: "Établissement",
  address: "Adresse",
  contact_name: "Contact",
  contact_role: "Fonction du contact",
  contact_email: "Adresse électronique",
  contact_phone: "Téléphone",
  service_code: "Code service",
  engagement_number: "Numéro d’engagement",
  total_ht: "Total HT",
  vat: "TVA",
  total_ttc: "Total TTC",
  accept_terms: "Conditions acceptées",
  place_and_date: "Lieu et date",
  signature: "Signature",
};
const ORDER = Object.keys(NAMES);

/** A line of what was read: its name, what stands on the form, what stood there when it was issued, and what is registered. */
export interface ReadLine {
  readonly field: string;
  readonly name: string;
  readonly read: string;
  readonly issued: Other | null;
  readonly registered: Other | null;
}

/** What the form is compared with, and whether it differs from that. */
export interface Other {
  readonly value: string;
  readonly differs: boolean;
}

export function differs(line: ReadLine): boolean {
  return Boolean(line.issued?.differs || line.registered?.differs);
}

/** What was read of a form, beside what was issued and what is registered; what differs comes first, then as on the form. */
export function readLines(order: ReviewedOrder, school: RegisteredSchool | null): readonly ReadLine[] {
  const expected: Readonly<Record<string, string>> = school
    ? { uai: school.uai, siret: school.siret, school_name: school.name, contact_email: school.managers.map((each) => each.email).join(", ") }
    : {};
  const lines = Object.entries(order.read ?? {}).map(([field, value]): ReadLine => {
    const registered = expected[field];
    const issued = order.issued?.[field];
    const known = field === "contact_email" ? (registered ?? "").split(", ") : [registered ?? ""];
    return {
      field,
      name: nameOf(field),
      read: shown(value),
      issued: issued === undefined ? null : { value: shown(issued), differs: !alike(issued, value) },
      registered: registered === undefined ? null : { value: registered, differs: !known.some((each) => alike(each, value)) },
    };
  });
  return lines.sort((one, other) => Number(differs(other)) - Number(differs(one)) || placeOf(one.field) - placeOf(other.field));
}

function alike(one: string, other: string): boolean {
  const plain = (text: string) => text.normalize("NFD").replace(/[\u0300-\u036f\s’'.,-]/g, "").toLowerCase();
  return plain(one) === plain(other);
}

function nameOf(field: string): string {
  return field.startsWith("qty_") ? `Packs ${field.slice(4)}` : (NAMES[field] ?? field);
}

function placeOf(field: string): number {
  if (field.startsWith("qty_")) return ORDER.indexOf("total_ht") - 0.5;
  const at = ORDER.indexOf(field);
  return at < 0 ? ORDER.length : at;
}

function shown(value: string): string {
  return value === "yes" ? "oui" : value.replace(/\s*\n\s*/g, ", ");
}

/** Packs that can be accepted, with the quantities read: those of the price list, and those that the form names. */
export function packsOf(order: ReviewedOrder, prices: readonly { readonly id: string; readonly sms: number }[]): readonly { id: string; label: string; sms: number | null; read: number }[] {
  const named = [...prices.map((each) => each.id), ...Object.keys(order.packs), ...Object.keys(order.read ?? {}).filter((each) => each.startsWith("qty_")).map((each) => each.slice(4))];
  return [...new Set(named)].map((id) => {
    const sms = prices.find((each) => each.id === id)?.sms ?? null;
    const written = Number(order.read?.[`qty_${id}`]);
    return { id, sms, label: sms ? `Packs de ${number(sms)} SMS` : `Packs ${id}`, read: order.packs[id] ?? (Number.isInteger(written) && written > 0 ? written : 0) };
  });
}
