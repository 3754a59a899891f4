import { type Draft, openDraft } from "../../session/drafts.ts";
import { profile } from "../../session/profile.ts";

/** What is being written. Recipients are kept apart, so that a letter typed does not write ten thousand of them again. */
export interface Letter {
  readonly text: string;
  /** The model that the text began as, and how it read then. */
  readonly model: { readonly name: string; readonly text: string } | null;
  readonly later: boolean;
  /** `2026-12-04` and `07:45`, on the school's clock. */
  readonly day: string;
  readonly time: string;
  readonly confirmPlaceholders: boolean;
  /** Idempotency key: the same for each attempt to send this letter, so that it goes out once. */
  readonly key: string;
  /** Whether an attempt was begun whose answer never came: it may have been accepted. */
  readonly unanswered: boolean;
}

/** One recipient as the sender gave it. */
export interface Row {
  readonly id: number;
  /** As the spreadsheet numbers it, or as lines were pasted; 0 for one typed by itself. */
  readonly line: number;
  readonly phone: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface List {
  /** Name of the file, or "". */
  readonly file: string;
  readonly rows: readonly Row[];
  /** These rows as the service has them, with the variables that were uploaded; undefined if they go with each call. */
  readonly uploaded?: Uploaded | undefined;
}

export interface Uploaded {
  readonly id: string;
  readonly names: readonly string[];
}

export const EMPTY_LETTER: Letter = {
  text: "",
  model: null,
  later: false,
  day: "",
  time: "07:45",
  confirmPlaceholders: false,
  key: "",
  unanswered: false,
};
export const EMPTY_LIST: List = { file: "", rows: [] };

interface Open {
  readonly who: string;
  readonly letter: Draft<Letter>;
  readonly list: Draft<List>;
}

let open: Open | null = null;

/** The draft of whoever is signed in; all steps share it. */
export function draft(): Open {
  const who = `${profile.value?.school?.uai} ${profile.value?.sub}`;
  if (open?.who !== who) open = { who, letter: openDraft("message", EMPTY_LETTER), list: openDraft("destinataires", EMPTY_LIST) };
  return open;
}

/** Change some of the letter. Its key stays: whether another body may follow under it, the service says. */
export function changeLetter(change: Partial<Letter>): void {
  const { letter } = draft();
  letter.value.value = { ...letter.value.value, ...change };
}

export function setList(list: List): void {
  draft().list.value.value = list;
}

/** Begin anew, with nothing of the letter before. */
export function startOver(): void {
  draft().letter.forget();
  draft().list.forget();
}

/** The next free id of a row. */
export function nextId(rows: readonly Row[]): number {
  return rows.reduce((most, row) => Math.max(most, row.id), 0) + 1;
}

export const STEPS = [
  { title: "Message", href: "/ecrire" },
  { title: "Destinataires", href: "/ecrire/destinataires" },
  { title: "Vérification", href: "/ecrire/verifier" },
  { title: "Envoi", href: "/ecrire/envoye" },
] as const;
