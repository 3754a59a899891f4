import assert from "node:assert/strict";
import { test } from "node:test";
import { Offline, Refusal, SessionOver, mayBeDone, titleOfAct } from "./failures.ts";

test("an act without an answer is not said to have done nothing", () => {
  for (const failure of [new Offline(), new Refusal(503, {}), new Refusal(0, {})]) {
    assert.ok(mayBeDone(failure));
    assert.match(titleOfAct(failure, "Rien n’a été changé"), /peut-être fait/);
  }
  assert.doesNotMatch(new Refusal(503, {}).message, /Rien/);
});

test("what was refused did nothing, and says so", () => {
  assert.equal(titleOfAct(new Refusal(409, { title: "Déjà décidée" }), "Rien n’a été changé"), "Déjà décidée");
  assert.equal(titleOfAct(new SessionOver(), "Rien n’a été changé"), "Rien n’a été changé");
  assert.equal(titleOfAct(new Refusal(503, { code: "maintenance", title: "Service en maintenance" }), ""), "Service en maintenance");
  assert.match(new Refusal(429, {}).message, /Rien n’a été changé/);
});
