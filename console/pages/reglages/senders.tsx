import { useState } from "preact/hooks";
import { type Answer, call } from "../../api/client.ts";
import { useActs } from "../../components/notices/acts.tsx";
import { Button } from "../../components/forms/button.tsx";
import { Actions, Dialog } from "../../components/notices/dialog.tsx";
import { Field } from "../../components/forms/field.tsx";
import { Loaded, useResource } from "../../components/reading/loading.tsx";
import { Page, Section } from "../../components/page.tsx";
import { Tabs } from "../../components/notices/progress.tsx";
import { EmptyState } from "../../components/reading/states.tsx";
import { Table } from "../../components/tables/table.tsx";
import { DateText } from "../../components/tables/values.tsx";
import { profile } from "../../session/profile.ts";
import type { PageProps } from "../../shell/router.ts";
import { french } from "../../texts/typography.ts";
import { type Authors, authorsOf, shownAs, subOf } from "./authors.ts";
import { SETTINGS_TABS } from "./tabs.ts";

type Blocked = Answer<"GET /v1/blocked-senders">;

/** Users of the school who send nothing, because a manager stopped them; `?personne=` proposes one. */
export default function BlockedSendersPage({ query }: PageProps) {
  const read = useResource(async (signal) => {
    const [blocked, recent] = await Promise.all([call("GET /v1/blocked-senders", { signal }), call("GET /v1/send-requests", { signal })]);
    return { blocked, authors: authorsOf(recent.items) };
  });
  const { act, notice } = useActs(read.reload, "Rien n’a changé");
  const named = (sub: string) => shownAs(sub, read.value?.authors ?? new Map());
  const block = (sub: string) => act(() => call("PUT /v1/blocked-senders/{sub}", { path: { sub } }), `Les envois de ${named(sub)} sont suspendus.`);
  const unblock = (sub: string) => act(() => call("DELETE /v1/blocked-senders/{sub}", { path: { sub } }), `Les envois de ${named(sub)} sont rétablis. Ce qui a été annulé ne repart pas.`);
  return (
    <Page title="Envois suspendus" intro="Arrêter les envois d’une personne de l’établissement : un compte volé, un abus, un départ.">
      <Tabs label="Réglages" tabs={SETTINGS_TABS} />
      {notice}
      <Loaded of={read} what="Lecture des envois suspendus…">
        {({ blocked, authors }) => (
          <>
            <Section title="Personnes suspendues">
              <List blocked={blocked} named={named} unblock={unblock} />
            </Section>
            <Section title="Suspendre quelqu’un">
              <Stop proposed={query.get("personne") ?? ""} blocked={blocked} authors={authors} block={block} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function List({ blocked, named, unblock }: { blocked: Blocked; named: (sub: string) => string; unblock: (sub: string) => Promise<boolean> }) {
  if (blocked.length === 0) return <EmptyState title="Personne : tous les utilisateurs de l’établissement peuvent envoyer." />;
  return (
    <Table
      caption="Personnes dont les envois sont suspendus"
      quiet
      rows={blocked}
      keyOf={(each) => each.sub}
      columns={[
        { head: "Personne", cell: (each) => <span class="breakable">{named(each.sub)}</span>, names: true },
        { head: "Depuis", cell: (each) => <DateText of={each.blocked_at} as="moment" /> },
        { head: "Par", cell: (each) => <span class="breakable">{named(each.blocked_by)}</span> },
        {
          head: "Décision",
          cell: (each) => (
            <Button onClick={() => unblock(each.sub)} busyText="Rétablissement…">
              Rétablir<span class="unseen"> les envois de {named(each.sub)}</span>
            </Button>
          ),
        },
      ]}
    />
  );
}

function Stop({ proposed, blocked, authors, block }: { proposed: string; blocked: Blocked; authors: Authors; block: (sub: string) => Promise<boolean> }) {
  const [written, setWritten] = useState(() => shownAs(proposed, authors));
  const [error, setError] = useState("");
  const [asking, setAsking] = useState(false);
  const sub = proposed && written === shownAs(proposed, authors) ? proposed : subOf(written, authors);
  const known = [...authors].filter(([each]) => each !== profile.value?.sub && !blocked.some((one) => one.sub === each));
  const ask = (event: Event) => {
    event.preventDefault();
    if (!written.trim()) return setError("Choisissez la personne, ou écrivez son identifiant.");
    if (!sub) return setError("Aucun envoi récent n’est de cette adresse : ouvrez un de ses messages dans l’historique, puis « suspendre ses envois ».");
    if (sub === profile.value?.sub) return setError("C’est le vôtre : seul un autre gestionnaire SMS peut suspendre vos envois.");
    if (blocked.some((each) => each.sub === sub)) return setError("Les envois de cette personne sont déjà suspendus.");
    setError("");
    setAsking(true);
  };
  const go = async () => {
    if (await block(sub)) setWritten("");
    setAsking(false);
  };
  return (
    <>
      <form class="search" onSubmit={ask} noValidate>
        <Field label="Personne" hint="Choisissez parmi les auteurs d’envois récents, ou donnez l’identifiant de son compte dans l’ENT." error={error ? french(error) : undefined}>
          <input autocomplete="off" autocapitalize="none" spellcheck={false} list="recent-authors" value={written} onInput={(event) => setWritten(event.currentTarget.value)} />
        </Field>
        <datalist id="recent-authors">
          {known.map((each) => (
            <option key={each[0]} value={each[1]} />
          ))}
        </datalist>
        <Button danger type="submit">
          Suspendre ses envois…
        </Button>
      </form>
      {asking && (
        <Dialog title={french(`Suspendre les envois de ${shownAs(sub, authors)} ?`)} onClose={() => setAsking(false)}>
          <ul>
            <li>Plus aucun envoi n’est accepté à son nom ; la personne lit pourquoi, et qu’elle doit s’adresser aux gestionnaires SMS.</li>
            <li>Ce que ses envois, même programmés, n’ont pas encore remis à l’opérateur mobile est annulé et rendu au stock.</li>
            <li>Ce qui est déjà parti n’est pas rappelé. Les autres personnes continuent d’envoyer.</li>
          </ul>
          <p>La décision est enregistrée avec votre identifiant. Un gestionnaire SMS peut rétablir ses envois ici ; ce qui a été annulé ne repart pas.</p>
          <Actions>
            <Button onClick={() => setAsking(false)}>Revenir</Button>
            <Button danger onClick={go} busyText="Suspension…">
              Suspendre
            </Button>
          </Actions>
        </Dialog>
      )}
    </>
  );
}
