import { useState } from "preact/hooks";
import { type Failure, Refusal, failureOf, mayBeDone, titleOfAct } from "../../api/failures.ts";
import { french } from "../../texts/typography.ts";
import { Notice } from "./notice.tsx";

type Act = <T>(doing: () => Promise<T>, words: string | ((answer: T) => string)) => Promise<boolean>;

/**
 * Acts on what a page shows, which is then read again: what came of the last one is in `notice`. `words` say that it is
 * done ("" says nothing), `nothing` that it was refused.
 */
export function useActs(reload: () => Promise<void>, nothing: string) {
  const [said, setSaid] = useState<{ words: string; times: number } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const act: Act = async (doing, words) => {
    setSaid(null);
    setFailure(null);
    try {
      const answer = await doing();
      await reload();
      setSaid({ words: typeof words === "string" ? words : words(answer), times: Date.now() });
      return true;
    } catch (thrown) {
      setFailure(failureOf(thrown));
      return false;
    }
  };
  const notice = said?.words ? <Notice key={said.times} kind="good" title={french(said.words)} /> : failure ? <Undone failure={failure} nothing={nothing} /> : null;
  return { act, notice };
}

function Undone({ failure, nothing }: { failure: Failure; nothing: string }) {
  return (
    <Notice kind="bad" title={mayBeDone(failure) ? titleOfAct(failure, "") : nothing} focus>
      <p>{french(failure instanceof Refusal && failure.fields[0] ? failure.fields[0].detail : failure.message)}</p>
    </Notice>
  );
}
