import { useEffect, useState } from "preact/hooks";
import { type Item, call } from "../../api/client.ts";
import { type Failure, failureOf } from "../../api/failures.ts";
import { Button } from "../../components/forms/button.tsx";
import { useList } from "../../components/reading/loading.tsx";
import { Notice } from "../../components/notices/notice.tsx";
import { Page, Section } from "../../components/page.tsx";
import { RequestProgress } from "../../components/messages/request.tsx";
import { EmptyState, FailureState } from "../../components/reading/states.tsx";
import { type Column, ListTable } from "../../components/tables/table.tsx";
import { DateText, MessageState, Phone } from "../../components/tables/values.tsx";
import { roles } from "../../session/profile.ts";
import { type PageProps, navigate } from "../../shell/router.ts";
import { MESSAGE_STATUSES } from "../../texts/statuses.ts";
import { EMPTY_LETTER, draft, setList } from "../ecrire/draft.ts";

type Message = Item<"GET /v1/history">;

/** Those whose message did not come, and will not. */
const MISSED = ["failed", "undeliverable", "expired"] as const;

const AFTERWARDS: readonly Column<Message>[] = [
  { head: "Raison", cell: (each) => each.reason?.text ?? "" },
  { head: "Le", cell: (each) => (each.final_at ? <DateText of={each.final_at} as="moment" /> : "") },
];

const SHOWN = [
  { value: "", label: "Tous" },
  ...["undeliverable", "expired", "failed", "queued", "sent", "uncertain", "delivered"].map((value) => ({ value, label: MESSAGE_STATUSES[value]!.word })),
];

/** One request: how far it is, and for managers who did not get it. */
export default function RequestPage({ params }: PageProps) {
  const id = params["id"]!;
  return (
    <Page title="Suivi de l’envoi">
      <RequestProgress id={id}>
        {({ state, totals, text }) => (
          <>
            {text && (
              <Section title="Le message">
                <p class="bubble quoted">{text}</p>
              </Section>
            )}
            {roles.value.has("sms_manager") && <Messages id={id} totals={JSON.stringify(totals)} started={state === "accepted" || state === "finished"} />}
          </>
        )}
      </RequestProgress>
      <p class="to-list">
        <a href="/envois">{roles.value.has("sms_manager") ? "Tous les envois" : "Tous mes envois"}</a>
      </p>
    </Page>
  );
}

function Messages({ id, totals, started }: { id: string; totals: string; started: boolean }) {
  const [status, setStatus] = useState("");
  const messages = useList("GET /v1/history", { query: { request_id: id, ...(status ? { status } : {}) } });
  const [read, setRead] = useState(totals);
  const stale = read !== totals;
  const refresh = async () => {
    setRead(totals);
    await messages.reload();
  };
  useEffect(() => {
    // A short list follows the totals by itself; a long one stays where somebody is reading it.
    if (stale && !messages.more) void refresh();
  }, [totals]);
  return (
    <Section title="Destinataires">
      {started && <Again id={id} />}
      <p class="status-filter">
        <label>
          Montrer{" "}
          <select value={status} onChange={(event) => setStatus(event.currentTarget.value)}>
            {SHOWN.map((each) => (
              <option value={each.value} key={each.value}>
                {each.label}
              </option>
            ))}
          </select>
        </label>
      </p>
      {stale && messages.more && (
        <Button onClick={refresh} busyText="Lecture…">
          {"Des états ont changé\u00a0: actualiser la liste"}
        </Button>
      )}
      <ListTable
        of={messages}
        what="Lecture des destinataires…"
        caption="Destinataires de cet envoi, avec l’état de leur message"
        quiet
        one="destinataire"
        keyOf={(each) => each.message_id}
        empty={<EmptyState title={status ? "Personne dans cet état." : "Aucun destinataire à montrer : l’historique de cet envoi a été purgé."} />}
        columns={[
          { head: "Numéro", names: true, cell: (each) => (each.phone ? <Phone of={each.phone} /> : "effacé") },
          { head: "État", cell: (each) => <MessageState of={each} /> },
          // Nothing has become of a message that is to leave later.
          ...(started ? AFTERWARDS : []),
        ]}
      />
    </Section>
  );
}

/** Write again to those alone who did not get it. */
function Again({ id }: { id: string }) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [none, setNone] = useState(false);
  const [busy, setBusy] = useState(false);
  const begun = Boolean(draft().letter.value.value.text || draft().list.value.value.rows.length);
  const start = async () => {
    setFailure(null);
    setBusy(true);
    try {
      const missed = await missedOf(id);
      if (!missed.length) return setNone(true);
      const texts = new Set(missed.map((each) => each.text));
      const { letter } = draft();
      letter.value.value = { ...EMPTY_LETTER, text: texts.size === 1 ? (missed[0]!.text ?? "") : "" };
      setList({ file: "", rows: missed.map((each, index) => ({ id: index + 1, line: 0, phone: each.phone!, values: {} })) });
      navigate("/ecrire");
    } catch (thrown) {
      setFailure(failureOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {failure && <FailureState failure={failure} retry={start} />}
      {none && (
        <Notice focus>
          <p>Personne à qui réécrire : tous ont reçu le message, ou son accusé est encore attendu.</p>
        </Notice>
      )}
      {begun ? (
        <p class="hint">
          Pour réécrire à ceux qui n’ont rien reçu, terminez ou effacez d’abord <a href="/ecrire">votre brouillon</a>.
        </p>
      ) : (
        <Button onClick={start} busy={busy} busyText="Lecture…">
          Réécrire à ceux qui n’ont rien reçu
        </Button>
      )}
    </>
  );
}

async function missedOf(id: string): Promise<readonly Message[]> {
  const found = new Map<string, Message>();
  for (const status of MISSED) {
    let cursor: string | null = "";
    do {
      const page: { items: Message[]; next_cursor: string | null } = await call("GET /v1/history", { query: { request_id: id, status, cursor } });
      for (const each of page.items) if (each.phone) found.set(each.phone, each);
      cursor = page.next_cursor;
    } while (cursor);
  }
  return [...found.values()];
}
