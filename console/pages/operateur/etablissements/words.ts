import type { Word } from "../../../texts/statuses.ts";

export const CALENDARS: Readonly<Record<string, string>> = {
  metropole: "Métropole",
  guadeloupe: "Guadeloupe",
  martinique: "Martinique",
  guyane: "Guyane",
  "saint-pierre-et-miquelon": "Saint-Pierre-et-Miquelon",
  reunion: "La Réunion",
  mayotte: "Mayotte",
  polynesie: "Polynésie française",
  "nouvelle-caledonie": "Nouvelle-Calédonie",
  "wallis-et-futuna": "Wallis-et-Futuna",
};

/** What was decided about a school. */
export const ACTS: Readonly<Record<string, string>> = {
  suspension: "Suspension",
  "suspension-ended": "Fin de la suspension",
  termination: "Résiliation",
  "formal-notice": "Mise en demeure",
  "formal-notice-answered": "Réponse à la mise en demeure",
  "formal-notice-lifted": "Mise en demeure levée",
  "destinations-authorised": "Destinations proposées",
  "destinations-accepted": "Destinations acceptées par un gestionnaire",
  "integration-granted": "Application autorisée",
  "integration-revoked": "Application retirée",
  "notified-changed": "Personnes prévenues changées",
  "notified-confirmed": "Adresse à prévenir confirmée",
  "sender-blocked": "Envois d’une personne suspendus",
  "sender-unblocked": "Envois d’une personne rétablis",
  "correction-proposed": "Correction du stock proposée",
  "correction-confirmed": "Correction du stock confirmée",
  "correction-refused": "Correction du stock refusée",
};

export const CONSENT_STATES: Readonly<Record<string, Word>> = {
  granted: { word: "Consentement enregistré", sign: "✓", tone: "good" },
  withdrawn: { word: "Consentement retiré\u00a0: rien ne part", sign: "×", tone: "bad" },
  corrected: { word: "Numéro corrigé\u00a0: rien ne part vers l’ancien", sign: "→", tone: "attention" },
};
