import { useState } from "preact/hooks";
import { call } from "../../api/client.ts";
import { type Failure, failureOf } from "../../api/failures.ts";
import { Button } from "../../components/forms/button.tsx";
import { Actions, Dialog } from "../../components/notices/dialog.tsx";
import { Check, Field } from "../../components/forms/field.tsx";
import { navigate } from "../../shell/router.ts";
import { count, phone } from "../../texts/numbers.ts";
import { french } from "../../texts/typography.ts";
import { KeepFile } from "./keeping.tsx";
import type { Held } from "./number.tsx";

type Right = "withdraw" | "correct" | "erase";
type Done = (words: string) => Promise<void>;

/** Withdraw, correct, erase: what each will do is said before it is done. */
export function Rights({ of, onDone }: { of: Held; onDone: Done }) {
  const [asked, setAsked] = useState<Right | null>(null);
  const granted = of.consent?.state === "granted";
  const close = () => setAsked(null);
  return (
    <>
      <ul class="rights">
        <li>
          <p>
            <strong>Savoir ce qui est gardé.</strong> Un fichier à lui remettre : accords, messages, réponses.
          </p>
          <KeepFile of={of} />
        </li>
        {granted && (
          <li>
            <p>
              <strong>Ne plus recevoir de SMS.</strong> Le retrait est inscrit ; la fiche et l’historique restent.
            </p>
            <Button onClick={() => setAsked("withdraw")}>Retirer le consentement</Button>
          </li>
        )}
        {granted && (
          <li>
            <p>
              <strong>Faire corriger son numéro.</strong> L’accord passe au bon numéro, avec sa preuve.
            </p>
            <Button onClick={() => setAsked("correct")}>Corriger le numéro</Button>
          </li>
        )}
        {!of.erased_at && (
          <li>
            <p>
              <strong>Faire effacer tout ce qui est gardé.</strong> C’est définitif.
            </p>
            <Button danger onClick={() => setAsked("erase")}>
              Effacer ce numéro
            </Button>
          </li>
        )}
      </ul>
      {asked === "withdraw" && <Withdraw of={of} close={close} onDone={onDone} />}
      {asked === "correct" && <Correct of={of} close={close} />}
      {asked === "erase" && <Erase of={of} close={close} onDone={onDone} />}
    </>
  );
}

interface Asked {
  readonly of: Held;
  readonly close: () => void;
  readonly onDone: Done;
}

function Refused({ failure }: { failure: Failure | null }) {
  return failure ? (
    <p class="refused" role="alert">
      {french(failure.message)}
    </p>
  ) : null;
}

function Withdraw({ of, close, onDone }: Asked) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const withdraw = async () => {
    try {
      await call("DELETE /v1/consents/{phone}", { path: { phone: of.phone } });
    } catch (thrown) {
      setFailure(failureOf(thrown));
      return;
    }
    close();
    await onDone("Le consentement est retiré : plus aucun SMS ne partira vers ce numéro.");
  };
  return (
    <Dialog title="Retirer le consentement ?" onClose={close}>
      <ul>
        <li>Plus aucun SMS ne partira vers le {phone(of.phone)}.</li>
        <li>Ce qui lui est programmé sera arrêté et rendu au stock.</li>
        <li>Le retrait ne s’efface pas. Pour lui écrire de nouveau, il faudra un nouvel accord, daté d’après.</li>
      </ul>
      <Refused failure={failure} />
      <Actions>
        <Button onClick={close}>Garder le consentement</Button>
        <Button danger onClick={withdraw} busyText="Retrait…">
          Retirer le consentement
        </Button>
      </Actions>
    </Dialog>
  );
}

function Correct({ of, close }: Omit<Asked, "onDone">) {
  const [right, setRight] = useState("");
  const [error, setError] = useState<string>();
  const correct = async () => {
    if (!right.trim()) {
      setError("Tapez le bon numéro.");
      return;
    }
    try {
      const consent = await call("POST /v1/recipients/{phone}/rectification", { path: { phone: of.phone }, body: { phone: right.trim() } });
      close();
      navigate(`/destinataires/${encodeURIComponent(consent.phone)}?corrige=oui`);
    } catch (thrown) {
      setError(french(failureOf(thrown).message));
    }
  };
  return (
    <Dialog title="Corriger le numéro" onClose={close}>
      <form onSubmit={(event) => event.preventDefault()} noValidate>
        <ul>
          <li>L’accord et sa preuve passent au bon numéro.</li>
          <li>Ce qui n’est pas encore parti vers le {phone(of.phone)} sera arrêté et rendu au stock.</li>
          <li>L’historique garde ce qui a été envoyé, au numéro qui l’a reçu.</li>
          <li>L’ancien numéro ne recevra plus rien, même si une vieille liste le contient.</li>
        </ul>
        <Field label="Le bon numéro" error={error}>
          <input type="tel" autocomplete="off" value={right} onInput={(event) => setRight(event.currentTarget.value)} />
        </Field>
        <Actions>
          <Button onClick={close}>Ne rien changer</Button>
          <Button type="submit" onClick={correct} busyText="Correction…">
            Corriger le numéro
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

function Erase({ of, close, onDone }: Asked) {
  const [sure, setSure] = useState(false);
  const [error, setError] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const [erased, setErased] = useState(0);
  const erase = async () => {
    setError(sure ? "" : "Cochez la case pour confirmer.");
    if (!sure) return;
    try {
      let cursor: string | null = null;
      let messages = 0;
      do {
        const answer: { messages: number; next_cursor: string | null } = await call("DELETE /v1/recipients/{phone}", { path: { phone: of.phone }, query: cursor ? { cursor } : {} });
        setErased((messages += answer.messages));
        cursor = answer.next_cursor;
      } while (cursor);
    } catch (thrown) {
      setFailure(failureOf(thrown));
      return;
    }
    close();
    await onDone("Le numéro est effacé.");
  };
  return (
    <Dialog title="Effacer ce numéro ?" onClose={close}>
      <ul>
        <li>Le numéro, ses messages et ses réponses disparaissent de partout ; seuls les décomptes restent.</li>
        <li>Les listes déposées et les exports encore offerts par le service disparaissent aussi : ils pourraient le contenir.</li>
        <li>On ne pourra plus lui écrire, sauf si le numéro change de titulaire et que cette personne y consent.</li>
        <li>
          <strong>Cela ne peut pas être annulé.</strong> Si la personne demande une copie, téléchargez-la avant.
        </li>
      </ul>
      <Check label={`J’efface tout ce qui est gardé du ${phone(of.phone)}.`} checked={sure} onChange={setSure} />
      {error && (
        <p class="refused" role="alert">
          {error}
        </p>
      )}
      {erased > 0 && <p role="status">{french(`${count(erased, "message effacé", "messages effacés")}.`)}</p>}
      <Refused failure={failure} />
      <Actions>
        <Button onClick={close}>Ne rien effacer</Button>
        <Button danger onClick={erase} busyText="Effacement…">
          Effacer définitivement
        </Button>
      </Actions>
    </Dialog>
  );
}
