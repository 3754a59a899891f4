import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Failure, failureOf } from "../../api/failures.ts";
import { french } from "../../texts/typography.ts";
import { Button } from "../forms/button.tsx";
import { saveBlob } from "./saving.ts";

/** A button that fetches a file and gives it to the browser; a refusal is said below it. */
export function Download({ children, name, read, primary }: {
  children: ComponentChildren;
  /** Of the file. */
  name: string;
  /** The file, or undefined where there is none yet. */
  read: () => Promise<Blob | undefined>;
  primary?: boolean;
}) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const fetchIt = async () => {
    try {
      const file = await read();
      if (file) saveBlob(name, file);
      setFailure(null);
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  };
  return (
    <>
      <Button primary={Boolean(primary)} onClick={fetchIt} busyText="Préparation du fichier…">
        {children}
      </Button>
      {failure && (
        <span class="refused" role="alert">
          {french(failure.message)}
        </span>
      )}
    </>
  );
}
