import { useEffect, useState } from "preact/hooks";
import { type Answer, call } from "../../api/client.ts";
import { when } from "../../texts/dates.ts";
import { french } from "../../texts/typography.ts";
import { urgency } from "./deadline.ts";
import type { WaitingOrder } from "./waiting.ts";

type School = Answer<"GET /v1/schools/{uai}">;
const known = new Map<string, Promise<School | null>>();

/** A school by its UAI, read once a visit; null if it is not registered, or cannot be read now. */
export function schoolNamed(uai: string): Promise<School | null> {
  const found = known.get(uai) ?? call("GET /v1/schools/{uai}", { path: { uai } }).catch(() => null);
  known.set(uai, found);
  void found.then((school) => school ?? known.delete(uai));
  return found;
}

/** Where a school's page is. */
export function schoolPath(uai: string): string {
  return `/operateur/etablissements/${encodeURIComponent(uai)}`;
}

/** The name of a school with its UAI, leading to its page; the UAI alone until the name is there. */
export function SchoolLink({ uai }: { uai: string | null }) {
  const [name, setName] = useState("");
  useEffect(() => {
    let here = true;
    if (uai) void schoolNamed(uai).then((school) => here && setName(school?.name ?? ""));
    return () => {
      here = false;
    };
  }, [uai]);
  if (!uai) return <span class="soft">Établissement non reconnu</span>;
  return (
    <>
      <a href={schoolPath(uai)}>{name || uai}</a>
      {name && <span class="soft figure"> {uai}</span>}
    </>
  );
}

/** Now, again each half minute: what shows a time left ticks with it. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const ticking = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(ticking);
  }, []);
  return now;
}

const SIGNS = { bad: "!", attention: "!", neutral: "…" } as const;

/** The deadline of an order, and what is left until then in working hours. */
export function Deadline({ of, now }: { of: Pick<WaitingOrder, "deadline" | "days_off">; now: Date }) {
  const { words, tone } = urgency(of.deadline, of.days_off.map((each) => each.day), now);
  return (
    <span class={`status ${tone}`}>
      <span class="sign" aria-hidden="true">
        {SIGNS[tone]}
      </span>
      <span>
        {french(words)}
        {tone !== "bad" && <span class="soft"> ({when(of.deadline, now)})</span>}
      </span>
    </span>
  );
}
