import assert from "node:assert/strict";
import { test } from "node:test";
import { authorsOf, shownAs, subOf } from "./authors.ts";

const AUTHORS = authorsOf([
  { author: "karim@college.test", author_id: "karim-7" },
  { author: "karim@college.test", author_id: "karim-7" },
  { author: "sans-adresse", author_id: "sans-adresse" },
]);

test("a person is stopped by the identifier behind the address that is shown", () => {
  assert.equal(subOf(" Karim@college.test ", AUTHORS), "karim-7");
  assert.equal(subOf("karim-7", AUTHORS), "karim-7");
  assert.equal(subOf("zoe-1", AUTHORS), "zoe-1");
});

test("an address that nobody known has stops nobody", () => {
  assert.equal(subOf("lea@college.test", AUTHORS), "");
});

test("an identifier is shown as the address it stands for, if that is known", () => {
  assert.equal(shownAs("karim-7", AUTHORS), "karim@college.test");
  assert.equal(shownAs("zoe-1", AUTHORS), "zoe-1");
});
