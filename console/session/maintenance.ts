import { effect } from "@preact/signals";
import { call } from "../api/client.ts";
import { maintenance } from "../api/maintenance.ts";
import { profile, readProfile } from "./profile.ts";

/** Milliseconds between looks while the page is seen: it stays open for hours, and maintenance begins meanwhile. */
const EACH_MINUTE = 60_000;
/** Milliseconds that the first look leaves to what the page itself asks for. */
const A_MOMENT = 2_000;

/** Keep `maintenance` true to the service until the answer is called. */
export function watchMaintenance(): () => void {
  // As a page opens, a school reads it with who one is; nobody tells the operator, who may not send anyway.
  const stop = effect(() => {
    if (profile.value?.why_not === "maintenance") maintenance.value = true;
  });
  const look = () => document.visibilityState === "visible" && void ask();
  const timer = setInterval(look, EACH_MINUTE);
  const first = profile.value?.roles.includes("operator") ? setTimeout(look, A_MOMENT) : undefined;
  document.addEventListener("visibilitychange", look);
  return () => {
    stop();
    clearTimeout(first);
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}

async function ask(): Promise<void> {
  try {
    const { status } = await call("GET /healthz");
    const ended = maintenance.value && status !== "maintenance";
    maintenance.value = status === "maintenance";
    if (ended) await readProfile(); // one may send again
  } catch {
    // Not reached: whatever is called next says so.
  }
}
