import type { Item } from "../../api/client.ts";

/** The `sub` of each recent author, and what the pages call them: an address, or the `sub` itself. */
export type Authors = ReadonlyMap<string, string>;

type Sent = Pick<Item<"GET /v1/send-requests">, "author" | "author_id">;

export function authorsOf(sent: readonly Sent[]): Authors {
  return new Map(sent.flatMap((each) => (each.author_id ? [[each.author_id, each.author ?? each.author_id] as const] : [])));
}

export function shownAs(sub: string, authors: Authors): string {
  return authors.get(sub) ?? sub;
}

/**
 * The `sub` that is meant by what was written: an author's, or itself. "" for an address of nobody known: a service that
 * knows people by their `sub` would stop nobody, and say that it did.
 */
export function subOf(written: string, authors: Authors): string {
  const said = written.trim();
  if (authors.has(said)) return said;
  const found = [...authors].find(([, name]) => name.toLowerCase() === said.toLowerCase());
  return found?.[0] ?? (said.includes("@") ? "" : said);
}
