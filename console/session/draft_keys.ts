/** Of all drafts in this browser. */
export const DRAFTS = "brouillon.";

/**
 * How the drafts of one person in one school begin: `brouillon.<uai>.<author>.`, then the draft's name, which may have
 * dots, as that of a model has. So the author has none.
 */
export function draftsOf(uai: string, sub: string): string {
  return `${DRAFTS}${uai}.${withoutDots(sub)}.`;
}

export function isOf(key: string, sub: string): boolean {
  return key.split(".")[2] === withoutDots(sub);
}

function withoutDots(sub: string): string {
  return encodeURIComponent(sub).replaceAll(".", "%2E");
}
