import { useList } from "../../components/reading/loading.tsx";
import { Page } from "../../components/page.tsx";
import { Tabs } from "../../components/notices/progress.tsx";
import { EmptyState } from "../../components/reading/states.tsx";
import { ListTable } from "../../components/tables/table.tsx";
import { DateText, Phone } from "../../components/tables/values.tsx";
import { french } from "../../texts/typography.ts";
import { RECIPIENT_TABS } from "./tabs.ts";

/** What recipients answered; STOP is heeded by itself and not shown. */
export default function RepliesPage() {
  const replies = useList("GET /v1/replies");
  return (
    <Page title="Réponses reçues">
      <Tabs label="Destinataires" tabs={RECIPIENT_TABS} />
      <p>{french("Personne ne répond à votre place : rappelez la famille si besoin. « STOP » retire le consentement de lui-même ; pour une réponse qui le dit autrement, ouvrez la fiche et retirez-le.")}</p>
      <ListTable
        of={replies}
        what="Lecture des réponses…"
        caption="Réponses de l’année scolaire, de la plus récente à la plus ancienne"
        quiet
        one="réponse"
        keyOf={(each) => each.id}
        empty={<EmptyState title="Aucune réponse cette année scolaire." />}
        columns={[
          { head: "Reçue", cell: (each) => <DateText of={each.received_at} as="moment" />, names: true },
          {
            head: "De",
            cell: (each) => (
              <a href={`/destinataires/${encodeURIComponent(each.phone)}`}>
                <Phone of={each.phone} />
              </a>
            ),
          },
          { head: "Réponse", cell: (each) => <span class="breakable">{each.text}</span> },
        ]}
      />
    </Page>
  );
}
