import Papa from "papaparse";
import { unguarded } from "../../../components/files/saving.ts";
import { nameKey } from "../../../texts/sms/variables.ts";
import type { Row } from "../draft.ts";
import { phoneColumn } from "./headings.ts";

export const MOST_RECIPIENTS = 30_000;
const MOST_BYTES = 20_000_000;
const SEPARATORS = [";", "\t", ","];

/** A list as it was read: rows of cells, and which column has the numbers. */
export interface Read {
  readonly rows: readonly Omit<Row, "id">[];
}

/** What keeps a list from being read, in French. */
export class Unreadable extends Error {}

/** A spreadsheet's rows that are not empty, each with its number there. */
export interface Sheet {
  readonly cells: readonly (readonly string[])[];
  readonly lines: readonly number[];
}

/** The cells of a file. Throws `Unreadable`. */
export async function readSheet(file: File): Promise<Sheet> {
  return table(await textOf(file));
}

/** The recipients in a file. Throws `Unreadable`. */
export async function readFile(file: File, names: readonly string[]): Promise<Read> {
  return readList(await textOf(file), names);
}

async function textOf(file: File): Promise<string> {
  if (file.size > MOST_BYTES) throw new Unreadable("Ce fichier dépasse 20 Mo : gardez les colonnes utiles, ou partagez-le en plusieurs.");
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isBinary(bytes)) throw new Unreadable("Ce fichier n’est pas un CSV. Dans votre tableur : Fichier, Enregistrer sous, type « CSV ». Vous pouvez aussi copier les cellules et les coller ici.");
  return decoded(bytes);
}

/** The recipients in what was pasted or read. `names` are the variables of the message, for columns without a heading. Throws `Unreadable`. */
export function readList(text: string, names: readonly string[]): Read {
  const { cells, lines } = table(text);
  if (!cells.length) throw new Unreadable("Il n’y a rien à lire : collez un numéro par ligne, ou les cellules de votre tableur.");
  const headings = cells[0]!;
  const headed = phoneColumn(headings);
  if (headed >= 0 && !headings.some(looksLikeNumber)) return headedRows(cells, lines, headed);
  if (cells.every((row) => row.every((cell) => !cell || looksLikeNumber(cell))))
    return { rows: cells.flatMap((row, index) => row.filter(Boolean).map((phone) => ({ line: lines[index]!, phone: plain(phone), values: {} }))) };
  const column = mostNumbers(cells);
  if (column < 0)
    throw new Unreadable("Aucune colonne de numéros n’est reconnue. La première ligne doit porter les titres : nommez-y « portable » la colonne des numéros.");
  // A first row without a number is one of headings, whatever it says.
  return looksLikeNumber(headings[column] ?? "") ? unheadedRows(cells, lines, column, names) : headedRows(cells, lines, column);
}

function headedRows(cells: readonly string[][], lines: readonly number[], column: number): Read {
  const headings = cells[0]!.map((heading) => heading.replace(/[\p{Cf}]/gu, "").replace(/\s+/g, " ").trim());
  const taken = new Set<string>();
  const names = headings.map((heading, index) => {
    if (index === column || !heading || taken.has(nameKey(heading))) return "";
    taken.add(nameKey(heading));
    return heading;
  });
  if (cells.length < 2) throw new Unreadable("La liste n’a que des titres : ajoutez une ligne par destinataire.");
  return { rows: cells.slice(1).map((row, index) => rowOf(row, lines[index + 1]!, column, names)) };
}

/** Columns beside the numbers are taken for the variables of the message, in their order. */
function unheadedRows(cells: readonly string[][], lines: readonly number[], column: number, wanted: readonly string[]): Read {
  const others = [...wanted];
  const widest = Math.max(...cells.map((row) => row.length));
  const names = Array.from({ length: widest }, (_, index) => (index === column ? "" : (others.shift() ?? `colonne ${index + 1}`)));
  return { rows: cells.map((row, index) => rowOf(row, lines[index]!, column, names)) };
}

