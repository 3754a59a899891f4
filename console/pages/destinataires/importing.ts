import Papa from "papaparse";
import { type Answer, call } from "../../api/client.ts";
import { type Sheet, Unreadable } from "../ecrire/destinataires/reading.ts";

type Answered = Answer<"POST /v1/consents/import">;

/** A row that was refused, with its cells. */
export interface Wrong {
  /** As the spreadsheet numbers it. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly detail: string;
}

export interface Imported {
  readonly recorded: number;
  readonly unchanged: number;
  readonly wrong: readonly Wrong[];
}

/** Rows of one call: the API takes 5,000, and one sees it move. */
const PIECE = 1000;

/** Record the rows below the headings, a piece at a time; `onDone` hears how many are done. Throws a `Failure` or `Unreadable`. */
export async function importSheet(sheet: Sheet, onDone: (done: number) => void): Promise<Imported> {
  const [headings, ...rows] = sheet.cells;
  if (!headings || !rows.length) throw new Unreadable("La liste est vide : elle a une ligne de titres, puis une ligne par destinataire.");
  let result: Imported = { recorded: 0, unchanged: 0, wrong: [] };
  for (let start = 0; start < rows.length; start += PIECE) {
    const piece = rows.slice(start, start + PIECE);
    const body = Papa.unparse([headings, ...piece], { delimiter: ";" });
    const answer: Answered = await call("POST /v1/consents/import", { body, contentType: "text/csv; charset=utf-8" });
    const wrong = answer.errors.map((error) => ({ line: sheet.lines[start + error.row - 1] ?? error.row, cells: piece[error.row - 2] ?? [], detail: error.detail }));
    result = { recorded: result.recorded + answer.recorded, unchanged: result.unchanged + answer.unchanged, wrong: [...result.wrong, ...wrong] };
    onDone(Math.min(start + PIECE, rows.length));
  }
  return result;
}
