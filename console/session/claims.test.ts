import assert from "node:assert/strict";
import { test } from "node:test";
import { claimsOf } from "./claims.ts";

const NAMES = { school: "ent_uai", roles: "ent_roles", operator: "exploitant", sms_manager: "gestionnaire", sms_sender: "envoi" };

function token(claims: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  const text = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `e30.${text}.signature`;
}

test("a token names a person by the claims of the deployment, in any alphabet", () => {
  const claims = { sub: "zoé-ÿ?>", email: "zoe@college.test", ent_uai: "0750001a", ent_roles: ["envoi", "gestionnaire", "autre"] };
  assert.deepEqual(claimsOf(token(claims), NAMES), {
    sub: "zoé-ÿ?>",
    email: "zoe@college.test",
    school: "0750001A",
    roles: ["sms_manager", "sms_sender"],
  });
});

test("a role counts as a whole item or a whole text, as for the API", () => {
  assert.deepEqual(claimsOf(token({ sub: "a", ent_roles: "exploitant" }), NAMES)?.roles, ["operator"]);
  assert.equal(claimsOf(token({ sub: "a", ent_roles: "exploitant envoi" }), NAMES), null);
  assert.equal(claimsOf(token({ sub: "a", ent_roles: ["l'exploitant"] }), NAMES), null);
});

test("nobody is seen in a token that cannot be read, or without subject or role", () => {
  for (const written of ["opaque", "a.b.c", "a.!.c", token(7), token(null), token({ sub: "a" }), token({ ent_roles: ["envoi"] })])
    assert.equal(claimsOf(written, NAMES), null, written);
});
