import { plainCsv } from "../../components/files/saving.ts";
import { valueFor } from "../../texts/sms/variables.ts";
import type { Row } from "./draft.ts";

/** Recipients that the service takes in a call; more are uploaded. */
const MOST_IN_A_CALL = 10_000;
/** Characters of recipients in a call. Lambda takes 6 MB, in which each sign may need several bytes. */
const MOST_CHARACTERS = 2_000_000;
/** Characters of JSON around a recipient, or around a value. */
const AROUND = 40;

/** Whether a call can carry them, which is quicker to tell than to write them all. */
export function fitsInACall(rows: readonly Row[]): boolean {
  if (rows.length > MOST_IN_A_CALL) return false;
  let characters = 0;
  for (const row of rows) {
    characters += row.phone.length + AROUND;
    for (const name in row.values) characters += name.length + row.values[name]!.length + AROUND;
  }
  return characters <= MOST_CHARACTERS;
}

/** A line a row, none of which is empty: the service says of each by its place. */
export function listed(rows: readonly Row[], names: readonly string[]): string {
  return plainCsv([["portable", ...names], ...rows.map((row) => [row.phone || "?", ...names.map((name) => valueFor(row.values, name) ?? "")])]);
}
