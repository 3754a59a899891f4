const names = new Intl.DisplayNames(["fr"], { type: "region" });

/** A country by its ISO code, in French: `Belgique`; the code itself where there is no such country. */
export function countryName(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
