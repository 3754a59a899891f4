import { useState } from "preact/hooks";
import { Button } from "../../../components/forms/button.tsx";
import { Field } from "../../../components/forms/field.tsx";
import { useList } from "../../../components/reading/loading.tsx";
import { Page } from "../../../components/page.tsx";
import { EmptyState } from "../../../components/reading/states.tsx";
import { ListTable } from "../../../components/tables/table.tsx";
import { DateText, StatusWord } from "../../../components/tables/values.tsx";
import { type PageProps, navigate } from "../../../shell/router.ts";
import { SCHOOL_STATES } from "../../../texts/statuses.ts";
import { schoolPath } from "../parts.tsx";

/** All schools, to be found by name, town or UAI. */
export default function SchoolsPage({ query }: PageProps) {
  const words = query.get("q") ?? "";
  const state = query.get("etat") ?? "";
  return (
    <Page title="Établissements">
      <Search words={words} state={state} key={`${words} ${state}`} />
      <Found words={words} state={state} />
      <div class="actions">
        <a class="button" href="/operateur/etablissements/nouveau">
          Enregistrer un établissement
        </a>
      </div>
    </Page>
  );
}

function Search({ words, state }: { words: string; state: string }) {
  const [asked, setAsked] = useState(words);
  const [chosen, setChosen] = useState(state);
  const search = (event: Event) => {
    event.preventDefault();
    const query = new URLSearchParams();
    if (asked.trim()) query.set("q", asked.trim());
    if (chosen) query.set("etat", chosen);
    navigate(query.size ? `/operateur/etablissements?${query}` : "/operateur/etablissements");
  };
  return (
    <form class="search" onSubmit={search}>
      <Field label="Nom, ville ou code UAI">
        <input type="search" value={asked} onInput={(event) => setAsked(event.currentTarget.value)} />
      </Field>
      <Field label="État">
        <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
          <option value="">Tous</option>
          {Object.entries(SCHOOL_STATES).map(([each, { word }]) => (
            <option key={each} value={each}>
              {word}
            </option>
          ))}
        </select>
      </Field>
      <Button type="submit" primary>
        Rechercher
      </Button>
    </form>
  );
}

function Found({ words, state }: { words: string; state: string }) {
  const schools = useList("GET /v1/schools", { query: { ...(words && { q: words }), ...(state && { state }) } });
  const searched = Boolean(words || state);
  return (
    <ListTable
      of={schools}
      what="Recherche des établissements…"
      caption="Établissements"
      quiet
      one="établissement"
      keyOf={(school) => school.uai}
      empty={
        <EmptyState title={searched ? "Aucun établissement ne répond à cette recherche." : "Aucun établissement n’est encore enregistré."}>
          {searched ? (
            <p>
              Essayez un seul mot du nom ou de la ville, ou les sept chiffres et la lettre de l’UAI. <a href="/operateur/etablissements">Voir tous les établissements</a>
            </p>
          ) : (
            <p>Enregistrez le premier : il pourra commander des SMS aussitôt.</p>
          )}
        </EmptyState>
      }
      columns={[
        { head: "Établissement", cell: (school) => <a href={schoolPath(school.uai)}>{school.name}</a>, names: true },
        { head: "UAI", cell: (school) => <span class="figure">{school.uai}</span> },
        { head: "Ville", cell: (school) => school.address.city },
        { head: "État", cell: (school) => <StatusWord table={SCHOOL_STATES} state={school.state} /> },
        { head: "Fin d’abonnement", cell: (school) => <DateText of={school.subscription_end} as="short" />, right: true },
      ]}
    />
  );
}
