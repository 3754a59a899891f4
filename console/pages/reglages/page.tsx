import { useState } from "preact/hooks";
import { type Answer, call } from "../../api/client.ts";
import { useActs } from "../../components/notices/acts.tsx";
import { Button } from "../../components/forms/button.tsx";
import { Field } from "../../components/forms/field.tsx";
import { Loaded, useResource } from "../../components/reading/loading.tsx";
import { Notice } from "../../components/notices/notice.tsx";
import { Page, Section } from "../../components/page.tsx";
import { Tabs } from "../../components/notices/progress.tsx";
import { profile } from "../../session/profile.ts";
import { french } from "../../texts/typography.ts";
import { type Change, type List, added, sameAddress } from "./list.ts";
import { NotifiedRow } from "./notified.tsx";
import { SETTINGS_TABS } from "./tabs.ts";

/** Whom the school's mails go to. */
export default function NotifiedPage() {
  const read = useResource((signal) => call("GET /v1/notified", { signal }));
  const { act, notice } = useActs(read.reload, "La liste n’a pas changé");
  const [unmailed, setUnmailed] = useState<Answer<"PUT /v1/notified">["not_mailed"]>([]);
  const change: Change = async (edit, words) => {
    setUnmailed([]);
    const replace = async () => {
      const now = await call("GET /v1/notified"); // another manager may have changed it since this page was opened
      return await call("PUT /v1/notified", { body: { addresses: [...edit(now.items.map((each) => each.email))] } });
    };
    return await act(replace, (answer) => {
      setUnmailed(answer.not_mailed);
      return answer.not_mailed.length ? "" : words(answer.items);
    });
  };
  return (
    <Page title="Personnes prévenues" intro="Elles reçoivent les messages du service : crédit activé, stock bas, commandes, factures, purge de l’historique.">
      <Tabs label="Réglages" tabs={SETTINGS_TABS} />
      {notice}
      {unmailed.map((each) => (
        <Notice key={each.email} kind="attention" title={french(`Aucun lien n’est parti à ${each.email}`)}>
          <p>{french(each.detail)}</p>
        </Notice>
      ))}
      <Loaded of={read} what="Lecture de la liste…">
        {(list) => (
          <>
            {!list.you_are_notified && <Unlisted list={list} change={change} />}
            <Section title="La liste">
              {list.by_default && <p>Ce sont les gestionnaires SMS que Kosmos a enregistrés, tant que vous n’y changez rien.</p>}
              <ul class="rows plain">
                {list.items.map((each) => (
                  <li key={each.email}>
                    <NotifiedRow of={each} list={list} change={change} />
                  </li>
                ))}
              </ul>
            </Section>
            <Section title="Prévenir quelqu’un de plus">
              <Add list={list} change={change} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** A manager whom no mail reaches learns it, and how to mend it. */
function Unlisted({ list, change }: { list: List; change: Change }) {
  const own = profile.value?.email;
  const pending = own && list.items.some((each) => sameAddress(each.email, own) && each.state === "pending");
  return (
    <Notice kind="attention" title="Vous ne recevez pas ces messages">
      {!own && <p>{french("Vous êtes gestionnaire SMS, mais votre compte n’a pas d’adresse : ajoutez ci-dessous celle où vous lisez vos messages.")}</p>}
      {own && pending && <p>{french(`Un lien a été envoyé à votre adresse, ${own} : suivez-le pour recevoir les messages du service.`)}</p>}
      {own && !pending && (
        <>
          <p>{french(`Vous êtes gestionnaire SMS, mais votre adresse, ${own}, n’est pas dans cette liste : aucun message du service ne vous parvient.`)}</p>
          <Button onClick={() => change((addresses) => [...addresses, own], (items) => added(own, items))} busyText="Ajout…">
            Me prévenir aussi
          </Button>
        </>
      )}
    </Notice>
  );
}

function Add({ list, change }: { list: List; change: Change }) {
  const [written, setWritten] = useState("");
  const [error, setError] = useState("");
  const add = async (event: Event) => {
    event.preventDefault();
    const email = written.trim();
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) return setError("Écrivez une adresse complète, comme prenom.nom@ac-paris.fr.");
    if (list.items.some((each) => sameAddress(each.email, email))) return setError("Cette adresse est déjà dans la liste.");
    setError("");
    if (await change((addresses) => [...addresses, email], (items) => added(email, items))) setWritten("");
  };
  return (
    <>
      <p>{french("Une adresse qui n’est pas celle d’un gestionnaire SMS reçoit d’abord un lien, valable sept jours : rien d’autre ne lui est envoyé tant que la personne ne l’a pas suivi.")}</p>
      <p>{french("Cette liste ne dit pas qui peut commander : pour cela, demandez à Kosmos.")}</p>
      <form class="search" onSubmit={add} noValidate>
        <Field label="Adresse à ajouter" error={error || undefined}>
          <input type="email" autocomplete="off" maxLength={254} value={written} onInput={(event) => setWritten(event.currentTarget.value)} />
        </Field>
        <Button primary type="submit">
          Ajouter à la liste
        </Button>
      </form>
    </>
  );
}
