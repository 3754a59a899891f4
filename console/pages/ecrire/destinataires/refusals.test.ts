import assert from "node:assert/strict";
import { test } from "node:test";

import { whyInvalid } from "./refusals.ts";

test("a number with a letter names the letter", () => {
  assert.equal(whyInvalid("O6 12 34 56 78"), "« O » est une lettre : remplacez-la par un chiffre.");
});

test("a number with more than one other sign is to stand alone", () => {
  assert.equal(whyInvalid("06 12 34 56 78 (maman)"), "Gardez le numéro seul, en chiffres.");
});

test("a row with other separators than its headings is no number", () => {
  assert.match(whyInvalid("0612345679,Zoé,Dupont"), /même séparateur que les titres/);
  assert.match(whyInvalid("0612345679;Zoé;Dupont"), /même séparateur que les titres/);
});

test("two numbers in one cell are two numbers", () => {
  assert.match(whyInvalid("06 12 34 56 78 ou 07 12 34 56 78"), /plus d’un numéro/);
});
