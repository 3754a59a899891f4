/** What a manager settles for the school, beside each other. */
export const SETTINGS_TABS = [
  { title: "Personnes prévenues", href: "/reglages" },
  { title: "Pays de destination", href: "/reglages/pays" },
  { title: "Envois suspendus", href: "/reglages/envois-suspendus" },
] as const;
