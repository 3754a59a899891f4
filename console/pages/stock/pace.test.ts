import assert from "node:assert/strict";
import { test } from "node:test";
import { type Usage, daysBetween, pace, plusDays, schoolDaysLeft } from "./pace.ts";

function day(at: string, given: Partial<Usage>): Usage {
  const each = { day: at, balance: 0, credit: 0, debit: 0, release: 0, forfeiture: 0, correction: 0, ...given };
  return { ...each, change: each.credit + each.debit + each.release + each.forfeiture + each.correction };
}

test("the pace leaves out weeks in which nothing was sent, and what came back", () => {
  const days = [day("2026-06-01", { debit: -9000 }), day("2026-11-03", { debit: -300 }), day("2026-11-24", { debit: -220, release: 20 })];
  assert.equal(pace(days, "2026-11-30"), 50);
});

test("a school that sent nothing has no pace, nor one that got all back", () => {
  assert.equal(pace([day("2026-11-24", { credit: 500 })], "2026-11-30"), null);
  assert.equal(pace([day("2026-11-24", { debit: -20, release: 20 })], "2026-11-30"), null);
});

test("a year has its 36 weeks of lessons, and summer none", () => {
  assert.equal(schoolDaysLeft("2027-08-31", "2026-09-01"), 180);
  assert.equal(schoolDaysLeft("2027-08-31", "2027-07-20"), 0);
});

test("days are counted in the calendar, over the changes of the clock", () => {
  assert.equal(daysBetween("2026-10-24", "2026-10-26"), 2);
  assert.equal(plusDays("2027-02-28", 1), "2027-03-01");
});
