import assert from "node:assert/strict";
import { test } from "node:test";
import { urgency, workingHours } from "./deadline.ts";

const plain = (words: string) => words.replace(/[\u00a0\u202f]/g, " ");

test("a weekend and a closure day do not count", () => {
  const friday = new Date("2026-11-27T14:00:00Z"); // 15 h in Paris
  assert.equal(workingHours("2026-11-30T14:00:00Z", [], friday), 24);
  assert.equal(workingHours("2026-12-01T14:00:00Z", ["2026-11-30"], friday), 24);
});

test("the hour that summer time begins is on a Sunday, and no working hour", () => {
  assert.equal(workingHours("2026-03-30T13:00:00Z", [], new Date("2026-03-27T14:00:00Z")), 24);
});

test("what is left is said in working hours, and what is past by its moment", () => {
  const now = new Date("2026-11-30T08:00:00Z");
  assert.deepEqual(urgency("2026-11-30T11:20:00Z", [], now), { words: "reste 3\u00a0h\u00a020 ouvrées", tone: "attention" });
  assert.equal(plain(urgency("2026-12-01T07:30:00Z", [], now).words), "reste 23 h ouvrées");
  assert.equal(plain(urgency("2026-11-30T08:40:00Z", [], now).words), "reste 40 min");
  assert.equal(plain(urgency("2026-11-29T15:00:00Z", [], now).words), "dépassée depuis hier à 16 h");
});
