import Write from "./pages/ecrire/message.tsx";
import Waiting from "./pages/operateur/page.tsx";
import { settings } from "./session/settings.ts";
import type { Route } from "./shell/router.ts";

/** What pages are made of, for whoever makes one: on the embedded cloud only. */
const COMPONENTS: Route = {
  path: "/composants",
  title: "Composants",
  roles: [],
  load: () => import("./pages/composants/page.tsx"),
};

/** Pages of the operator, who belongs to no school. */
const OPERATOR: readonly Route[] = [
  {
    path: "/operateur",
    title: "À traiter",
    roles: ["operator"],
    entry: "À traiter",
    load: async () => ({ default: Waiting }),
  },
  {
    path: "/operateur/commandes",
    title: "Commandes",
    roles: ["operator"],
    entry: "Commandes",
    load: () => import("./pages/operateur/commandes/page.tsx"),
  },
  {
    path: "/operateur/commandes/:id",
    title: "Examiner une commande",
    roles: ["operator"],
    load: () => import("./pages/operateur/commandes/review.tsx"),
  },
  {
    path: "/operateur/etablissements",
    title: "Établissements",
    roles: ["operator"],
    entry: "Établissements",
    load: () => import("./pages/operateur/etablissements/page.tsx"),
  },
  {
    path: "/operateur/etablissements/nouveau",
    title: "Enregistrer un établissement",
    roles: ["operator"],
    load: () => import("./pages/operateur/etablissements/fiche/edit.tsx"),
  },
  {
    path: "/operateur/etablissements/:uai",
    title: "Établissement",
    roles: ["operator"],
    load: () => import("./pages/operateur/etablissements/fiche/sheet.tsx"),
  },
  {
    path: "/operateur/etablissements/:uai/modifier",
    title: "Modifier la fiche",
    roles: ["operator"],
    load: () => import("./pages/operateur/etablissements/fiche/edit.tsx"),
  },
  {
    path: "/operateur/etablissements/:uai/sms-manquant",
    title: "SMS manquant",
    roles: ["operator"],
    load: () => import("./pages/operateur/etablissements/consultation/missing.tsx"),
  },
  {
    path: "/operateur/etablissements/:uai/consultation",
    title: "Stock et envois",
    roles: ["operator"],
    load: () => import("./pages/operateur/etablissements/consultation/reading.tsx"),
  },
  {
    path: "/operateur/etablissements/:uai/decisions",
    title: "Décisions",
    roles: ["operator"],
    load: () => import("./pages/operateur/etablissements/decisions/page.tsx"),
  },
  {
    path: "/operateur/factures",
    title: "Factures",
    roles: ["operator"],
    entry: "Factures",
    load: () => import("./pages/operateur/factures/page.tsx"),
  },
  {
    path: "/operateur/reglages",
    title: "Réglages",
    roles: ["operator"],
    entry: "Réglages",
    load: () => import("./pages/operateur/reglages/page.tsx"),
  },
  {
    path: "/operateur/sante",
    title: "État du service",
    roles: ["operator"],
    entry: "État du service",
    load: () => import("./pages/operateur/sante/page.tsx"),
  },
];

