// Compares how the browser counts and prepares texts with what Python wrote into the file given as argument; prints
// what differs, one line each.
import { readFile } from "node:fs/promises";
import { count, isTooLong, parts } from "../../../../console/texts/sms/count.ts";
import { isBlank, nearestGsm, prepare, unsendable } from "../../../../console/texts/sms/prepare.ts";
import { filled, nameKey, template, valueFor } from "../../../../console/texts/sms/variables.ts";

const expected = JSON.parse(await readFile(process.argv[2], "utf8"));
const differences = [];
const compare = (what, text, found, wanted) => {
  if (found !== wanted && differences.length < 20) differences.push(`${what} of ${JSON.stringify(text)}: ${JSON.stringify(found)} for ${JSON.stringify(wanted)}`);
};
const counted = (text) => {
  const { encoding, characters, smsCount } = count(text);
  return `${encoding} ${characters} ${smsCount}${isTooLong(count(text)) ? " too long" : ""}`;
};

for (const [text, wanted] of expected.raw) compare("count", text, counted(text), wanted);
for (const [text, wanted] of expected.prepared) {
  const shown = prepare(text);
  compare("prepared count", text, counted(shown), wanted);
  const drawn = parts(shown);
  compare("parts", text, drawn.reduce((sum, part) => sum + part.used, 0), count(shown).characters);
  compare("parts", text, drawn.at(-1).end, shown.length);
}
for (const [text, values, wanted] of expected.rendered) {
  const shown = prepare(filled(template(text), (name) => valueFor(values, name)));
  compare("rendering", text, shown, wanted);
}
for (const [name, wanted] of expected.names) compare("key", name, nameKey(name), wanted);

const classes = new Map(expected.classes);
const changed = new Map(expected.changed);
const plain = new Map(expected.plain);
const refused = new Set(expected.refused);
const alike = (code) => expected.alike.some(([start, end]) => code >= start && code < end);
let assigned = 0;
let next = 0;
for (let code = 0; code <= 0x10ffff; code++) {
  const sign = String.fromCodePoint(code);
  const { encoding, characters } = count(sign);
  compare("class", sign, encoding === "unicode" ? 0 : characters, classes.get(code) ?? 0);
  // Of code points without a meaning in Python's Unicode nothing more is compared: the service refuses them.
  if (code >= expected.assigned[next]) {
    next++;
    assigned ^= 1;
  }
  if (!assigned || alike(code)) continue;
  compare("preparation", sign, prepare(sign), changed.get(code) ?? sign);
  if ((code < 0xe000 || (code > 0xf8ff && code < 0x10000) || code >= 0x1d000) && !refused.has(code) && code !== 13) compare("plain writing", sign, nearestGsm(sign), plain.get(code) ?? "?");
  if (code < 0xe000 || code > 0xf8ff) compare("refusal", sign, unsendable(sign), refused.has(code) ? sign : "");
  if (code < 0x3000) compare("blankness", sign, isBlank(sign), expected.blank.includes(code));
}
process.stdout.write(differences.join("\n"));
