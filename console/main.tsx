import { render } from "preact";
import { ROUTES } from "./routes.ts";
import { start } from "./session/session.ts";
import { applyLook } from "./shell/look.ts";
import { followLinks, match } from "./shell/router.ts";
import { Shell } from "./shell/shell.tsx";

async function begin(): Promise<void> {
  const begun = await start();
  if (begun === "silent" || begun === "leaving") return;
  applyLook();
  followLinks(ROUTES);
  // The page's code comes while the API says who is there. What goes wrong with it is shown when the page is.
  match(ROUTES, location.pathname)?.route.load().catch(() => undefined);
  render(<Shell begun={begun} routes={ROUTES} />, document.getElementById("console")!);
}

void begin();
