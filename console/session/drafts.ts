import { type Signal, effect, signal } from "@preact/signals";
import { DRAFTS, draftsOf, isOf } from "./draft_keys.ts";
import { profile } from "./profile.ts";

/**
 * A draft names people, and schools share computers: it stays until the end of the next day, and goes when its author
 * signs out or somebody else signs in.
 */
const DAYS_KEPT = 1;

export interface Draft<T> {
  readonly value: Signal<T>;
  /** When what is here was last saved in an earlier visit; null if the draft began empty. */
  readonly restoredFrom: Date | null;
  /** Forget it: it was sent, or given up. */
  forget(): void;
}

/**
 * What somebody is writing, saved with each change, for them alone, until `forget`. It survives a closed tab, a reload
 * and the end of the session. `T` must be what JSON can hold.
 */
export function openDraft<T>(name: string, empty: T): Draft<T> {
  const key = `${own()}${name}`;
  const kept = read<T>(key);
  const value = signal<T>(kept?.value ?? empty);
  let first = true;
  let forgotten = false;
  effect(() => {
    const now = value.value;
    if (first) first = false;
    else if (!forgotten) write(key, now);
  });
  const forget = () => {
    forgotten = true;
    value.value = empty;
    forgotten = false;
    localStorage.removeItem(key);
  };
  return { value, restoredFrom: kept ? new Date(kept.at) : null, forget };
}

/** Whether whoever is signed in left something unfinished. */
export function hasDrafts(): boolean {
  return keys(own()).length > 0;
}

/** Remove the drafts of whoever is signed in, because others may use this machine. */
export function forgetDrafts(): void {
  for (const key of keys(own())) localStorage.removeItem(key);
}

/** Remove what is too old, and what anybody wrote here but whoever is signed in. */
export function forgetOthersDrafts(): void {
  for (const key of keys(DRAFTS)) {
    if (isOf(key, profile.value?.sub ?? "")) read(key);
    else localStorage.removeItem(key);
  }
}

function own(): string {
  return draftsOf(profile.value?.school?.uai ?? "", profile.value?.sub ?? "");
}

function keys(prefix: string): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
}

function read<T>(key: string): { at: number; value: T } | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as { at: number; value: T } | null;
    if (kept && Date.now() < endOf(kept.at)) return kept;
  } catch {
    // Not ours, or cut short: of no use to anybody.
  }
  localStorage.removeItem(key);
  return null;
}

/** The end of the last day on which what was saved then is kept. */
function endOf(saved: number): number {
  const day = new Date(saved);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + DAYS_KEPT + 1).getTime();
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), value }));
  } catch {
    // The browser has no room left: the page itself still holds what was written.
  }
}
