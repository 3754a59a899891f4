import type { ComponentChildren } from "preact";
import { type Answer, call } from "../../../api/client.ts";
import { Refusal } from "../../../api/failures.ts";
import { Loaded, useResource } from "../../../components/reading/loading.tsx";
import { Page } from "../../../components/page.tsx";
import { Tabs } from "../../../components/notices/progress.tsx";
import { StatusWord } from "../../../components/tables/values.tsx";
import { SCHOOL_STATES } from "../../../texts/statuses.ts";
import { schoolPath } from "../parts.tsx";

export type School = Answer<"GET /v1/schools/{uai}">;

/** What the pages about one school have in common: its name, its state, and the way from one to the other. */
export function SchoolPage({ uai, children }: { uai: string; children: (school: School, reload: () => Promise<void>) => ComponentChildren }) {
  const school = useResource((signal) => call("GET /v1/schools/{uai}", { path: { uai }, signal }), [uai]);
  const path = schoolPath(uai);
  const unknown = school.failure instanceof Refusal && [404, 422].includes(school.failure.status);
  return (
    <Page title={school.value?.name ?? uai}>
      <p class="school-line">
        <span class="figure">{uai}</span>
        {school.value && (
          <>
            <span>{school.value.address.city}</span>
            <StatusWord table={SCHOOL_STATES} state={school.value.state} />
            {school.value.formal_notice && !school.value.formal_notice.lifted_at && (
              <span class="status attention">
                <span class="sign" aria-hidden="true">
                  !
                </span>
                En demeure
              </span>
            )}
          </>
        )}
      </p>
      {unknown ? (
        <p>
          <a href="/operateur/etablissements">Chercher un autre établissement</a>
        </p>
      ) : (
        <Tabs
          label="Cet établissement"
          tabs={[
            { title: "Fiche", href: path },
            { title: "SMS manquant", href: `${path}/sms-manquant` },
            { title: "Stock et envois", href: `${path}/consultation` },
            { title: "Décisions", href: `${path}/decisions` },
          ]}
        />
      )}
      <Loaded of={school} what="Lecture de l’établissement…">
        {(found) => children(found, school.reload)}
      </Loaded>
    </Page>
  );
}
