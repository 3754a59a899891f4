import type { School } from "../school.tsx";

/** What the form of a school holds, as it is typed. */
export interface Sheet {
  readonly uai: string;
  readonly name: string;
  readonly siret: string;
  readonly line1: string;
  readonly line2: string;
  readonly postcode: string;
  readonly city: string;
  readonly addressCountry: string;
  readonly managers: readonly { readonly name: string; readonly email: string }[];
  readonly subscription_end: string;
  readonly calendar: string;
  readonly low_balance_threshold: string;
  readonly sender_name: string;
  readonly daily_limit: string;
  readonly vat_rate: string;
  readonly country: string;
  readonly order_senders: string;
  readonly confirm_past_end: boolean;
}

/** Threshold of the service for a school that says none. */
const USUAL_THRESHOLD = "100";

export function emptySheet(): Sheet {
  return {
    ...{ uai: "", name: "", siret: "", line1: "", line2: "", postcode: "", city: "", addressCountry: "FR", managers: [{ name: "", email: "" }], subscription_end: "" },
    ...{ calendar: "", low_balance_threshold: USUAL_THRESHOLD, sender_name: "", daily_limit: "", vat_rate: "", country: "", order_senders: "", confirm_past_end: false },
  };
}

export function sheetOf(school: School): Sheet {
  const { address } = school;
  return {
    ...{ uai: school.uai, name: school.name, siret: school.siret, subscription_end: school.subscription_end, managers: school.managers, confirm_past_end: false },
    ...{ line1: address.line1, line2: address.line2 ?? "", postcode: address.postcode, city: address.city, addressCountry: address.country },
    calendar: school.calendar,
    low_balance_threshold: String(school.low_balance_threshold),
    sender_name: school.sender_name ?? "",
    daily_limit: school.daily_limit === null ? "" : String(school.daily_limit),
    vat_rate: school.vat_rate.replace(".", ","),
    country: school.country,
    order_senders: school.order_senders.join("\n"),
  };
}

/** The body of `PUT /v1/schools/{uai}`; what is left empty has the default of the service or of the territory. */
export function bodyOf(sheet: Sheet) {
  const whole = (written: string) => Number(written.replace(/\s/g, ""));
  const empty = (written: string) => written.trim() || null;
  return {
    name: sheet.name.trim(),
    siret: sheet.siret.replace(/\s/g, ""),
    address: { line1: sheet.line1.trim(), line2: empty(sheet.line2), postcode: sheet.postcode.trim(), city: sheet.city.trim(), country: sheet.addressCountry },
    managers: sheet.managers.filter((each) => each.name.trim() || each.email.trim()).map((each) => ({ name: each.name.trim(), email: each.email.trim() })),
    subscription_end: sheet.subscription_end,
    calendar: (sheet.calendar || null) as School["calendar"] | null,
    ...(sheet.low_balance_threshold.trim() ? { low_balance_threshold: whole(sheet.low_balance_threshold) } : {}),
    sender_name: empty(sheet.sender_name),
    daily_limit: sheet.daily_limit.trim() ? whole(sheet.daily_limit) : null,
    vat_rate: empty(sheet.vat_rate.replace(",", ".")),
    country: empty(sheet.country),
    order_senders: sheet.order_senders.split(/[\s;,]+/).filter(Boolean),
    ...(sheet.confirm_past_end ? { confirm_past_end: true } : {}),
  };
}
