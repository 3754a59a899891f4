import { renew, user } from "../session/session.ts";
import { Offline, Refusal, SessionOver } from "./failures.ts";
import { maintenance } from "./maintenance.ts";
import type { Operations } from "./schema.ts";

export type Route = keyof Operations;
export type Answer<R extends Route> = Operations[R]["answer"];
/** One item of a list that the route answers. */
export type Item<R extends Route> = Answer<R> extends { items: Array<infer Each> } ? Each : never;

type In<R extends Route> = (keyof Operations[R]["path"] extends never ? { path?: never } : { path: Operations[R]["path"] }) &
  (undefined extends Operations[R]["body"] ? { body?: Operations[R]["body"] } : { body: Operations[R]["body"] }) & {
    query?: Operations[R]["query"] | Readonly<Record<string, string>>;
    /** Made when a form opens, so that a double click or a lost answer does it once. */
    idempotencyKey?: string;
    /** Content type of a body that is no JSON. */
    contentType?: string;
    signal?: AbortSignal;
  };
type Arguments<R extends Route> = keyof Operations[R]["path"] extends never
  ? undefined extends Operations[R]["body"] ? [given?: In<R>] : [given: In<R>]
  : [given: In<R>];

/** The first call of a visit, which asks who one is. Others wait: each beside it would start one more function of a cold API. */
let first: Promise<unknown> | undefined;

/** Call a route of the API by its name in openapi.json: `await call("GET /v1/balance")`. Throws a `Failure`. */
export function call<R extends Route>(route: R, ...given: Arguments<R>): Promise<Answer<R>> {
  const ask = () => answered<R>(route, ...given);
  if (first) return first.then(ask, ask);
  const asked = ask();
  first = asked;
  return asked;
}

async function answered<R extends Route>(route: R, ...[given]: Arguments<R>): Promise<Answer<R>> {
  const response = await send(route, given ?? {});
  if (response.status === 204) return undefined as Answer<R>;
  if ((response.headers.get("content-type") ?? "").startsWith("application/json")) return (await response.json()) as Answer<R>;
  return (await response.blob()) as Answer<R>;
}

interface Given {
  path?: Readonly<Record<string, string>> | undefined;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  idempotencyKey?: string;
  contentType?: string;
  signal?: AbortSignal;
}

async function send(route: string, given: Given): Promise<Response> {
  const [method, pattern] = route.split(" ") as [string, string];
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given.path?.[name] ?? ""));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given.query ?? {})) if (value !== undefined && value !== "") query.set(name, String(value));
  const address = query.size ? `${path}?${query}` : path;
  const attempt = () => fetched(address, method, given);
  let response = await attempt();
  if (response.status === 401) {
    if (!(await renew())) throw new SessionOver();
    response = await attempt();
  }
  if (response.ok) return response;
  const refusal = new Refusal(response.status, await problemOf(response));
  if (refusal.code === "maintenance") maintenance.value = true;
  throw refusal;
}

async function fetched(address: string, method: string, given: Given): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json, application/problem+json, */*;q=0.5" };
  if (user.value) headers["authorization"] = `Bearer ${user.value.access_token}`;
  if (given.idempotencyKey) headers["idempotency-key"] = given.idempotencyKey;
  if (given.body !== undefined) headers["content-type"] = given.contentType ?? "application/json";
  const text = typeof given.body === "string" && given.contentType ? given.body : JSON.stringify(given.body);
  const body = given.body === undefined ? {} : { body: text };
  try {
    return await fetch(address, { method, headers, ...body, ...(given.signal ? { signal: given.signal } : {}) });
  } catch (thrown) {
    if (given.signal?.aborted) throw thrown;
    throw new Offline();
  }
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const read: unknown = await response.json();
    // What API Gateway answers by itself is English: `{"message": …}`.
    return typeof read === "object" && read !== null && "detail" in read ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
