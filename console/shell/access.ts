import { roles } from "../session/profile.ts";
import type { Route } from "./router.ts";

/** Whether whoever is signed in may see the page. */
export function allowed(route: Route): boolean {
  return route.roles.length === 0 || route.roles.some((role) => roles.value.has(role));
}
