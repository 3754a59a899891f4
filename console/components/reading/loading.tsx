import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { type Answer, type Item, type Route, call } from "../../api/client.ts";
import { type Failure, failureOf } from "../../api/failures.ts";
import { FailureState, LoadingState } from "./states.tsx";

export interface Resource<T> {
  /** What was read last, also while it is read again. */
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  readonly loading: boolean;
  /** Read it again; the promise ends when it is there. */
  readonly reload: () => Promise<void>;
}

/** Read something when the page opens, and anew when one of `on` changes. What a later call answered wins. */
export function useResource<T>(read: (signal: AbortSignal) => Promise<T>, on: readonly unknown[] = []): Resource<T> {
  const [state, setState] = useState<{ value?: T; failure?: Failure; loading: boolean }>({ loading: true });
  const running = useRef<AbortController | null>(null);
  const reload = useCallback(async () => {
    running.current?.abort();
    const own = (running.current = new AbortController());
    setState((before) => ({ ...before, loading: true }));
    try {
      const value = await read(own.signal);
      if (!own.signal.aborted) setState({ value, loading: false });
    } catch (thrown) {
      if (own.signal.aborted) return;
      const failure = failureOf(thrown);
      setState((before) => ({ ...before, failure, loading: false }));
    }
  }, on);
  useEffect(() => {
    void reload();
    return () => running.current?.abort();
  }, [reload]);
  return { value: state.value, failure: state.failure, loading: state.loading, reload };
}

/** What a resource holds, or what stands in its place while it is read and when it could not be. */
export function Loaded<T>({ of, what, children }: { of: Resource<T>; what: string; children: (value: T) => ComponentChildren }) {
  if (of.value !== undefined)
    return (
      <>
        {of.failure && <FailureState failure={of.failure} retry={of.reload} />}
        {children(of.value)}
      </>
    );
  if (of.failure) return <FailureState failure={of.failure} retry={of.reload} />;
  return <LoadingState what={what} />;
}

type Lists = { [R in Route]: Answer<R> extends { items: unknown[]; next_cursor: string | null } ? R : never }[Route];

export interface List<T> extends Resource<readonly T[]> {
  /** Whether there is more to read. */
  readonly more: boolean;
  readonly readMore: () => Promise<void>;
}

interface Page {
  readonly items: readonly unknown[];
  readonly cursor: string | null;
}

/** A list of the API, a page at a time: `const entries = useList("GET /v1/ledger", {})`. */
export function useList<R extends Lists>(
  route: R,
  given: { path?: Readonly<Record<string, string>>; query?: Readonly<Record<string, string>> } = {},
): List<Item<R>> {
  const [state, setState] = useState<{ page?: Page; failure?: Failure; loading: boolean }>({ loading: true });
  const running = useRef<AbortController | null>(null);
  const key = JSON.stringify([route, given]);
  const read = useCallback(
    async (before: Page | null) => {
      running.current?.abort();
      const own = (running.current = new AbortController());
      setState((known) => ({ ...(known.page ? { page: known.page } : {}), loading: true }));
      try {
        let items = before?.items ?? [];
        let cursor = before?.cursor ?? null;
        do {
          // A page may be empty and lead on.
          const query = { ...given.query, ...(cursor ? { cursor } : {}) };
          const answer = (await call(route, { ...given, query, signal: own.signal } as never)) as { items: unknown[]; next_cursor: string | null };
          items = [...items, ...answer.items];
          cursor = answer.next_cursor;
        } while (cursor && items.length === (before?.items.length ?? 0));
        if (!own.signal.aborted) setState({ page: { items, cursor }, loading: false });
      } catch (thrown) {
        if (own.signal.aborted) return;
        const failure = failureOf(thrown);
        setState((known) => ({ ...known, failure, loading: false }));
      }
    },
    [key],
  );
  useEffect(() => {
    setState({ loading: true });
    void read(null);
    return () => running.current?.abort();
  }, [read]);
  return {
    value: state.page?.items as readonly Item<R>[] | undefined,
    failure: state.failure,
    loading: state.loading,
    more: Boolean(state.page?.cursor),
    reload: () => read(null),
    readMore: () => read(state.page ?? null),
  };
}
