import { french } from "../../../texts/typography.ts";

/** What a refusal usually says; the school reads it as it is, after « Motif : ». */
export const USUAL_REASONS: readonly { readonly code: string; readonly words: string }[] = [
  { code: "form-altered", words: "Le bon de commande a été modifié. Le service se commande aux conditions publiées, sans ajout ni rature." },
  { code: "sender-unknown", words: "Aucun gestionnaire de SMS de votre établissement n’a confirmé cette commande." },
  { code: "amount-unusual", words: "Aucun gestionnaire de SMS de votre établissement n’a confirmé les quantités de cette commande." },
  { code: "form-expired", words: "Ce bon de commande a été émis pour une autre année scolaire." },
  { code: "form-unknown", words: "Le document reçu n’est pas un bon de commande émis par le service." },
  { code: "several-forms", words: "Plusieurs exemplaires différents du bon de commande étaient joints : nous ne savons pas lequel fait foi." },
  { code: "signature-missing", words: "Le bon de commande n’est pas signé." },
  { code: "form-unreadable", words: "Le document reçu n’est pas lisible." },
];

/** The usual reasons, first those of what was found in this order. */
export function proposedReasons(codes: readonly string[]): readonly string[] {
  const first = USUAL_REASONS.filter((each) => codes.includes(each.code));
  return [...first, ...USUAL_REASONS.filter((each) => !first.includes(each))].map((each) => each.words);
}

/** The letter that follows a refusal: the words of `order_rejected` in `application/mails/words/orders.py`; a test compares. */
export function rejectionLetter(orderId: string | null, reason: string): readonly string[] {
  return [
    "Bonjour,",
    `Après examen, ${orderId ? `le bon de commande ${orderId}` : "votre bon de commande"} n’a pas pu être accepté.`,
    `Motif : ${reason || "…"}`,
    "Aucun SMS n’est crédité et rien ne vous sera facturé. Pour commander, téléchargez un nouveau bon de commande depuis Skolengo, complétez-le, signez-le et renvoyez-le.",
    "Cordialement,",
  ].map(french);
}
