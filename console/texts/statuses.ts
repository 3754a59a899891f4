/** Words for states: one table for every page. A tone is never without its word and its sign. */
export type Tone = "waiting" | "good" | "bad" | "neutral" | "attention";

export interface Word {
  readonly word: string;
  readonly sign: string;
  readonly tone: Tone;
  /** The time it usually takes, or what follows. */
  readonly about?: string;
}

export const MESSAGE_STATUSES: Readonly<Record<string, Word>> = {
  queued: { word: "En attente d’envoi", sign: "…", tone: "waiting", about: "Le SMS part d’ordinaire dans la minute." },
  sent: { word: "Remis à l’opérateur mobile, accusé attendu", sign: "→", tone: "waiting", about: "L’accusé arrive d’ordinaire dans les minutes qui suivent, 72 heures au plus." },
  delivered: { word: "Reçu", sign: "✓", tone: "good" },
  undeliverable: { word: "Injoignable\u00a0: décompté", sign: "×", tone: "bad" },
  expired: { word: "Sans nouvelles après 72\u00a0h\u00a0: décompté", sign: "?", tone: "attention" },
  failed: { word: "Non parti\u00a0: rendu au stock", sign: "↩", tone: "neutral" },
  cancelled: { word: "Annulé\u00a0: rendu au stock", sign: "↩", tone: "neutral" },
  uncertain: { word: "Peut-être reçu\u00a0: vérification en cours", sign: "?", tone: "attention", about: "Le service demande à l’opérateur mobile ce qu’il en est." },
};

export const REQUEST_STATES: Readonly<Record<string, Word>> = {
  accepted: { word: "En cours d’envoi", sign: "→", tone: "waiting" },
  scheduled: { word: "Programmé", sign: "…", tone: "waiting" },
  cancelled: { word: "Annulé", sign: "↩", tone: "neutral" },
  finished: { word: "Terminé", sign: "✓", tone: "good" },
};

export const ORDER_STATES: Readonly<Record<string, Word>> = {
  incomplete: { word: "Incomplète\u00a0: à corriger", sign: "!", tone: "attention" },
  review: { word: "En cours d’examen", sign: "…", tone: "waiting" },
  accepted: { word: "Acceptée\u00a0: crédit en cours", sign: "→", tone: "waiting" },
  credited: { word: "Créditée", sign: "✓", tone: "good" },
  rejected: { word: "Refusée", sign: "×", tone: "bad" },
  question: { word: "Question\u00a0: à répondre", sign: "?", tone: "waiting" },
  answered: { word: "Question répondue", sign: "✓", tone: "good" },
};

export const INVOICE_STATES: Readonly<Record<string, Word>> = {
  numbered: { word: "En préparation", sign: "…", tone: "waiting" },
  due: { word: "À régler", sign: "…", tone: "waiting" },
  overdue: { word: "En retard", sign: "!", tone: "bad" },
  paid: { word: "Réglée", sign: "✓", tone: "good" },
  cancelled: { word: "Annulée par un avoir", sign: "↩", tone: "neutral" },
};

export const SCHOOL_STATES: Readonly<Record<string, Word>> = {
  active: { word: "En service", sign: "✓", tone: "good" },
  suspended: { word: "Suspendu", sign: "!", tone: "attention" },
  terminated: { word: "Résilié", sign: "×", tone: "bad" },
};

export const CONSENT_STATES: Readonly<Record<string, Word>> = {
  granted: { word: "Accord enregistré", sign: "✓", tone: "good" },
  withdrawn: { word: "Retiré\u00a0: ne reçoit rien", sign: "×", tone: "bad" },
  corrected: { word: "Corrigé\u00a0: remplacé par un autre numéro", sign: "→", tone: "neutral" },
};

/** Whether the school's mails reach an address. */
export const NOTIFIED_STATES: Readonly<Record<string, Word>> = {
  confirmed: { word: "Reçoit les messages", sign: "✓", tone: "good" },
  pending: { word: "Attend sa confirmation", sign: "…", tone: "waiting" },
  expired: { word: "Lien expiré sans confirmation", sign: "!", tone: "attention" },
  unconfirmed: { word: "Le lien n’est pas arrivé\u00a0: vérifiez l’adresse", sign: "×", tone: "bad" },
  unreachable: { word: "Ne reçoit plus rien\u00a0: ses messages reviennent", sign: "×", tone: "bad" },
};

export const CONSENT_EVENTS: Readonly<Record<string, string>> = {
  consent: "Accord",
  withdrawal: "Retrait",
  rectification: "Numéro corrigé",
  correction: "Remplacé par un autre numéro",
};

export const LEDGER_KINDS: Readonly<Record<string, Word>> = {
  credit: { word: "Crédit", sign: "+", tone: "good" },
  debit: { word: "Envoi", sign: "−", tone: "neutral" },
  release: { word: "Rendu", sign: "+", tone: "neutral" },
  correction: { word: "Correction", sign: "±", tone: "attention" },
  forfeiture: { word: "Perdu en fin d’abonnement", sign: "−", tone: "attention" },
};

export const ROLES: Readonly<Record<string, string>> = {
  operator: "Exploitant",
  sms_manager: "Gestionnaire SMS",
  sms_sender: "Expéditeur",
};

/** Providers as they write themselves. */
export const PROVIDERS: Readonly<Record<string, string>> = { ovh: "OVH", aws: "AWS" };

/** The word for a state that a table lacks is the state itself, which a test of the table prevents. */
export function wordOf(table: Readonly<Record<string, Word>>, state: string): Word {
  return table[state] ?? { word: state, sign: "?", tone: "neutral" };
}
