import { useState } from "preact/hooks";
import { call } from "../../../../api/client.ts";
import { type Failure, Refusal, failureOf, titleOfAct } from "../../../../api/failures.ts";
import { Button } from "../../../../components/forms/button.tsx";
import { Actions, Dialog } from "../../../../components/notices/dialog.tsx";
import { Choice, Field } from "../../../../components/forms/field.tsx";
import { Notice } from "../../../../components/notices/notice.tsx";
import { french } from "../../../../texts/typography.ts";

type Sense = "add" | "take";
type Wrong = "none" | "order" | "send_request";

const EMPTY = { sense: "add" as Sense, sms: "", reason: "", wrong: "none" as Wrong, id: "" };

/** How many SMS to add or to take back, why, and what was wrong; nothing changes before another person confirms. */
export function ProposalDialog({ uai, onClose, onDone }: { uai: string; onClose: () => void; onDone: () => void }) {
  const [given, setGiven] = useState(EMPTY);
  const [missing, setMissing] = useState<Partial<Record<"sms" | "reason" | "id", string>>>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  const change = (some: Partial<typeof EMPTY>) => setGiven({ ...given, ...some });
  const about = (field: string) => (failure instanceof Refusal ? failure.of(field) : undefined);
  const sms = Number(given.sms.replace(/\s/g, ""));
  const propose = async () => {
    const found = {
      ...(Number.isInteger(sms) && sms > 0 ? {} : { sms: "Un nombre entier de SMS, au moins 1." }),
      ...(given.reason.trim() ? {} : { reason: "À remplir : chaque gestionnaire lit ce motif." }),
      ...(given.wrong === "none" || given.id.trim() ? {} : { id: "Donnez son identifiant, tel que le journal le montre." }),
    };
    setMissing(found);
    if (Object.keys(found).length) return;
    setFailure(null);
    const corrects = given.wrong === "none" ? {} : { corrects: { type: given.wrong, id: given.id.trim() } };
    try {
      await call("POST /v1/schools/{uai}/corrections", { path: { uai }, body: { sms: given.sense === "add" ? sms : -sms, reason: given.reason.trim(), ...corrects } });
      onDone();
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  };
  const atField = Boolean(about("sms") ?? about("reason") ?? about("corrects.id"));
  return (
    <Dialog title="Proposer une correction du stock" onClose={onClose}>
      <p>{french("Rien ne change avant qu’une autre personne confirme. Le motif part alors à chaque gestionnaire. Ce n’est ni un remboursement, ni un passage d’un établissement à un autre.")}</p>
      <Choice
        legend="Que faut-il faire ?"
        value={given.sense}
        onChange={(sense) => change({ sense })}
        options={[
          { value: "add", label: "Ajouter des SMS" },
          { value: "take", label: "Retirer des SMS", hint: french("Le stock ne descend pas sous zéro : ce qui est déjà utilisé n’est pas retiré.") },
        ]}
      />
      <Field label="Nombre de SMS" error={missing.sms ?? about("sms")}>
        <input inputMode="numeric" autocomplete="off" value={given.sms} onInput={(event) => change({ sms: event.currentTarget.value })} />
      </Field>
      <Field label="Motif" hint="Envoyé tel quel à chaque gestionnaire." error={missing.reason ?? about("reason")}>
        <textarea rows={3} maxLength={1000} value={given.reason} onInput={(event) => change({ reason: event.currentTarget.value })} />
      </Field>
      <Field label="Ce qui était faux">
        <select value={given.wrong} onChange={(event) => change({ wrong: event.currentTarget.value as Wrong })}>
          <option value="none">Rien de précis</option>
          <option value="order">Le crédit d’une commande</option>
          <option value="send_request">Le décompte d’un envoi</option>
        </select>
      </Field>
      {given.wrong !== "none" && (
        <Field label={given.wrong === "order" ? "Identifiant de la commande" : "Identifiant de l’envoi"} hint="Comme au journal du stock de l’établissement." error={missing.id ?? about("corrects.id")}>
          <input autocomplete="off" value={given.id} onInput={(event) => change({ id: event.currentTarget.value })} />
        </Field>
      )}
      {failure && !atField && (
        <Notice kind="bad" title={titleOfAct(failure, "Rien n’a été proposé")} focus>
          <p>{french(failure.message)}</p>
        </Notice>
      )}
      <Actions>
        <Button onClick={onClose}>Revenir</Button>
        <Button primary onClick={propose} busyText="Enregistrement…">
          Proposer
        </Button>
      </Actions>
    </Dialog>
  );
}
