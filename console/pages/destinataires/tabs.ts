/** The pages of recipients, beside each other. */
export const RECIPIENT_TABS = [
  { title: "Consentements", href: "/destinataires" },
  { title: "Importer une liste", href: "/destinataires/importer" },
  { title: "Réponses reçues", href: "/destinataires/reponses" },
] as const;
