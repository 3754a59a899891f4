import assert from "node:assert/strict";
import { test } from "node:test";
import { changes } from "../changes.ts";
import { parts } from "./count.ts";
import { People, measure } from "./measure.ts";
import { costlySigns, prepare, withoutSigns } from "./prepare.ts";
import { masked } from "./variables.ts";

const text = "Bonjour ((prenom)), réunion le ((jour)) à 18 h au collège. Merci de prévenir en cas d'absence.";

test("the longest recipient counts, and those outside GSM-7 before longer ones", () => {
  const people = new People([{ prenom: "Maximilienne", jour: "4" }, { prenom: "Zoé", jour: "4" }, { prenom: "Łuê", jour: "4" }]);
  const found = measure(text, people);
  assert.equal(found.longest, 2);
  assert.equal(found.counted.smsCount, 2);
  assert.equal(measure(text.replace("((prenom))", "Zoé"), people).counted.smsCount, 1);
});

test("the longest is the one that measuring each would find", () => {
  const people = Array.from({ length: 400 }, (_, index) => ({ prenom: ["Zoé", "{€}", "Noël", "Ana"][index % 4]!.repeat(1 + (index % 7)), jour: "l".repeat(index % 13) }));
  const each = people.map((values) => measure(text, new People([values])).counted);
  const worst = each.reduce((one, other) => (other.smsCount > one.smsCount || (other.smsCount === one.smsCount && other.characters > one.characters) ? other : one));
  assert.deepEqual(measure(text, new People(people)).counted, worst);
});

test("without recipients each variable is ten letters, which the count says", () => {
  const found = measure("((prenom))", new People([]));
  assert.deepEqual([found.indicative, found.counted.characters], [true, 10]);
});

test("a keystroke reads the values of eighty recipients at most, of ten thousand", () => {
  let read = 0;
  const people = new People(
    Array.from({ length: 10_000 }, (_, index) => ({
      get prenom() {
        read++;
        return `Prénom ${index % 10}`;
      },
      jour: "vendredi",
    })),
  );
  measure(text, people);
  assert.ok(read >= 10_000);
  for (const more of ["e", "es", "est"]) {
    read = 0;
    measure(text + more, people);
    assert.ok(read > 0 && read <= 80, `${read} values`);
  }
});

test("only what costs is marked: not what is written plainly for nothing, not in a variable's name", () => {
  assert.deepEqual(costlySigns("L’été « ici »… cœur"), []);
  assert.deepEqual(costlySigns("forêt, fête 😀").map((each) => [each.sign, each.at, each.instead]), [["ê", [3, 8], "e"], ["😀", [12], null]]);
  assert.deepEqual(costlySigns(masked("((Noël)) arrive")), []);
  const family = "👨‍👩‍👧";
  assert.equal(costlySigns(`Bonjour ${family}`)[0]!.sign, family);
});

test("replacing the signs makes the text GSM-7, and leaves the rest alone", () => {
  const written = "La forêt et ((Noël)) 😀 l’été";
  const plain = withoutSigns(written, costlySigns(masked(written)));
  assert.equal(plain, "La foret et ((Noël))  l’été");
  assert.deepEqual(costlySigns(masked(plain)), []);
});

test("an escape pair goes whole into the next part", () => {
  assert.deepEqual(parts(`${"a".repeat(152)}€${"a".repeat(20)}`).map((part) => part.used), [152, 22]);
  assert.equal(prepare(" a\r\n "), "a");
});

test("what changed is shown by words", () => {
  assert.deepEqual(changes("le collège sera fermé vendredi", "le lycée sera fermé"), [
    { kind: "same", text: "le" },
    { kind: "gone", text: " collège" },
    { kind: "new", text: " lycée" },
    { kind: "same", text: " sera fermé" },
    { kind: "gone", text: " vendredi" },
  ]);
});
