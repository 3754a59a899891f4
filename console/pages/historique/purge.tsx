import { type Item, call } from "../../api/client.ts";
import { Button } from "../../components/forms/button.tsx";
import { Loaded, useList, useResource } from "../../components/reading/loading.tsx";
import { saveBlob } from "../../components/files/saving.ts";
import { Table } from "../../components/tables/table.tsx";
import { DateText, Figure } from "../../components/tables/values.tsx";
import { date, isoDay } from "../../texts/dates.ts";
import { count } from "../../texts/numbers.ts";
import { french } from "../../texts/typography.ts";
import { daysBetween } from "../stock/pace.ts";

type Certificate = Item<"GET /v1/purges">;

/** When the history of the running year goes, and the proofs that former ones are gone. */
export function Purge() {
  const running = useResource(async (signal) => (await call("GET /v1/purges", { signal })).running);
  const certificates = useList("GET /v1/purges");
  return (
    <>
      <Loaded of={running} what="Lecture du calendrier…">
        {(year) =>
          year ? (
            <p>
              {french(`L’historique de l’année ${year.school_year} sera effacé le ${date(year.purge_on)} : `)}
              <strong>dans {count(daysBetween(isoDay(new Date()), year.purge_on), "jour")}</strong>
              {french(". Exportez avant ce jour ce que vous devez garder. Le journal du stock reste, sans numéro ni texte.")}
            </p>
          ) : (
            <p>Le calendrier de l’année scolaire n’est pas encore publié : rien n’est effacé pour le moment.</p>
          )
        }
      </Loaded>
      {(certificates.value?.length ?? 0) > 0 && (
        <Table
          caption="Certificats des années effacées"
          rows={certificates.value ?? []}
          keyOf={(each) => each.school_year}
          columns={[
            { head: "Année", cell: (each: Certificate) => each.school_year, names: true },
            { head: "Effacée", cell: (each: Certificate) => <DateText of={each.certified_at} as="moment" /> },
            { head: "Messages effacés", cell: (each: Certificate) => <Figure of={each.before.messages} />, right: true },
            { head: "Restants", cell: (each: Certificate) => <Figure of={each.after.messages} />, right: true },
            { head: "SMS décomptés", cell: (each: Certificate) => <Figure of={each.before.sms_debited} />, right: true },
            {
              head: "Certificat",
              cell: (each: Certificate) => (
                <Button onClick={() => saveBlob(`certificat-effacement-${each.school_year}.json`, certificate(each))}>
                  Télécharger<span class="unseen"> le certificat de {each.school_year}</span>
                </Button>
              ),
            },
          ]}
        />
      )}
    </>
  );
}

/** As the service wrote it, with the digest over all the rest. */
function certificate(of: Certificate): Blob {
  return new Blob([JSON.stringify(of, null, 2)], { type: "application/json" });
}
