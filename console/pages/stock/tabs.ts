/** The two pages of the stock. */
export const STOCK_TABS = [
  { title: "Vue d’ensemble", href: "/stock" },
  { title: "Journal", href: "/stock/journal" },
] as const;