/** What managers alone see: the stock, and whom and what it was spent on. */
const MANAGER: readonly Route[] = [
  {
    path: "/stock",
    title: "Stock de SMS",
    roles: ["sms_manager"],
    entry: "Stock",
    load: () => import("./pages/stock/page.tsx"),
  },
  {
    path: "/stock/journal",
    title: "Journal du stock",
    roles: ["sms_manager"],
    load: () => import("./pages/stock/journal.tsx"),
  },
  {
    path: "/commander",
    title: "Commander des SMS",
    roles: ["sms_manager"],
    entry: "Commander",
    load: () => import("./pages/commander/page.tsx"),
  },
  {
    path: "/commander/:id",
    title: "Commande",
    roles: ["sms_manager"],
    load: () => import("./pages/commander/order.tsx"),
  },
  {
    path: "/historique",
    title: "Historique",
    roles: ["sms_manager"],
    entry: "Historique",
    load: () => import("./pages/historique/page.tsx"),
  },
  {
    path: "/historique/:message",
    title: "Message",
    roles: ["sms_manager"],
    load: () => import("./pages/historique/message.tsx"),
  },
  {
    path: "/destinataires",
    title: "Destinataires",
    roles: ["sms_manager"],
    entry: "Destinataires",
    load: () => import("./pages/destinataires/page.tsx"),
  },
  {
    path: "/destinataires/importer",
    title: "Importer des consentements",
    roles: ["sms_manager"],
    load: () => import("./pages/destinataires/import.tsx"),
  },
  {
    path: "/destinataires/reponses",
    title: "Réponses reçues",
    roles: ["sms_manager"],
    load: () => import("./pages/destinataires/replies.tsx"),
  },
  {
    path: "/destinataires/:number",
    title: "Fiche d’un numéro",
    roles: ["sms_manager"],
    load: () => import("./pages/destinataires/number.tsx"),
  },
];

/** What a manager settles for the school. */
const SETTINGS: readonly Route[] = [
  {
    path: "/reglages",
    title: "Personnes prévenues",
    roles: ["sms_manager"],
    entry: "Réglages",
    aside: true,
    load: () => import("./pages/reglages/page.tsx"),
  },
  {
    path: "/reglages/pays",
    title: "Pays de destination",
    roles: ["sms_manager"],
    load: () => import("./pages/reglages/destinations.tsx"),
  },
  {
    path: "/reglages/envois-suspendus",
    title: "Envois suspendus",
    roles: ["sms_manager"],
    load: () => import("./pages/reglages/senders.tsx"),
  },
];

/**
 * Every page, in the order of the navigation. A page is a folder under `pages/`, loaded when it is first shown; those
 * that one sees first come with the rest of the console. An address more needs its first part in
 * `functions/console/app.py` and `template.yaml`.
 */
export const ROUTES: readonly Route[] = [
  {
    path: "/ecrire",
    title: "Écrire un message",
    roles: ["sms_manager", "sms_sender"],
    entry: "Écrire",
    load: async () => ({ default: Write }),
  },
  {
    path: "/ecrire/destinataires",
    title: "À qui l’envoyer ?",
    roles: ["sms_manager", "sms_sender"],
    load: () => import("./pages/ecrire/destinataires/recipients.tsx"),
  },
  {
    path: "/ecrire/verifier",
    title: "Vérifier et envoyer",
    roles: ["sms_manager", "sms_sender"],
    load: () => import("./pages/ecrire/verifier/check.tsx"),
  },
  {
    path: "/ecrire/envoye/:id",
    title: "Message envoyé",
    roles: ["sms_manager", "sms_sender"],
    load: () => import("./pages/ecrire/verifier/sent.tsx"),
  },
  {
    path: "/envois",
    title: "Envois",
    roles: ["sms_manager", "sms_sender"],
    entry: "Envois",
    entryForSenders: "Mes envois",
    load: () => import("./pages/envois/page.tsx"),
  },
  {
    path: "/envois/:id",
    title: "Suivi de l’envoi",
    roles: ["sms_manager", "sms_sender"],
    load: () => import("./pages/envois/request.tsx"),
  },
  ...MANAGER,
  {
    path: "/modeles",
    title: "Modèles",
    roles: ["sms_manager", "sms_sender"],
    entry: "Modèles",
    load: () => import("./pages/modeles/page.tsx"),
  },
  { path: "/modeles/nouveau", title: "Nouveau modèle", roles: ["sms_manager"], load: () => import("./pages/modeles/edit.tsx") },
  { path: "/modeles/modele/:name", title: "Modèle", roles: ["sms_manager"], load: () => import("./pages/modeles/edit.tsx") },
  ...SETTINGS,
  ...OPERATOR,
  { path: "/aide", title: "Aide", roles: [], load: () => import("./pages/aide/page.tsx") },
  ...(settings.embedded ? [COMPONENTS] : []),
];
