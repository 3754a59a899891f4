/** Give the browser a file to keep. */
export function saveBlob(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** What a spreadsheet would take for a formula; some ignore white or invisible signs before one. As `written_csv.py` has it. */
const FORMULA = /^(?:[\t\r\n]|[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*[=+\-@＝＋－＠])/;

/** A cell of a file that `csv` wrote, without the apostrophe that kept it from being a formula. */
export function unguarded(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/** Cells as a CSV that French spreadsheets open: semicolons, CRLF, a byte order mark; nothing in it is a formula. */
export function csv(rows: readonly (readonly string[])[]): Blob {
  return new Blob([`\ufeff${written(rows, (cell) => (FORMULA.test(cell) ? `'${cell}` : cell))}`], { type: "text/csv;charset=utf-8" });
}

/** Cells as a CSV for the service, which takes each as it is written. */
export function plainCsv(rows: readonly (readonly string[])[]): string {
  return `sep=;\r\n${written(rows, (cell) => cell)}`;
}

function written(rows: readonly (readonly string[])[], safe: (cell: string) => string): string {
  const quoted = (cell: string) => (/[;"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return `${rows.map((row) => row.map((cell) => quoted(safe(cell))).join(";")).join("\r\n")}\r\n`;
}
