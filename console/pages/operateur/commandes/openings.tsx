import { type Answer, call } from "../../../api/client.ts";
import { Notice } from "../../../components/notices/notice.tsx";
import { profile } from "../../../session/profile.ts";
import { when } from "../../../texts/dates.ts";
import { french } from "../../../texts/typography.ts";
import type { ReviewedOrder } from "./fields.ts";

export type Opening = Answer<"POST /v1/orders/{id}/opening">["openings"][number];

/** Minutes after which somebody who opened an order has probably left it. */
const BESIDE_MINUTES = 30;

/** Say that one has the order before one, if it is to be decided; the other people who opened it, newest first. */
export async function opened(order: ReviewedOrder, signal: AbortSignal): Promise<readonly Opening[]> {
  let known: readonly Opening[] = order.openings ?? [];
  try {
    if (order.decisions?.length) known = (await call("POST /v1/orders/{id}/opening", { path: { id: order.id }, signal })).openings;
  } catch {
    // It locks nothing, and the order is there to be decided all the same.
  }
  return known.filter((each) => each.by !== profile.value?.sub);
}

export function openedBy({ by, by_email: email, at }: Opening): string {
  return french(`${email ?? by}, ${when(at)}`);
}

/** Somebody else has it open, or had a moment ago: whoever decides first decides. */
export function Beside({ openings, now }: { openings: readonly Opening[]; now: Date }) {
  const latest = openings[0];
  if (!latest || now.getTime() - new Date(latest.at).getTime() > BESIDE_MINUTES * 60_000) return null;
  return (
    <Notice kind="attention" title="Une autre personne examine cette commande">
      <p>
        <span class="breakable">{openedBy(latest)}</span>. La première décision compte&nbsp;: mettez-vous d’accord, ou passez à la suivante.
      </p>
    </Notice>
  );
}
