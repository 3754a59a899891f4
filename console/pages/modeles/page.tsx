import { useResource, Loaded } from "../../components/reading/loading.tsx";
import { Page } from "../../components/page.tsx";
import { EmptyState } from "../../components/reading/states.tsx";
import { DateText } from "../../components/tables/values.tsx";
import { roles } from "../../session/profile.ts";
import { count } from "../../texts/numbers.ts";
import { type Model, readModels } from "./models.ts";

/** Texts to use again: managers write them, senders read them. */
export default function ModelsPage() {
  const models = useResource(readModels);
  const manages = roles.value.has("sms_manager");
  return (
    <Page title="Modèles" intro={manages ? "Les textes que vos collègues reprennent pour écrire. N’y mettez aucun nom : une variable le remplace." : "Les textes préparés par les gestionnaires SMS de l’établissement."}>
      {manages && (
        <p>
          <a class="button primary" href="/modeles/nouveau">
            Nouveau modèle
          </a>
        </p>
      )}
      <Loaded of={models} what="Lecture des modèles…">
        {(found) =>
          found.length ? (
            <ul class="models">
              {found.map((each) => (
                <li key={each.name}>
                  <OneModel model={each} manages={manages} />
                </li>
              ))}
            </ul>
          ) : (
            <EmptyState title="Aucun modèle pour le moment.">
              <p>{manages ? "Écrivez ceux qui reviennent souvent : absence, fermeture, réunion." : "Un gestionnaire SMS peut en écrire ; en attendant, écrivez votre message librement."}</p>
            </EmptyState>
          )
        }
      </Loaded>
    </Page>
  );
}

function OneModel({ model, manages }: { model: Model; manages: boolean }) {
  return (
    <article class="model">
      <h2>{model.name}</h2>
      <p class="bubble quoted">{model.text}</p>
      <p class="soft">
        {count(model.sms_count, "SMS")}
        {model.variables.length > 0 && ` environ, avec ${model.variables.map((name) => `((${name}))`).join(", ")}`} · enregistré le <DateText of={model.updated_at} />
      </p>
      <div class="actions">
        <a class="button" href={`/ecrire?modele=${encodeURIComponent(model.name)}`}>
          Écrire avec<span class="unseen"> {model.name}</span>
        </a>
        {manages && (
          <a class="button" href={`/modeles/modele/${encodeURIComponent(model.name)}`}>
            Modifier<span class="unseen"> {model.name}</span>
          </a>
        )}
      </div>
    </article>
  );
}
