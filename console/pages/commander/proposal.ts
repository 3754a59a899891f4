/** A pack of the price list. */
export interface Pack {
  readonly id: string;
  readonly sms: number;
  readonly price_ht: string;
}

export type Quantities = Readonly<Record<string, number>>;

/** The largest number of one pack that the order form takes. */
export const MOST = 999;

const cents = (euros: string) => Math.round(Number(euros) * 100);

export function smsOf(packs: readonly Pack[], of: Quantities): number {
  return packs.reduce((sum, pack) => sum + pack.sms * (of[pack.id] ?? 0), 0);
}

/** In euros, without VAT. */
export function priceOf(packs: readonly Pack[], of: Quantities): number {
  return packs.reduce((sum, pack) => sum + cents(pack.price_ht) * (of[pack.id] ?? 0), 0) / 100;
}

/** The cheapest packs with `sms` at least; of two at the same price those with more SMS, then with fewer packs. */
export function cheapest(packs: readonly Pack[], sms: number): Quantities {
  const unit = packs.reduce((divisor, pack) => common(divisor, pack.sms), 0);
  if (!unit || sms <= 0) return {};
  const largest = packs.reduce((one, other) => (other.sms > one.sms ? other : one));
  // Beyond some dozens of the largest pack the rest alone is worth a search.
  const whole = Math.max(0, Math.floor(sms / largest.sms) - 40);
  const units = Math.ceil((sms - whole * largest.sms) / unit);
  interface Way {
    readonly price: number;
    readonly packs: number;
    readonly last: Pack | null;
    readonly rest: number;
  }
  const ways: Way[] = [{ price: 0, packs: 0, last: null, rest: 0 }];
  for (let need = 1; need <= units; need++) {
    let best: Way | null = null;
    for (const pack of packs) {
      const rest = Math.max(0, need - pack.sms / unit);
      const way = { price: ways[rest]!.price + cents(pack.price_ht), packs: ways[rest]!.packs + 1, last: pack, rest };
      if (!best || way.price < best.price || (way.price === best.price && way.packs < best.packs)) best = way;
    }
    ways.push(best!);
  }
  const found: Record<string, number> = whole ? { [largest.id]: whole } : {};
  for (let way = ways[units]!; way.last; way = ways[way.rest]!) found[way.last.id] = (found[way.last.id] ?? 0) + 1;
  return found;
}

function common(one: number, other: number): number {
  return other ? common(other, one % other) : one;
}
