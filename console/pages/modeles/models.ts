import { type Item, call } from "../../api/client.ts";

export type Model = Item<"GET /v1/templates">;

/** All models of the school, by name: two hundred at most. */
export async function readModels(signal?: AbortSignal): Promise<readonly Model[]> {
  const found: Model[] = [];
  let cursor: string | null = "";
  do {
    const page: { items: Model[]; next_cursor: string | null } = await call("GET /v1/templates", { query: { cursor }, ...(signal ? { signal } : {}) });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found.sort((one, other) => one.name.localeCompare(other.name, "fr"));
}
