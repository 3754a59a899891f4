import { useState } from "preact/hooks";
import { call } from "../../../../api/client.ts";
import { type Failure, Refusal, failureOf } from "../../../../api/failures.ts";
import { Button } from "../../../../components/forms/button.tsx";
import { Field } from "../../../../components/forms/field.tsx";
import { when } from "../../../../texts/dates.ts";
import { french } from "../../../../texts/typography.ts";
import { ActButton } from "../decisions/acting.tsx";
import type { School } from "../school.tsx";

interface Given {
  readonly school: School;
  readonly reload: () => Promise<void>;
}

/** Programs that may act for the school by themselves. */
export function Integrations({ school, reload }: Given) {
  const uai = school.uai;
  const [client, setClient] = useState("");
  const [error, setError] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const grant = async (event: Event) => {
    event.preventDefault();
    if (!client.trim()) return setError("Indiquez l’identifiant de l’application.");
    setError("");
    setFailure(null);
    try {
      await call("PUT /v1/schools/{uai}/integrations/{client_id}", { path: { uai, client_id: client.trim() } });
      setClient("");
      await reload();
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  };
  const said = error || (failure instanceof Refusal ? (failure.of("client_id") ?? failure.message) : failure?.message);
  return (
    <>
      {school.integrations.length === 0 && <p>Aucune : seules des personnes envoient pour cet établissement.</p>}
      <ul class="rows plain">
        {school.integrations.map((each) => (
          <li key={each.client_id}>
            <span>
              <strong class="breakable">{each.client_id}</strong> <span class="soft">autorisée {when(each.granted_at)}</span>
            </span>
            <ActButton
              of={{
                title: `Retirer ${each.client_id}`,
                about: "L’application ne pourra plus rien demander pour cet établissement, dès maintenant. Ce qui est déjà accepté part.",
                button: "Retirer l’application",
                danger: true,
                act: () => call("DELETE /v1/schools/{uai}/integrations/{client_id}", { path: { uai, client_id: each.client_id } }),
              }}
              onDone={() => void reload()}
            >
              Retirer…<span class="unseen"> {each.client_id}</span>
            </ActButton>
          </li>
        ))}
      </ul>
      {school.state !== "terminated" && (
        <form class="search" onSubmit={grant} noValidate>
          <Field label="Identifiant de l’application" error={said && french(said)}>
            <input autocomplete="off" value={client} onInput={(event) => setClient(event.currentTarget.value)} />
          </Field>
          <Button type="submit">Autoriser</Button>
        </form>
      )}
    </>
  );
}

/** Users whom a manager stopped, for a school where no manager can let them send again. */
export function BlockedSenders({ school, reload }: Given) {
  const uai = school.uai;
  return (
    <ul class="rows plain">
      {school.blocked_senders.map((each) => (
        <li key={each.sub}>
          <span>
            <strong class="breakable">{each.sub}</strong> <span class="soft">envois arrêtés {when(each.blocked_at)} par {each.blocked_by}</span>
          </span>
          <ActButton
            of={{
              title: `Rétablir ${each.sub}`,
              about: "Cette personne pourra de nouveau envoyer. Préférez qu’un gestionnaire de l’établissement le fasse.",
              words: { label: "Motif", field: "reason", longest: 1000 },
              button: "Rétablir",
              act: (reason) => call("DELETE /v1/schools/{uai}/blocked-senders/{sub}", { path: { uai, sub: each.sub }, body: { reason } }),
            }}
            onDone={() => void reload()}
          >
            Rétablir…<span class="unseen"> {each.sub}</span>
          </ActButton>
        </li>
      ))}
    </ul>
  );
}
