import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsInACall, listed } from "./large.ts";

const row = (phone: string, values: Record<string, string> = {}, id = 1) => ({ id, line: id, phone, values });

test("a list goes with the call until there are too many recipients, or too many characters", () => {
  const of = (length: number, value = "Zoé") => Array.from({ length }, (_, id) => row("0612345650", { prenom: value }, id));
  assert.ok(fitsInACall(of(10_000)));
  assert.ok(!fitsInACall(of(10_001)));
  assert.ok(!fitsInACall(of(1000, "x".repeat(2000))));
});

test("an uploaded list has a line a row, each cell as it was written, and what the message needs", () => {
  const rows = [row("+33612345650", { Prénom: "Zoé; dite « Zo »", classe: "6e B" }), row("", { prenom: "=1+1" }), row("")];
  assert.equal(listed(rows, ["prenom"]), 'sep=;\r\nportable;prenom\r\n+33612345650;"Zoé; dite « Zo »"\r\n?;=1+1\r\n?;\r\n');
});
