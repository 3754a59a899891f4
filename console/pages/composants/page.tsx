import { useMemo, useState } from "preact/hooks";
import { Offline, Refusal } from "../../api/failures.ts";
import { Button } from "../../components/forms/button.tsx";
import { Actions, Dialog } from "../../components/notices/dialog.tsx";
import { Check, Choice, Field } from "../../components/forms/field.tsx";
import { type RowField, RowFields } from "../../components/forms/rows.tsx";
import { Notice } from "../../components/notices/notice.tsx";
import { Facts, Page, Section } from "../../components/page.tsx";
import { Progress, Steps, Tabs } from "../../components/notices/progress.tsx";
import { EmptyState, FailureState, LoadingState } from "../../components/reading/states.tsx";
import { Table } from "../../components/tables/table.tsx";
import { Count, DateText, Figure, Money, Phone, StatusWord } from "../../components/tables/values.tsx";
import { openDraft } from "../../session/drafts.ts";
import { INVOICE_STATES, LEDGER_KINDS, MESSAGE_STATUSES, ORDER_STATES, REQUEST_STATES, SCHOOL_STATES } from "../../texts/statuses.ts";
import { french } from "../../texts/typography.ts";

/** What pages are made of, each as it looks and in its states. Served on the embedded cloud only. */
export default function ComponentsPage() {
  return (
    <Page title="Composants" intro="Ce dont les pages sont faites. Cette page n’existe qu’en local.">
      <Buttons />
      <Fields />
      <Section title="Avis">
        <Notice kind="good" title="216 SMS sont partis">
          <p>Les accusés arrivent d’ordinaire dans les minutes qui suivent.</p>
        </Notice>
        <Notice kind="attention" title="4 personnes ne recevront rien">
          <p>Aucun consentement n’est enregistré pour leur numéro.</p>
        </Notice>
        <Notice kind="info">
          <p>Le stock sert jusqu’au 31 août.</p>
        </Notice>
        <Notice kind="bad" title="L’envoi n’est pas parti">
          <p>{french("Il manque 12 SMS au stock. Rien n’a été décompté.")}</p>
        </Notice>
      </Section>
      <Words />
      <Values />
      <Tables />
      <Section title="Avancement">
        <Steps
          current={1}
          steps={[
            { title: "Votre message", href: "/composants" },
            { title: "Destinataires", href: "/composants?etape=2" },
            { title: "Vérifier", href: "/composants?etape=3" },
          ]}
        />
        <Progress label="Reçus" done={160} of={216} />
        <p />
        <Tabs
          label="Exemple d’onglets"
          tabs={[
            { title: "Composants", href: "/composants" },
            { title: "Aide", href: "/aide" },
          ]}
        />
      </Section>
      <Section title="États d’une page">
        <h3>Lecture</h3>
        <div data-example>
          <LoadingState what="Lecture du stock…" />
        </div>
        <h3>Vide</h3>
        <EmptyState title="Aucun envoi pour le moment">
          <p>Vos envois seront ici, le plus récent en premier.</p>
          <a class="button" href="/aide">
            Comment envoyer un SMS
          </a>
        </EmptyState>
        <h3>Erreur</h3>
        <FailureState failure={new Refusal(503, {})} retry={() => undefined} />
        <h3>Hors connexion</h3>
        <FailureState failure={new Offline()} retry={() => undefined} />
      </Section>
      <Dialogs />
    </Page>
  );
}

function Buttons() {
  const wait = () => new Promise((done) => setTimeout(done, 1500));
  return (
    <Section title="Boutons">
      <Actions>
        <Button primary onClick={wait} busyText="Envoi…">
          Envoyer 216 SMS
        </Button>
        <Button onClick={wait} busyText="Lecture…">
          Afficher plus
        </Button>
        <Button danger>Effacer le numéro</Button>
        <Button disabled>Indisponible</Button>
        <a class="button" href="/aide">
          Lien en bouton
        </a>
      </Actions>
    </Section>
  );
}

type Pack = Readonly<Record<"id" | "price", string>>;

const PACK_FIELDS: readonly RowField<Pack>[] = [
  { name: "id", label: "Code du pack", input: { maxLength: 12 } },
  { name: "price", label: "Prix HT, en euros", input: { inputMode: "decimal" } },
];

