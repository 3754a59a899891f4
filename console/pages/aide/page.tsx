import { Facts, Page, Section } from "../../components/page.tsx";
import { Contact } from "../../components/reading/states.tsx";
import { StatusWord } from "../../components/tables/values.tsx";
import { profile, roles } from "../../session/profile.ts";
import { settings } from "../../session/settings.ts";
import { MESSAGE_STATUSES } from "../../texts/statuses.ts";
import { french } from "../../texts/typography.ts";
import { Managers } from "./managers.tsx";

/** How to, what words mean, and whom to ask. */
export default function HelpPage() {
  const manager = roles.value.has("sms_manager");
  const atSchool = profile.value?.school;
  return (
    <Page title="Aide">
      {roles.value.has("sms_sender") && <Sending manager={manager} />}
      {manager && <Ordering />}
      {atSchool && (
        <Section title="Ce que deviennent les SMS">
          <dl class="facts">
            {Object.keys(MESSAGE_STATUSES).map((status) => (
              <div key={status}>
                <dt>
                  <StatusWord table={MESSAGE_STATUSES} state={status} />
                </dt>
                <dd>{french(FATES[status] ?? "")}</dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
      <Section title="À qui demander">
        {atSchool && !manager && <Managers />}
        <p>
          L’assistance du service répond aux établissements{french(" : ")}
          <Contact />
        </p>
      </Section>
      <Section title="À propos de ces pages">
        <Facts
          of={[
            ["Clavier", "Tout se fait au clavier : tabulation pour avancer, entrée pour valider, échap pour fermer une fenêtre."],
            ["Brouillons", "Ce que vous écrivez est gardé dans ce navigateur, pour vous seul, jusqu’à la fin du lendemain. Se déconnecter l’efface, tout comme la connexion d’une autre personne sur cet ordinateur."],
            ["Logiciels libres", <a href="/assets/licences.txt">Licences des logiciels employés</a>],
          ]}
        />
      </Section>
    </Page>
  );
}

function Sending({ manager }: { manager: boolean }) {
  return (
    <Section title="Envoyer un SMS">
      <ol>
        <li>{french("Écrivez le message, ou partez d’un modèle. Le nombre de SMS est compté pendant que vous écrivez : 160 caractères par SMS, 70 dès qu’un signe sort de l’alphabet des SMS, comme « ê » ou « ç ».")}</li>
        <li>{french("Indiquez les destinataires : collez une liste, déposez un fichier CSV ou saisissez les numéros. Ce qui est à corriger est montré à côté de chaque ligne.")}</li>
        <li>{french("Vérifiez l’aperçu de chaque destinataire, et choisissez d’envoyer maintenant ou plus tard. Un envoi programmé s’annule tant qu’il n’est pas parti.")}</li>
      </ol>
      <p>
        {french("Seules reçoivent des SMS les personnes qui y ont consenti. ")}
        {manager ? <a href="/destinataires">Enregistrer des consentements</a> : "Les gestionnaires SMS enregistrent les consentements."}
      </p>
    </Section>
  );
}

function Ordering() {
  return (
    <Section title="Commander des SMS">
      <ol>
        <li>{french("Choisissez les packs : le bon de commande est prérempli au nom de l’établissement.")}</li>
        <li>{french("Faites-le signer, à l’encre ou par une signature électronique, sans oublier la case des conditions.")}</li>
        <li>
          Envoyez-le par courriel à <a href={`mailto:${settings.order_inbox}`}>{settings.order_inbox}</a>, depuis une adresse connue de l’établissement.
        </li>
        <li>{french("Le stock est crédité sous 24 heures ouvrées. S’il manque quelque chose, un courriel dit quoi.")}</li>
      </ol>
    </Section>
  );
}

const FATES: Readonly<Record<string, string>> = {
  queued: "Le SMS part d’ordinaire dans la minute, ou à l’heure programmée.",
  sent: "L’accusé arrive d’ordinaire dans les minutes qui suivent, 72 heures au plus.",
  delivered: "Le téléphone l’a reçu.",
  undeliverable: "Le numéro n’a pas pu être joint. L’opérateur mobile l’a transmis : le SMS est décompté. Vérifiez le numéro.",
  expired: "Le téléphone est resté éteint ou hors réseau. Le SMS est décompté.",
  failed: "Aucun opérateur mobile ne l’a pris. Il n’a rien coûté.",
  cancelled: "Il a été arrêté avant de partir. Il n’a rien coûté.",
  uncertain: "L’opérateur mobile n’a pas répondu. Le service vérifie ; il n’envoie pas une seconde fois au hasard.",
};
