import assert from "node:assert/strict";
import { test } from "node:test";
import { csv } from "../../../components/files/saving.ts";
import { phoneColumn } from "./headings.ts";
import { Unreadable, readFile, readList } from "./reading.ts";

test("lines keep the numbers that the spreadsheet gives them, empty ones counted", () => {
  const { rows } = readList('portable;prenom;note\r\n06 12 34 56 50;Zoé;"deux\nlignes"\r\n\r\n0612345651;Léo\r\n', []);
  assert.deepEqual(rows, [
    { line: 2, phone: "06 12 34 56 50", values: { prenom: "Zoé", note: "deux\nlignes" } },
    { line: 4, phone: "0612345651", values: { prenom: "Léo" } },
  ]);
});

test("numbers alone need no heading, several on a line are several recipients", () => {
  const { rows } = readList("06 12 34 56 50\n0612345651;+33 6 12 34 56 52", []);
  assert.deepEqual(rows.map((row) => [row.line, row.phone]), [[1, "06 12 34 56 50"], [2, "0612345651"], [2, "+33 6 12 34 56 52"]]);
});

test("cells without headings are taken for the variables of the message, in their order", () => {
  const { rows } = readList("Zoé\t06 12 34 56 50\t18 h\nLéo\t06 12 34 56 51\t19 h", ["prenom", "heure"]);
  assert.deepEqual(rows[1], { line: 2, phone: "06 12 34 56 51", values: { prenom: "Léo", heure: "19 h" } });
});

test("a line written with another separator than the first one is read by its own", () => {
  const { rows } = readList("0612345650;Zoé\n0612345651,Léo\n0612345652\tAna, dite Nana\n0612345653", ["prenom"]);
  assert.deepEqual(rows.map((row) => [row.line, row.phone, row.values["prenom"]]), [[1, "0612345650", "Zoé"], [2, "0612345651", "Léo"], [3, "0612345652", "Ana, dite Nana"], [4, "0612345653", undefined]]);
});

test("the column of mobiles wins over that of telephones, however it is headed", () => {
  assert.equal(phoneColumn(["Nom", "Téléphone fixe", "Tél. portable du responsable 1", "Tél"]), 2);
  assert.equal(phoneColumn(["nom", "TelPortableResp1"]), 1);
  assert.equal(phoneColumn(["nom", "adresse"]), -1);
});

test("a spreadsheet's formulas, marks and separators are read as it shows them", () => {
  const { rows } = readList('sep=,\nmobile,classe\n="0612345650",6A\n\'0612345651,6B', []);
  assert.deepEqual(rows, [
    { line: 3, phone: "0612345650", values: { classe: "6A" } },
    { line: 4, phone: "0612345651", values: { classe: "6B" } },
  ]);
});

test("a quote that is not closed is refused with its line, before it swallows the rows below", () => {
  assert.throws(() => readList('portable;prenom\n0612345650;"Zoé\n0612345651;Léo', []), /Ligne 2 :/);
  assert.throws(() => readList('sep=;\nportable;prenom\n0612345650;"Zoé" M;x\n0612345651;Léo', []), /Ligne 3 :/);
  const { rows } = readList('portable; "prenom"\n0612345650; "Zoé"\n0612345651;Jean "Jo" M.', []);
  assert.deepEqual(rows.map((row) => row.values), [{ prenom: "Zoé" }, { prenom: 'Jean "Jo" M.' }]);
});

test("rows kept as a file to be mended hold no formula, and read again say what they said", async () => {
  const values = { heure: "-5 min", note: '=HYPERLINK("x";"y")', suite: " +1", mot: "l'été; \"ici\"" };
  const file = await csv([["portable", ...Object.keys(values)], ["+33612345650", ...Object.values(values)]]).text();
  for (const guarded of ["'+33612345650", "'-5 min", "\"'=HYPERLINK", "' +1"]) assert.ok(file.includes(`${guarded}`), guarded);
  assert.deepEqual(readList(file, []).rows, [{ line: 2, phone: "+33612345650", values: { ...values, suite: "+1" } }]);
});

test("what Windows and Excel save is decoded, a PDF or a workbook refused with what to do", async () => {
  const cp1252 = new Uint8Array([..."portable;prenom\n0612345650;Zo"].map((sign) => sign.charCodeAt(0)).concat(0xe9));
  assert.equal((await readFile(new File([cp1252], "a.csv"), [])).rows[0]!.values["prenom"], "Zoé");
  const utf16 = new Uint8Array(Buffer.from("\ufeffportable;prenom\n0612345650;Zoé", "utf16le"));
  assert.equal((await readFile(new File([utf16], "a.csv"), [])).rows[0]!.values["prenom"], "Zoé");
  await assert.rejects(readFile(new File(["PK\u0003\u0004…"], "a.xlsx"), []), Unreadable);
  await assert.rejects(readFile(new File(["{\\rtf1 0612345650}"], "a.csv"), []), Unreadable);
});

test("a list without numbers says what to do", () => {
  assert.throws(() => readList("nom;prenom\nMartin;Zoé", []), /nommez-y « portable »/);
  assert.throws(() => readList("  \n", []), Unreadable);
});

test("ten thousand rows are read within a second", () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => `06123${String(index).padStart(5, "0")};Prénom ${index};6e B`);
  const began = performance.now();
  assert.equal(readList(["portable;prenom;classe", ...lines].join("\n"), []).rows.length, 10_000);
  assert.ok(performance.now() - began < 1000);
});
