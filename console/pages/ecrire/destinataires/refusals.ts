import type { Code } from "../judged.ts";

/** Why a recipient gets nothing: what is wrong in a few words, what to do, and where it is mended. */
export interface Words {
  readonly problem: string;
  readonly todo: string;
  readonly mend: "phone" | "values" | "consent" | "message" | "none";
}

const WORDS: Readonly<Record<Code, Words>> = {
  "invalid-number": { problem: "Numéro incorrect", todo: "Vérifiez les chiffres.", mend: "phone" },
  "not-a-mobile": { problem: "Pas un mobile", todo: "Une ligne fixe ne reçoit pas de SMS : donnez un mobile.", mend: "phone" },
  "country-not-authorised": {
    problem: "Pays non autorisé",
    todo: "Votre établissement n’envoie pas vers ce pays : donnez un autre numéro.",
    mend: "phone",
  },
  "no-consent": { problem: "Pas de consentement enregistré", todo: "Rien ne part sans l’accord de la personne.", mend: "consent" },
  "missing-variable": { problem: "Il manque une valeur", todo: "Complétez la case vide.", mend: "values" },
  "too-long": { problem: "Message trop long", todo: "Les valeurs de cette ligne dépassent 5 SMS : raccourcissez-les, ou le message.", mend: "values" },
  duplicate: { problem: "En double", todo: "Ce numéro recevrait deux fois le même message : une seule ligne suffit.", mend: "none" },
  "forbidden-content": {
    problem: "Contenu refusé",
    todo: "Avec ces valeurs, le message porte un lien raccourci, un numéro surtaxé ou un signe invisible.",
    mend: "values",
  },
  "suspicious-placeholder": {
    problem: "Variable mal écrite",
    todo: "Une variable s’écrit entre doubles parenthèses, ((prenom)) : corrigez le message.",
    mend: "message",
  },
};

export function wordsFor(code: Code): Words {
  return WORDS[code];
}

/** Why a number is not one, as a person would say it. */
export function whyInvalid(written: string): string {
  const digits = written.replace(/\D/g, "").length;
  if (!written.trim()) return "Aucun numéro : ajoutez-le, ou retirez la ligne.";
  if (/^\d([.,]\d+)?e\+?\d+$/i.test(written.trim())) return "Le tableur a perdu la fin du numéro : retapez-le.";
  if (/\d[^,;\t]*([,;\t])[^,;\t]*\p{L}[^,;\t]*\1/u.test(written)) return "Ligne mal découpée : employez le même séparateur que les titres.";
  if (digits > 15) return "Il y a plus d’un numéro : gardez-en un seul.";
  const [other, more] = written.match(/[^\d\s+.()/_·•‧∙-]/gu) ?? [];
  if (other && !more && /\p{L}/u.test(other)) return `« ${other} » est une lettre : remplacez-la par un chiffre.`;
  if (other) return "Gardez le numéro seul, en chiffres.";
  if (digits < 10) return `Numéro incomplet : ${digits} chiffres sur 10.`;
  return "Ce numéro n’existe pas : vérifiez-le.";
}
