import { count, euros, number, phone, signed } from "../../texts/numbers.ts";
import { date, shortDate, when } from "../../texts/dates.ts";
import { MESSAGE_STATUSES, type Word, wordOf } from "../../texts/statuses.ts";

/** A state in words, with a sign and a colour of its tone: `<StatusWord table={MESSAGE_STATUSES} state="sent" />`. */
export function StatusWord({ table, state }: { table: Readonly<Record<string, Word>>; state: string }) {
  const { word, sign, tone } = wordOf(table, state);
  return (
    <span class={`status ${tone}`}>
      <span class="sign" aria-hidden="true">
        {sign}
      </span>
      {word}
    </span>
  );
}

/** The state of a message; of one that waits for its time, when it goes. */
export function MessageState({ of }: { of: { readonly status: string; readonly send_at: string | null } }) {
  const waits = of.status === "queued" && of.send_at !== null && new Date(of.send_at) > new Date();
  return waits ? (
    <span class="status waiting">
      <span class="sign" aria-hidden="true">
        …
      </span>
      Programmé pour {when(of.send_at!)}
    </span>
  ) : (
    <StatusWord table={MESSAGE_STATUSES} state={of.status} />
  );
}

/** An amount in euros, as the API writes it. */
export function Money({ amount }: { amount: string | number }) {
  return <span class="figure">{euros(amount)}</span>;
}

/** A number of things: `<Count of={208} one="personne" />`. */
export function Count({ of, one, many }: { of: number; one: string; many?: string }) {
  return <span class="figure">{many ? count(of, one, many) : count(of, one)}</span>;
}

/** A number alone, for a column; `change` shows its sign. */
export function Figure({ of, change }: { of: number; change?: boolean }) {
  return <span class="figure">{change ? signed(of) : number(of)}</span>;
}

/** A day or a moment: long in sentences, `short` in tables, `moment` with its time. */
export function DateText({ of, as = "date" }: { of: string; as?: "date" | "short" | "moment" }) {
  return <time dateTime={of}>{as === "short" ? shortDate(of) : as === "moment" ? when(of) : date(of)}</time>;
}

/** A telephone number, which no line breaks. */
export function Phone({ of }: { of: string }) {
  return <span class="figure">{phone(of)}</span>;
}