function rowOf(row: readonly string[], line: number, column: number, names: readonly string[]): Omit<Row, "id"> {
  const values: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const value = unguarded(row[index] ?? "").trim();
    if (name && value) values[name] = value;
  }
  return { line, phone: plain(row[column] ?? ""), values };
}

/** Rows that are not empty, each with its number in the spreadsheet: empty rows count, lines within quotes do not. */
function table(text: string): { cells: string[][]; lines: number[] } {
  const announced = /^\ufeff?sep=(.)\r?\n/i.exec(text);
  const whole = announced ? text.slice(announced[0].length) : text.replace(/^\ufeff/, "");
  const delimiter = announced?.[1] ?? separatorOf(whole);
  const { data, errors } = Papa.parse<string[]>(whole, { delimiter, skipEmptyLines: false });
  const before = announced ? 1 : 0;
  const misquoted = errors.find((each) => each.type === "Quotes");
  // It would take the rows that follow for a part of its cell.
  if (misquoted) throw new Unreadable(`Ligne ${(misquoted.row ?? 0) + 1 + before} : un guillemet n’est pas fermé, ou mal placé. Corrigez-le, puis reprenez la liste.`);
  const cells: string[][] = [];
  const lines: number[] = [];
  for (const [index, row] of data.entries()) {
    if (!row.some((cell) => cell.trim())) continue;
    cells.push((row.length === 1 ? byAnother(row[0]!, delimiter, data[0]!.length) : row).map(shown));
    lines.push(index + 1 + before);
  }
  return { cells, lines };
}

/** The cells of a line that was written with another separator than the rest, if that gives as many as the first line has. */
function byAnother(line: string, delimiter: string, width: number): string[] {
  for (const other of SEPARATORS) {
    if (width < 2 || other === delimiter || !line.includes(other)) continue;
    const cells = Papa.parse<string[]>(line, { delimiter: other }).data[0] ?? [];
    if (cells.length === width && cells.some(looksLikeNumber)) return cells;
  }
  return [line];
}

/** A cell as a spreadsheet shows it: `="6A"` is the text 6A, and so is `"6A"` after a space. */
function shown(cell: string): string {
  return /^(?:=| +)"(.*)" *$/s.exec(cell)?.[1]?.replaceAll('""', '"') ?? cell;
}

function separatorOf(text: string): string {
  const beginning = text.slice(0, 20_000).split(/\r?\n/).filter(Boolean).slice(0, 50);
  const agreeing = SEPARATORS.map((separator) => {
    const widths = beginning.map((line) => line.split(separator).length);
    const width = widths[0] ?? 1;
    return width > 1 ? widths.filter((each) => each > 1 && each <= width).length : 0;
  });
  const best = Math.max(...agreeing);
  return best ? SEPARATORS[agreeing.indexOf(best)]! : ";";
}

/** A cell that may be a number with a few figures at least: `06 12 34 56 50`, `+33…`, `6,12E+08`. */
function looksLikeNumber(cell: string): boolean {
  return /^['"=+(\d][\d\s.()+/_'"·-]{5,}$/.test(cell.trim()) || /^\d[.,]\d+e\+?\d+$/i.test(cell.trim());
}

function mostNumbers(cells: readonly string[][]): number {
  const widest = Math.max(...cells.map((row) => row.length));
  const counts = Array.from({ length: widest }, (_, column) => cells.filter((row) => looksLikeNumber(row[column] ?? "")).length);
  const most = Math.max(...counts);
  return most > 0 && most * 2 >= cells.length - 1 ? counts.indexOf(most) : -1;
}

function plain(phone: string): string {
  return phone.replace(/\s+/g, " ").trim().replace(/^'/, "").slice(0, 64);
}

function isBinary(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.slice(0, 4));
  return /^(%PDF|PK\x03\x04|\x89PNG|\xff\xd8\xff|GIF8|\xd0\xcf\x11\xe0|\{\\rt)/.test(start);
}

/** UTF-16 and UTF-8 by their marks, UTF-8 if it is that throughout, else what French Windows writes. */
function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
