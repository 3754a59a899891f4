import { useState } from "preact/hooks";
import { call } from "../../api/client.ts";
import { Button } from "../../components/forms/button.tsx";
import { Download } from "../../components/files/download.tsx";
import { Field } from "../../components/forms/field.tsx";
import { useList } from "../../components/reading/loading.tsx";
import { Page } from "../../components/page.tsx";
import { Tabs } from "../../components/notices/progress.tsx";
import { EmptyState } from "../../components/reading/states.tsx";
import { ListTable } from "../../components/tables/table.tsx";
import { DateText, Phone, StatusWord } from "../../components/tables/values.tsx";
import { navigate } from "../../shell/router.ts";
import { CONSENT_STATES } from "../../texts/statuses.ts";
import { RECIPIENT_TABS } from "./tabs.ts";

/** Who may be written to, and the way to any number's file. */
export default function RecipientsPage() {
  const consents = useList("GET /v1/consents");
  return (
    <Page title="Destinataires">
      <Tabs label="Destinataires" tabs={RECIPIENT_TABS} />
      <Search />
      <ListTable
        of={consents}
        what="Lecture des consentements…"
        caption="Consentements enregistrés"
        one="numéro"
        keyOf={(each) => each.phone}
        empty={
          <EmptyState title="Aucun consentement n’est enregistré.">
            <p>Un message ne part que vers un numéro dont l’accord est enregistré ici.</p>
            <p>
              <a href="/destinataires/importer">Importer la liste des accords</a>
            </p>
          </EmptyState>
        }
        columns={[
          {
            head: "Numéro",
            names: true,
            cell: (each) => (
              <a href={`/destinataires/${encodeURIComponent(each.phone)}`}>
                <Phone of={each.phone} />
              </a>
            ),
          },
          { head: "État", cell: (each) => <StatusWord table={CONSENT_STATES} state={each.state} /> },
          { head: "Recueilli le", cell: (each) => (each.collected_at ? <DateText of={each.collected_at} as="short" /> : "–") },
          { head: "Recueilli par", cell: (each) => each.collected_by ?? "–" },
          { head: "Canal", cell: (each) => each.channel ?? "–" },
        ]}
      />
      {(consents.value?.length ?? 0) > 0 && (
        <p>
          <Download name="consentements.csv" read={() => call("GET /v1/consents.csv")}>
            Télécharger toutes les preuves en CSV
          </Download>
        </p>
      )}
    </Page>
  );
}

function Search() {
  const [phone, setPhone] = useState("");
  const [error, setError] = useState<string>();
  const open = (event: Event) => {
    event.preventDefault();
    const plain = phone.replace(/[^\d+]/g, "");
    setError(plain ? undefined : "Tapez le numéro d’un mobile.");
    if (plain) navigate(`/destinataires/${encodeURIComponent(plain)}`);
  };
  return (
    <form class="find-number" onSubmit={open} noValidate>
      <Field label="Ouvrir la fiche d’un numéro" hint="Avec tout ce qui est gardé de lui, et ce que la personne peut demander." error={error}>
        <input type="tel" autocomplete="off" value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />
      </Field>
      <Button type="submit">Ouvrir la fiche</Button>
    </form>
  );
}
