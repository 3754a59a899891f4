import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, clockTime, date, dayWord, weekday, when } from "./dates.ts";
import { count, euros, number, percent, phone, signed } from "./numbers.ts";
import { MESSAGE_STATUSES } from "./statuses.ts";
import { french, plural, unbroken } from "./typography.ts";

test("thousands are apart by a narrow space that no line breaks at", () => {
  assert.equal(number(2000), "2\u202f000");
  assert.equal(count(208, "personne"), "208\u00a0personnes");
  assert.equal(count(1, "personne"), "1\u00a0personne");
  assert.equal(count(2000, "SMS"), "2\u202f000\u00a0SMS");
});

test("below two is singular, zero too", () => {
  assert.equal(plural(0, "jour"), "jour");
  assert.equal(plural(1.5, "jour"), "jour");
  assert.equal(plural(2, "cheval", "chevaux"), "chevaux");
});

test("a movement shows its sign, and minus is no hyphen", () => {
  assert.equal(signed(2000), "+2\u202f000");
  assert.equal(signed(-216), "\u2212216");
  assert.equal(signed(0), "0");
});

test("euros have a comma and two decimals", () => {
  assert.equal(euros("1234.5"), "1\u202f234,50\u00a0€");
  assert.equal(euros("0"), "0,00\u00a0€");
});

test("a French number is written as it is dialled", () => {
  assert.equal(phone("+33612345650"), "06\u00a012\u00a034\u00a056\u00a050");
  assert.equal(phone("+262692123456"), "+262\u00a0692123456");
});

test("a part that is not all is never 100 %, one that is not nothing never 0 %", () => {
  assert.equal(percent(999, 1000), "99\u202f%");
  assert.equal(percent(1, 1000), "1\u202f%");
  assert.equal(percent(0, 0), "0\u202f%");
});

test("days and times are those of Paris, the first of a month an ordinal", () => {
  assert.equal(weekday("2026-11-30"), "lundi 30\u00a0novembre");
  assert.equal(date("2026-09-01"), "1er\u00a0septembre 2026");
  assert.equal(clock("2026-11-30T06:45:00Z"), "7\u00a0h\u00a045");
  assert.equal(clock("2026-07-14T14:00:00Z"), "16\u00a0h");
  assert.equal(clock("2026-11-29T23:00:00Z"), "0\u00a0h");
  assert.equal(clockTime("07:45"), "7\u00a0h\u00a045");
  assert.equal(clockTime("18:00"), "18\u00a0h");
});

test("near days have words, far ones their year", () => {
  const now = new Date("2026-11-30T12:00:00Z");
  assert.equal(dayWord("2026-11-30T22:59:00Z", now), "aujourd’hui");
  assert.equal(dayWord("2026-11-30T23:00:00Z", now), "demain");
  assert.equal(dayWord("2026-11-29", now), "hier");
  assert.equal(when("2026-12-04T06:45:00Z", now), "vendredi 4\u00a0décembre à 7\u00a0h\u00a045");
  assert.equal(dayWord("2027-08-31", now), "31\u00a0août 2027");
});

test("spaces before double signs and inside guillemets do not break", () => {
  assert.equal(french("Attention : 2 000 SMS « perdus » ; sûr ?"), "Attention\u00a0: 2\u202f000\u00a0SMS «\u00a0perdus\u00a0»\u202f; sûr\u202f?");
  assert.equal(french("Décompte de l'envoi"), "Décompte de l’envoi");
  assert.equal(french("«\u00a0ê\u00a0»"), "«\u00a0ê\u00a0»");
  assert.equal(french("https://example.test/?a=1"), "https://example.test/?a=1");
});

test("every status of a message has its words", () => {
  for (const status of ["queued", "sent", "delivered", "undeliverable", "expired", "failed", "cancelled", "uncertain"])
    assert.ok(MESSAGE_STATUSES[status]?.word, status);
});

test("what somebody wrote keeps its signs, and no line begins with one that ends a sentence", () => {
  assert.equal(unbroken("L'ami dit : « oui » ! À 8 : 30 ?"), "L'ami dit\u00a0: «\u00a0oui\u00a0»\u00a0! À 8\u00a0: 30\u00a0?");
  assert.equal(unbroken("10 h, 20 SMS"), "10 h, 20 SMS");
});
