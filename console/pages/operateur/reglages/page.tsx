import { useState } from "preact/hooks";
import { type Answer, call } from "../../../api/client.ts";
import { useActs } from "../../../components/notices/acts.tsx";
import { Button } from "../../../components/forms/button.tsx";
import { Field } from "../../../components/forms/field.tsx";
import { Loaded, useResource } from "../../../components/reading/loading.tsx";
import { Page, Section } from "../../../components/page.tsx";
import { weekday } from "../../../texts/dates.ts";
import { french } from "../../../texts/typography.ts";
import { Packs } from "./packs.tsx";

/** What holds for all schools: closure days, prices, and whose digital signatures are believed. */
export default function SettingsPage() {
  const read = useResource(async (signal) => {
    const [closures, prices, signers] = await Promise.all([call("GET /v1/closures", { signal }), call("GET /v1/price-list", { signal }), call("GET /v1/trusted-signers", { signal })]);
    return { closures, prices, signers };
  });
  return (
    <Page title="Réglages">
      <Loaded of={read} what="Lecture des réglages…">
        {({ closures, prices, signers }) => (
          <>
            <Section title="Jours de fermeture">
              <Closures days={closures} reload={read.reload} />
            </Section>
            <Section title="Packs et prix">
              <Packs prices={prices} reload={read.reload} />
            </Section>
            <Section title="Signatures électroniques reconnues">
              <Signers known={signers} reload={read.reload} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Publish a whole list anew; says what came of it. */
export function usePublishing(reload: () => Promise<void>) {
  const { act, notice } = useActs(reload, "Rien n’a été publié");
  return { publish: act, notice };
}

function Closures({ days, reload }: { days: readonly string[]; reload: () => Promise<void> }) {
  const [day, setDay] = useState("");
  const [error, setError] = useState("");
  const { publish, notice } = usePublishing(reload);
  const sorted = [...days].sort();
  const add = async (event: Event) => {
    event.preventDefault();
    if (!day) return setError("Choisissez un jour.");
    if (days.includes(day)) return setError("Ce jour est déjà dans la liste.");
    setError("");
    if (await publish(() => call("PUT /v1/closures", { body: [...sorted, day] }), `Fermeture publiée : ${weekday(day)}.`)) setDay("");
  };
  return (
    <>
      <p>Ces jours ne comptent pas dans les 24 heures ouvrées d’un examen, comme les samedis, dimanches et jours fériés. Les écoles les voient.</p>
      {notice}
      {sorted.length === 0 && <p>Aucun jour de fermeture publié.</p>}
      <ul class="rows plain">
        {sorted.map((each) => (
          <li key={each}>
            <span>{`${weekday(each)} ${each.slice(0, 4)}`}</span>
            <Button onClick={() => publish(() => call("PUT /v1/closures", { body: sorted.filter((other) => other !== each) }), `${weekday(each)} n’est plus un jour de fermeture.`)} busyText="Retrait…">
              Retirer<span class="unseen"> {weekday(each)}</span>
            </Button>
          </li>
        ))}
      </ul>
      <form class="search" onSubmit={add} noValidate>
        <Field label="Jour à ajouter" error={error || undefined}>
          <input type="date" value={day} onInput={(event) => setDay(event.currentTarget.value)} />
        </Field>
        <Button type="submit">Publier ce jour</Button>
      </form>
    </>
  );
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

function Signers({ known, reload }: { known: Answer<"GET /v1/trusted-signers">; reload: () => Promise<void> }) {
  const [written, setWritten] = useState("");
  const [error, setError] = useState("");
  const { publish, notice } = usePublishing(reload);
  const add = async (event: Event) => {
    event.preventDefault();
    const found = written.match(CERTIFICATE);
    if (!found) return setError("Collez un certificat au format PEM, de « BEGIN CERTIFICATE » à « END CERTIFICATE ».");
    setError("");
    if (await publish(() => call("PUT /v1/trusted-signers", { body: [...known, ...found] }), "Certificat publié.")) setWritten("");
  };
  return (
    <>
      <p>Un bon signé électroniquement compte si son certificat, ou l’autorité qui l’a délivré, est dans cette liste ; les autres vont à l’examen.</p>
      {notice}
      {known.length === 0 && <p>Aucun certificat publié.</p>}
      <ul class="rows plain">
        {known.map((each, index) => (
          <li key={each}>
            <details>
              <summary>Certificat {index + 1}</summary>
              <pre class="certificate">{each}</pre>
            </details>
            <Button onClick={() => publish(() => call("PUT /v1/trusted-signers", { body: known.filter((other) => other !== each) }), "Certificat retiré.")} busyText="Retrait…">
              Retirer<span class="unseen"> le certificat {index + 1}</span>
            </Button>
          </li>
        ))}
      </ul>
      <form onSubmit={add} noValidate>
        <Field label="Certificat à ajouter" hint="Au format PEM." error={error ? french(error) : undefined}>
          <textarea rows={4} spellcheck={false} value={written} onInput={(event) => setWritten(event.currentTarget.value)} />
        </Field>
        <Button type="submit">Publier ce certificat</Button>
      </form>
    </>
  );
}
