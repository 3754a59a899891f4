import { GSM_BASIC, GSM_EXTENSION, GSM_PART, GSM_SINGLE, MAX_CHARACTERS, MAX_SMS, MAX_UNICODE_UNITS, UNICODE_PART, UNICODE_SINGLE } from "./signs.ts";

/** How many SMS a text takes, as `domain/texts/sms_text.py` counts: a test compares them. */
export interface SmsCount {
  readonly encoding: "gsm" | "unicode";
  /** Units: septets, of which `€ ^ { } [ ] ~ \ |` take two, or UTF-16 code units. */
  readonly characters: number;
  readonly smsCount: number;
}

/** One SMS of a text: up to which index of the text it reaches, and how full it is. */
export interface Part {
  readonly end: number;
  readonly used: number;
  readonly room: number;
}

const BASIC = 1;
const ESCAPED = 2;
/** By UTF-16 code unit; those beyond are outside GSM-7, as are zeros. */
const CLASSES = new Uint8Array(0x20ad);
for (const sign of GSM_BASIC) CLASSES[sign.charCodeAt(0)] = BASIC;
for (const sign of GSM_EXTENSION) CLASSES[sign.charCodeAt(0)] = ESCAPED;

/** Counts as a phone packs: neither an escape pair nor a surrogate pair straddles two parts. */
export function count(text: string): SmsCount {
  let units = 0;
  for (let index = 0; index < text.length; index++) {
    const kind = CLASSES[text.charCodeAt(index)];
    if (!kind) return counted("unicode", text, text.length);
    units += kind;
  }
  return counted("gsm", text, units);
}

function counted(encoding: "gsm" | "unicode", text: string, characters: number): SmsCount {
  const single = encoding === "gsm" ? GSM_SINGLE : UNICODE_SINGLE;
  return { encoding, characters, smsCount: characters <= single ? 1 : packed(text, encoding).length };
}

/** The SMS of a text, each with what it holds and could hold. */
export function parts(text: string): readonly Part[] {
  const { encoding, characters, smsCount } = count(text);
  if (smsCount > 1) return packed(text, encoding);
  return [{ end: text.length, used: characters, room: encoding === "gsm" ? GSM_SINGLE : UNICODE_SINGLE }];
}

function packed(text: string, encoding: "gsm" | "unicode"): Part[] {
  const room = encoding === "gsm" ? GSM_PART : UNICODE_PART;
  const found: Part[] = [];
  let used = 0;
  for (let index = 0; index < text.length; ) {
    const [length, units] = encoding === "gsm" ? [1, CLASSES[text.charCodeAt(index)]!] : pairAt(text, index);
    if (used + units > room) {
      found.push({ end: index, used, room });
      used = 0;
    }
    used += units;
    index += length;
  }
  found.push({ end: text.length, used, room });
  return found;
}

function pairAt(text: string, index: number): [number, number] {
  const paired = text.codePointAt(index)! > 0xffff;
  return paired ? [2, 2] : [1, 1];
}

/** Over 5 SMS, or over 764 septets (335 UTF-16 units): refused for that recipient (R20). */
export function isTooLong({ encoding, characters, smsCount }: SmsCount): boolean {
  return smsCount > MAX_SMS || characters > (encoding === "gsm" ? MAX_CHARACTERS : MAX_UNICODE_UNITS);
}

/** Whether every sign is in GSM 03.38, extension included. */
export function isGsm(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (!CLASSES[text.charCodeAt(index)]) return false;
  return true;
}
