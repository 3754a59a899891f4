import { useEffect, useState } from "preact/hooks";
import { type Answer, call } from "../../api/client.ts";
import { type Failure, failureOf } from "../../api/failures.ts";
import { Download } from "../../components/files/download.tsx";
import { Notice } from "../../components/notices/notice.tsx";
import { count } from "../../texts/numbers.ts";
import { french } from "../../texts/typography.ts";
import type { Search } from "./search.ts";

type Export = Answer<"GET /v1/exports/{id}">;

const LOOK_MS = 3000;
const NAME = "historique-sms.csv";

/** What was found, as a file: at once, or made in some minutes and then offered. */
export function ExportButton({ search }: { search: Search }) {
  const [made, setMade] = useState<Export | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    if (made?.state !== "running") return;
    const timer = setTimeout(async () => {
      try {
        setMade(await call("GET /v1/exports/{id}", { path: { id: made.id } }));
      } catch (thrown) {
        setFailure(failureOf(thrown));
      }
    }, LOOK_MS);
    return () => clearTimeout(timer);
  }, [made]);
  const read = async () => {
    setFailure(null);
    const answer = await call("GET /v1/history.csv", { query: search });
    if (answer instanceof Blob) return answer;
    setMade(answer);
    return undefined;
  };
  return (
    <div class="export">
      <Download name={NAME} read={read}>
        Exporter ces messages en CSV
      </Download>
      {made?.state === "running" && (
        <Notice title="Le fichier se prépare">
          <p>{french(`${count(made.rows, "ligne écrite", "lignes écrites")}. Laissez cette page ouverte : le lien paraîtra ici.`)}</p>
        </Notice>
      )}
      {made?.state === "ready" && made.url && (
        <Notice kind="good" title="Le fichier est prêt" focus>
          <p>
            <a href={made.url}>Télécharger {count(made.rows, "ligne")}</a>. Le lien sert cinq minutes ; il contient les numéros et les textes : gardez le fichier en lieu sûr.
          </p>
        </Notice>
      )}
      {made?.state === "failed" && (
        <Notice kind="bad" title="Le fichier n’a pas pu être préparé">
          <p>Relancez l’export, ou réduisez la période.</p>
        </Notice>
      )}
      {failure && (
        <Notice kind="bad" title="La préparation n’a pas pu être suivie">
          <p>{french(failure.message)}</p>
        </Notice>
      )}
    </div>
  );
}
