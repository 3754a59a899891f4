import assert from "node:assert/strict";
import { test } from "node:test";
import { type Listed, added, stateOf } from "./list.ts";

const NOW = Date.parse("2026-11-30T08:00:00Z");
const listed = (part: Partial<Listed>): Listed => ({ email: "chef@lycee.test", state: "confirmed", expires_at: null, receives: true, ...part });

test("a link that ended is no longer waited for", () => {
  assert.equal(stateOf(listed({ state: "pending", expires_at: "2026-11-30T08:00:01Z" }), NOW), "pending");
  assert.equal(stateOf(listed({ state: "pending", expires_at: "2026-11-30T08:00:00Z" }), NOW), "expired");
});

test("an address whose mails come back says so, whether it was confirmed or not", () => {
  assert.equal(stateOf(listed({ receives: false }), NOW), "unreachable");
  assert.equal(stateOf(listed({ receives: false, state: "pending", expires_at: "2026-12-01T08:00:00Z" }), NOW), "unconfirmed");
  assert.equal(stateOf(listed({}), NOW), "confirmed");
});

test("an address counts at once only where it is confirmed already", () => {
  assert.match(added("Chef@lycee.test", [listed({})]), /reçoit désormais/);
  assert.match(added("chef@lycee.test", [listed({ state: "pending" })]), /Un lien a été envoyé/);
});
