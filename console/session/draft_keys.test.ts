import assert from "node:assert/strict";
import { test } from "node:test";
import { draftsOf, isOf } from "./draft_keys.ts";

test("a draft is its author's, whatever dots its name or theirs has", () => {
  assert.ok(isOf(`${draftsOf("0750001A", "karim-7")}message`, "karim-7"));
  assert.ok(isOf(`${draftsOf("0750001A", "karim-7")}modele Sortie du 6.A`, "karim-7"));
  assert.ok(isOf(`${draftsOf("", "karim.b@college.test")}modele Sortie du 6.A`, "karim.b@college.test"));
});

test("a draft is nobody else's, though an identifier begins as theirs does", () => {
  const key = `${draftsOf("0750001A", "karim.b")}message`;
  assert.ok(!isOf(key, "karim"));
  assert.ok(!isOf(key, "karim%2Eb"));
  assert.ok(!key.startsWith(draftsOf("0750001A", "karim")));
});
