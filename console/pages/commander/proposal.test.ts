import assert from "node:assert/strict";
import { test } from "node:test";
import { cheapest, priceOf, smsOf } from "./proposal.ts";

const PACKS = [
  { id: "P500", sms: 500, price_ht: "45.00" },
  { id: "P1000", sms: 1000, price_ht: "80.00" },
  { id: "P10000", sms: 10_000, price_ht: "700.00" },
];

test("the cheapest packs cover the need, and a larger one that costs less is taken", () => {
  assert.deepEqual(cheapest(PACKS, 1400), { P500: 1, P1000: 1 });
  assert.deepEqual(cheapest(PACKS, 501), { P1000: 1 });
  assert.deepEqual(cheapest(PACKS, 9200), { P10000: 1 });
});

test("nothing is proposed where nothing is needed, or no pack is sold", () => {
  assert.deepEqual(cheapest(PACKS, 0), {});
  assert.deepEqual(cheapest([], 500), {});
});

test("a need of millions is covered without a long search", () => {
  assert.deepEqual(cheapest(PACKS, 2_000_400), { P10000: 200, P500: 1 });
});

test("quantities have their sum in SMS and in euros, to the cent", () => {
  assert.equal(smsOf(PACKS, { P500: 3, P1000: 2 }), 3500);
  assert.equal(priceOf([{ id: "A", sms: 1, price_ht: "0.10" }], { A: 3 }), 0.3);
});
