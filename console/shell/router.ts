import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Role } from "../session/profile.ts";

export interface PageProps {
  /** Parts of the address that the pattern names: `/envois/:id` gives `id`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface Route {
  /** `/envois/:id`. */
  readonly path: string;
  /** Title of the window until the page says a better one by `<Page title>`. */
  readonly title: string;
  /** Who may see it: one of these roles; empty means whoever is signed in. */
  readonly roles: readonly Role[];
  /** Its entry in the navigation, if it has one. */
  readonly entry?: string;
  /** Beside the help, for what one comes for now and then: the navigation has what people come for. */
  readonly aside?: true;
  /** Another word for the entry, for those who are senders and no more. */
  readonly entryForSenders?: string;
  readonly load: () => Promise<{ default: ComponentType<PageProps> }>;
}

/** Path and query of the page that is shown. */
export const address = signal(location.pathname + location.search);

/** Whether the address changed since the console was opened: then focus goes to the new page's title. */
export const moved = signal(false);

/** Show `to`, as a link does. */
export function navigate(to: string, { replace = false } = {}): void {
  history[replace ? "replaceState" : "pushState"](null, "", to);
  show();
  scrollTo(0, 0);
}

function show(): void {
  const next = location.pathname + location.search;
  if (next !== address.value) moved.value = true;
  address.value = next;
}

/** Follow links of the console without loading it anew; all others are the browser's. */
export function followLinks(routes: readonly Route[]): void {
  address.value = location.pathname + location.search; // signing in has put the page's own address back
  addEventListener("popstate", show);
  // The code of a page comes while the pointer or the keyboard is on its link, so that a click shows it at once.
  const foresee = (event: Event) => {
    const link = (event.target as Element).closest?.("a");
    if (link && link.origin === location.origin) match(routes, link.pathname)?.route.load().catch(() => undefined);
  };
  document.addEventListener("pointerover", foresee);
  document.addEventListener("focusin", foresee);
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (link.origin !== location.origin || link.target || link.hasAttribute("download")) return;
    if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
    if (!match(routes, link.pathname)) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** The first route whose pattern `path` fits. */
export function match(routes: readonly Route[], path: string): Match | null {
  for (const route of routes) {
    const params = fit(route.path, path);
    if (params) return { route, params };
  }
  return null;
}

/** The parts of `path` that `pattern` names, or null if it does not fit. */
export function fit(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const wanted = pattern.split("/");
  const found = path.replace(/(.)\/$/, "$1").split("/");
  if (wanted.length !== found.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const given = found[index]!;
    if (part.startsWith(":")) {
      if (!given) return null;
      try {
        params[part.slice(1)] = decodeURIComponent(given);
      } catch {
        return null;
      }
    } else if (part !== given) return null;
  }
  return params;
}
