import { useEffect, useState } from "preact/hooks";
import { parts } from "../../texts/sms/count.ts";
import type { Measure } from "../../texts/sms/measure.ts";
import { MAX_CHARACTERS, MAX_SMS, MAX_UNICODE_UNITS } from "../../texts/sms/signs.ts";
import { count, number } from "../../texts/numbers.ts";
import { french } from "../../texts/typography.ts";

/** How many SMS a text takes, drawn as cells; the longest recipient counts. `whose` says who that is. */
export function Counter({ of, whose }: { of: Measure; whose?: string | undefined }) {
  const drawn = parts(of.shown);
  const last = drawn.at(-1)!;
  const most = of.counted.encoding === "gsm" ? MAX_CHARACTERS : MAX_UNICODE_UNITS;
  const empty = of.shown === "";
  return (
    <div class={of.tooLong ? "counter wrong" : "counter"}>
      <p class="counter-sms">{empty ? `0\u00a0SMS` : count(of.counted.smsCount, "SMS")}{of.indicative && <span class="soft"> environ</span>}</p>
      <p class="counter-units">
        <span class="figure">{number(of.counted.characters)}</span> {of.counted.smsCount > 1 ? "caractères" : `sur ${last.room}\u00a0caractères`}
      </p>
      <div class="cells" aria-hidden="true">
        {Array.from({ length: Math.max(drawn.length, 1) }, (_, index) => (
          <progress key={index} class={index < MAX_SMS ? "cell" : "cell over"} value={drawn[index]?.used ?? 0} max={drawn[index]?.room ?? 1} />
        ))}
      </div>
      <p class="counter-room">
        {of.tooLong
          ? french(`Trop long : ${most} caractères et ${MAX_SMS} SMS au plus. Raccourcissez le message.`)
          : french(`Encore ${count(last.room - last.used, "caractère")} dans ${drawn.length > 1 ? `le ${drawn.length}e SMS` : "ce SMS"}.`)}
      </p>
      {whose && <p class="hint">{french(whose)}</p>}
      {of.indicative && <p class="hint">{french("Chaque variable compte ici pour 10 lettres ; le compte sera exact avec vos destinataires.")}</p>}
      <Announced of={of} />
    </div>
  );
}

/** The count, read out once the fingers rest. */
function Announced({ of }: { of: Measure }) {
  const now = of.tooLong ? "Message trop long" : `${count(of.counted.smsCount, "SMS")}, ${count(of.counted.characters, "caractère")}`;
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!of.shown) return;
    const later = setTimeout(() => setSaid(now), 1200);
    return () => clearTimeout(later);
  }, [now]);
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  );
}