function Fields() {
  const [ticked, setTicked] = useState(true);
  const draft = useMemo(() => openDraft("composants", ""), []);
  const [when, setWhen] = useState<"now" | "later">("now");
  const [packs, setPacks] = useState<readonly Pack[]>([{ id: "P500", price: "45,00" }, { id: "P1000", price: "85,00" }]);
  return (
    <Section title="Champs">
      <Field label="Numéro de mobile" hint="Par exemple 06 12 34 56 50.">
        <input type="tel" autocomplete="off" />
      </Field>
      <Field label="Numéro de mobile" hint="Par exemple 06 12 34 56 50." error="Il manque un chiffre à ce numéro.">
        <input type="tel" value="06 12 34 56 5" autocomplete="off" />
      </Field>
      <Field label="Modèle" optional>
        <select>
          <option>Aucun</option>
          <option>Absence</option>
        </select>
      </Field>
      <Field label="Votre message" hint="Un brouillon : il survit au rechargement de la page et à la fin de la session.">
        <textarea rows={4} value={draft.value.value} onInput={(event) => (draft.value.value = event.currentTarget.value)} />
      </Field>
      <RowFields fields={PACK_FIELDS} rows={packs} onChange={setPacks} />
      <Choice
        legend="Quand l’envoyer"
        value={when}
        onChange={setWhen}
        options={[
          { value: "now", label: "Maintenant" },
          { value: "later", label: "Plus tard", hint: "À l’heure de l’établissement." },
        ]}
      />
      <Check label="Je confirme cet envoi de plus de 500 SMS" checked={ticked} onChange={setTicked} />
    </Section>
  );
}

function Words() {
  const tables = { MESSAGE_STATUSES, REQUEST_STATES, ORDER_STATES, INVOICE_STATES, SCHOOL_STATES, LEDGER_KINDS };
  return (
    <Section title="Mots des états">
      <Facts
        of={Object.entries(tables).map(([name, table]) => [
          name,
          <ul class="plain">
            {Object.keys(table).map((state) => (
              <li key={state}>
                <StatusWord table={table} state={state} />
              </li>
            ))}
          </ul>,
        ])}
      />
    </Section>
  );
}

function Values() {
  return (
    <Section title="Valeurs">
      <p class="big">
        <Count of={1778} one="SMS" />
      </p>
      <Facts
        of={[
          ["Montant", <Money amount="1234567.5" />],
          ["Nombre", <Count of={208} one="personne" />],
          ["Mouvement", <Figure of={-216} change />],
          ["Jour", <DateText of="2026-09-01" />],
          ["Moment", <DateText of="2026-12-04T06:45:00Z" as="moment" />],
          ["Numéro", <Phone of="+33612345650" />],
        ]}
      />
    </Section>
  );
}

function Tables() {
  const rows = [
    { id: "1", name: "Collège Éluard", sms: 1778, state: "active" },
    { id: "2", name: "Lycée polyvalent Louise-Michel, des métiers de l’hôtellerie et du tourisme durable", sms: 1234567, state: "suspended" },
  ];
  return (
    <Section title="Tableau">
      <Table
        caption="Établissements"
        rows={rows}
        keyOf={(row) => row.id}
        columns={[
          { head: "Nom", cell: (row) => <a href="/composants">{row.name}</a>, names: true },
          { head: "État", cell: (row) => <StatusWord table={SCHOOL_STATES} state={row.state} /> },
          { head: "SMS", cell: (row) => <Figure of={row.sms} />, right: true },
        ]}
      />
    </Section>
  );
}

function Dialogs() {
  const [open, setOpen] = useState(false);
  return (
    <Section title="Fenêtre de question">
      <Button onClick={() => setOpen(true)}>Résilier le service…</Button>
      {open && (
        <Dialog title="Résilier le service du collège Éluard ?" onClose={() => setOpen(false)}>
          <p>{french("Les 1 778 SMS du stock sont perdus, les envois programmés annulés. Cela ne peut pas être défait.")}</p>
          <Actions>
            <Button onClick={() => setOpen(false)}>Ne rien changer</Button>
            <Button danger onClick={() => setOpen(false)}>
              Résilier
            </Button>
          </Actions>
        </Dialog>
      )}
    </Section>
  );
}
