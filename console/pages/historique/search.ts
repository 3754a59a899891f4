/** The filters of the history, as they stand in the page's address and in the API's query. */
export const FILTERS = ["phone", "status", "from", "to", "author", "request_id"] as const;
export type Search = Readonly<Partial<Record<(typeof FILTERS)[number], string>>>;

/** What the address says, without what is empty. */
export function searchOf(query: URLSearchParams): Search {
  return Object.fromEntries(FILTERS.flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : [])));
}

export function addressOf(search: Search): string {
  const query = new URLSearchParams(Object.entries(search).filter(([, value]) => value));
  return query.size ? `/historique?${query}` : "/historique";
}
