import type { List } from "../../components/reading/loading.tsx";
import { EmptyState } from "../../components/reading/states.tsx";
import { type Entry, LEDGER_CAPTION, ledgerColumns } from "../../components/tables/columns.tsx";
import { EntryList } from "../../components/tables/lists.tsx";
import { Table } from "../../components/tables/table.tsx";
import { roles } from "../../session/profile.ts";

/** Where the cause of an entry is shown, and what the link says; null where a sentence is all there is. */
function causeOf({ cause }: Entry): readonly [href: string, words: string] | null {
  const id = encodeURIComponent(cause.id);
  if (cause.type === "order") return [`/commander/${id}`, "Voir la commande"];
  if (cause.type === "send_request") return [`/envois/${id}`, "Voir l’envoi"];
  if (cause.type === "message") return [`/historique/${id}`, "Voir le message"];
  return null;
}

function CauseLink({ of }: { of: Entry }) {
  const link = causeOf(of);
  if (!link) return null;
  return (
    <a href={link[0]}>
      {link[1]}
      <span class="unseen"> de cette écriture</span>
    </a>
  );
}

const COLUMNS = ledgerColumns((entry) => <CauseLink of={entry} />);

export function NoMovement() {
  return (
    <EmptyState title="Aucun mouvement pour le moment. Le premier sera le crédit de votre première commande.">
      {roles.value.has("sms_manager") && (
        <p>
          <a href="/commander">Commander des SMS</a>
        </p>
      )}
    </EmptyState>
  );
}

/** Every entry, a page at a time. */
export function Ledger({ of }: { of: List<Entry> }) {
  return <EntryList of={of} columns={COLUMNS} empty={<NoMovement />} />;
}

/** The newest entries alone. */
export function LastEntries({ of, most }: { of: readonly Entry[]; most: number }) {
  return <Table caption={LEDGER_CAPTION} quiet rows={of.slice(0, most)} keyOf={(entry) => entry.id} columns={COLUMNS} />;
}
