import { useState } from "preact/hooks";
import { Button } from "../../components/forms/button.tsx";
import { Actions, Dialog } from "../../components/notices/dialog.tsx";
import { StatusWord } from "../../components/tables/values.tsx";
import { profile } from "../../session/profile.ts";
import { when } from "../../texts/dates.ts";
import { NOTIFIED_STATES } from "../../texts/statuses.ts";
import { french } from "../../texts/typography.ts";
import { type Change, type List, type Listed, sameAddress, stateOf } from "./list.ts";

/** One address: whether mails reach it, and what can be done about it. The last confirmed one stays. */
export function NotifiedRow({ of, list, change }: { of: Listed; list: List; change: Change }) {
  const [asking, setAsking] = useState(false);
  const state = stateOf(of);
  const others = list.items.some((each) => each.email !== of.email && each.state === "confirmed");
  const remove = async () => {
    await change((addresses) => addresses.filter((each) => each !== of.email), () => `${of.email} ne reçoit plus les messages.`);
    setAsking(false);
  };
  return (
    <>
      <div>
        <span class="breakable">{of.email}</span>
        <br />
        <StatusWord table={NOTIFIED_STATES} state={state} />
        {state === "pending" && of.expires_at && <span class="soft">{french(` : lien valable jusqu’à ${when(of.expires_at)}`)}</span>}
      </div>
      <div class="actions">
        {state === "expired" && (
          <Button onClick={() => change((addresses) => addresses, () => `Un nouveau lien a été envoyé à ${of.email}.`)} busyText="Envoi…">
            Renvoyer un lien<span class="unseen"> à {of.email}</span>
          </Button>
        )}
        {others && (
          <Button onClick={() => setAsking(true)}>
            Retirer…<span class="unseen"> {of.email}</span>
          </Button>
        )}
      </div>
      {asking && (
        <Dialog title={french(`Retirer ${of.email} ?`)} onClose={() => setAsking(false)}>
          {sameAddress(of.email, profile.value?.email ?? "") ? (
            <p>C’est votre adresse : vous ne saurez plus par messagerie que le stock baisse, qu’une commande attend ou qu’une facture est due.</p>
          ) : (
            <p>Plus aucun message du service ne lui est envoyé, dès maintenant. Pour revenir dans la liste, une adresse qui n’est pas celle d’un gestionnaire SMS doit être confirmée de nouveau.</p>
          )}
          {list.by_default && <p>La liste ne suivra plus d’elle-même les gestionnaires SMS que Kosmos enregistre.</p>}
          <Actions>
            <Button onClick={() => setAsking(false)}>Garder cette adresse</Button>
            <Button danger onClick={remove} busyText="Retrait…">
              Retirer
            </Button>
          </Actions>
        </Dialog>
      )}
    </>
  );
}
