import { useState } from "preact/hooks";
import { Button } from "../../../components/forms/button.tsx";
import { count, number } from "../../../texts/numbers.ts";
import { count as smsOf } from "../../../texts/sms/count.ts";
import { prepare } from "../../../texts/sms/prepare.ts";
import { filled, template, valueFor } from "../../../texts/sms/variables.ts";
import { french } from "../../../texts/typography.ts";
import type { Letter, Row } from "../draft.ts";
import type { Estimate } from "../judged.ts";

/** Recipients that one looks through one by one. */
const FEW = 5;

/** The message as any of the recipients will read it, with the longest one a click away. */
export function Preview({ rows, estimate, letter }: { rows: readonly Row[]; estimate: Estimate; letter: Letter }) {
  const reached = (estimate.per_recipient ?? []).filter((each) => !each.refused);
  const [place, setPlace] = useState(0);
  const here = reached[Math.min(place, reached.length - 1)];
  const row = here && rows[here.index];
  if (!here || !row) return null;
  const worst = reached.reduce((longest, each, index) => {
    const other = reached[longest]!;
    return each.sms_count > other.sms_count || (each.sms_count === other.sms_count && each.characters > other.characters) ? index : longest;
  }, 0);
  const parsed = template(letter.text);
  const text = prepare(filled(parsed, (name) => valueFor(row.values, name)));
  const go = (to: number) => setPlace((to + reached.length) % reached.length);
  const varies = parsed.slots.length > 0;
  return (
    <section class="preview" aria-label="Aperçu">
      <div class="preview-head">
        {reached.length > 1 && <Arrow label="Destinataire précédent" sign="◂" press={() => go(place - 1)} />}
        <p>
          <span class="figure">{row.phone}</span>
          <span class="soft">
            {row.line > 0 && `, ligne ${row.line}`} ({number(Math.min(place, reached.length - 1) + 1)} sur {number(reached.length)})
          </span>
        </p>
        {reached.length > 1 && <Arrow label="Destinataire suivant" sign="▸" press={() => go(place + 1)} />}
      </div>
      <div class="phone">
        <p class="bubble" aria-live="polite">
          {text}
        </p>
      </div>
      <p class="hint">{count(smsOf(text).smsCount, "SMS")}</p>
      {reached.length > FEW && <GoTo rows={reached.map((each) => rows[each.index]!)} go={setPlace} />}
      {varies && (
        <p>
          {french("Le plus long : ")}
          {rows[reached[worst]!.index]!.line > 0 ? `ligne ${rows[reached[worst]!.index]!.line}` : rows[reached[worst]!.index]!.phone}, {count(reached[worst]!.sms_count, "SMS")}.{" "}
          {worst !== place && (
            <button type="button" class="as-link" onClick={() => setPlace(worst)}>
              Le voir
            </button>
          )}
        </p>
      )}
    </section>
  );
}

/** Any recipient by line or number, among many. */
function GoTo({ rows, go }: { rows: readonly Row[]; go: (place: number) => void }) {
  const [sought, setSought] = useState("");
  const [missing, setMissing] = useState(false);
  const find = (event: Event) => {
    event.preventDefault();
    const digits = sought.replace(/\D/g, "");
    const place = digits ? rows.findIndex((row) => String(row.line) === digits || (digits.length > 5 && row.phone.replace(/\D/g, "").endsWith(digits.replace(/^0/, "")))) : -1;
    setMissing(place < 0);
    if (place >= 0) go(place);
  };
  return (
    <form class="go-to" onSubmit={find} noValidate>
      <label>
        Voir la ligne ou le numéro
        <input inputMode="numeric" value={sought} onInput={(event) => setSought(event.currentTarget.value)} />
      </label>
      <Button type="submit">Voir</Button>
      <p role="status" class="soft">
        {missing && "Aucune personne qui recevra le message n’a cette ligne ni ce numéro."}
      </p>
    </form>
  );
}

function Arrow({ label, sign, press }: { label: string; sign: string; press: () => void }) {
  return (
    <Button onClick={press}>
      <span aria-hidden="true">{sign}</span>
      <span class="unseen">{label}</span>
    </Button>
  );
}
