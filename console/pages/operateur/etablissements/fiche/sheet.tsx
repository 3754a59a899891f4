import { Facts, Section } from "../../../../components/page.tsx";
import { DateText } from "../../../../components/tables/values.tsx";
import type { PageProps } from "../../../../shell/router.ts";
import { count, number } from "../../../../texts/numbers.ts";
import { french } from "../../../../texts/typography.ts";
import { schoolPath } from "../../parts.tsx";
import { SchoolPage } from "../school.tsx";
import { CALENDARS } from "../words.ts";
import { Destinations } from "./destinations.tsx";
import { BlockedSenders, Integrations } from "./integrations.tsx";

/** What is registered of a school, and what it may use. */
export default function SheetPage({ params }: PageProps) {
  const uai = params["uai"]!;
  return (
    <SchoolPage uai={uai}>
      {(school, reload) => (
        <>
          <Facts
            of={[
              ["SIRET", <span class="figure">{school.siret}</span>],
              ["Adresse", [school.address.line1, school.address.line2, `${school.address.postcode} ${school.address.city}`, school.address.country === "FR" ? null : school.address.country].filter(Boolean).join(", ")],
              [
                school.managers.length > 1 ? "Gestionnaires SMS" : "Gestionnaire SMS",
                <ul class="plain">
                  {school.managers.map((each) => (
                    <li key={each.email}>
                      {each.name}, <a class="breakable" href={`mailto:${each.email}`}>{each.email}</a>
                    </li>
                  ))}
                </ul>,
              ],
              ["Abonnement jusqu’au", <DateText of={school.subscription_end} />],
              ["Alerte de niveau bas", count(school.low_balance_threshold, "SMS")],
              ["Plafond par jour", school.daily_limit === null ? "celui du service" : count(school.daily_limit, "SMS")],
              ["Nom d’expéditeur", school.sender_name ?? "celui du service"],
              ["Calendrier", CALENDARS[school.calendar] ?? school.calendar],
              ["TVA", french(`${number(Number(school.vat_rate))} %`)],
              ["Autres adresses qui commandent", school.order_senders.length ? school.order_senders.join(", ") : "aucune"],
            ]}
          />
          <div class="actions">
            <a class="button primary" href={`${schoolPath(uai)}/sms-manquant`}>
              Retrouver un SMS manquant
            </a>
            <a class="button" href={`${schoolPath(uai)}/modifier`}>
              Modifier la fiche
            </a>
          </div>
          <Section title="Destinations hors de France">
            <Destinations school={school} reload={reload} />
          </Section>
          <Section title="Applications qui agissent pour l’établissement">
            <Integrations school={school} reload={reload} />
          </Section>
          {school.blocked_senders.length > 0 && (
            <Section title="Expéditeurs arrêtés par un gestionnaire">
              <BlockedSenders school={school} reload={reload} />
            </Section>
          )}
        </>
      )}
    </SchoolPage>
  );
}
