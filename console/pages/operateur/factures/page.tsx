import { useState } from "preact/hooks";
import { type Item, call } from "../../../api/client.ts";
import { failureOf } from "../../../api/failures.ts";
import { Button } from "../../../components/forms/button.tsx";
import { Field } from "../../../components/forms/field.tsx";
import { useList } from "../../../components/reading/loading.tsx";
import { Notice } from "../../../components/notices/notice.tsx";
import { Page } from "../../../components/page.tsx";
import { saveBlob } from "../../../components/files/saving.ts";
import { EmptyState } from "../../../components/reading/states.tsx";
import { ListTable } from "../../../components/tables/table.tsx";
import { DateText, Money, StatusWord } from "../../../components/tables/values.tsx";
import { type PageProps, navigate } from "../../../shell/router.ts";
import { INVOICE_STATES } from "../../../texts/statuses.ts";
import { french } from "../../../texts/typography.ts";
import { SchoolLink } from "../parts.tsx";
import { InvoiceActs } from "./acts.tsx";

export type Invoice = Item<"GET /v1/invoices">;

const STATES = ["overdue", "due", "paid", "cancelled", "numbered"] as const;

/** Invoices of all schools: what is late first. */
export default function InvoicesPage({ query }: PageProps) {
  const asked = query.get("etat");
  const state = STATES.find((each) => each === asked) ?? (query.get("etablissement") ? "" : asked === "toutes" ? "due" : "overdue");
  const school = query.get("etablissement") ?? "";
  return (
    <Page title="Factures">
      <Filter state={state} school={school} key={`${state} ${school}`} />
      <Invoices state={state} school={school} key={`list ${state} ${school}`} />
    </Page>
  );
}

function Filter({ state, school }: { state: string; school: string }) {
  const [chosen, setChosen] = useState(state);
  const [uai, setUai] = useState(school);
  const [error, setError] = useState("");
  const search = (event: Event) => {
    event.preventDefault();
    const written = uai.trim().toUpperCase();
    if (written && !/^\d{7}[A-Z]$/.test(written)) return setError("Un code UAI a sept chiffres et une lettre.");
    if (!chosen && !written) return setError("Toutes les factures ne se lisent que d’un établissement : indiquez son code.");
    navigate(`/operateur/factures?${new URLSearchParams({ etat: chosen || "toutes", ...(written && { etablissement: written }) })}`);
  };
  return (
    <form class="search" onSubmit={search} noValidate>
      <Field label="État">
        <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
          {STATES.map((each) => (
            <option key={each} value={each}>
              {INVOICE_STATES[each]?.word ?? each}
            </option>
          ))}
          <option value="">Toutes celles d’un établissement</option>
        </select>
      </Field>
      <Field label="Établissement (UAI)" optional error={error || undefined}>
        <input autocomplete="off" maxLength={8} value={uai} onInput={(event) => setUai(event.currentTarget.value)} />
      </Field>
      <Button type="submit">Afficher</Button>
    </form>
  );
}

function Invoices({ state, school }: { state: string; school: string }) {
  const invoices = useList("GET /v1/invoices", { query: { ...(state && { state }), ...(school && { school }) } });
  const [open, setOpen] = useState("");
  const [done, setDone] = useState<{ words: string; times: number } | null>(null);
  const finished = (words: string) => {
    setOpen("");
    setDone({ words, times: (done?.times ?? 0) + 1 });
    void invoices.reload();
  };
  const shown = invoices.value?.find((each) => each.number === open);
  return (
    <>
      {done && <Notice key={done.times} kind="good" title={french(done.words)} focus />}
      {shown && <InvoiceActs invoice={shown} done={finished} close={() => setOpen("")} key={shown.number} />}
      <ListTable
        of={invoices}
        what="Lecture des factures…"
        caption="Factures"
        quiet
        one="facture"
        keyOf={(invoice) => invoice.number}
        empty={<EmptyState title={state === "overdue" ? "Aucune facture en retard." : "Aucune facture dans cet état."} />}
        columns={[
          { head: "Facture", cell: (invoice) => <PdfLink invoice={invoice} />, names: true },
          { head: "Établissement", cell: (invoice) => <SchoolLink uai={invoice.school} /> },
          { head: "Échéance", cell: (invoice) => <DateText of={invoice.due_on} as="short" /> },
          { head: "État", cell: (invoice) => <StatusWord table={INVOICE_STATES} state={invoice.state} /> },
          { head: "TTC", cell: (invoice) => <Money amount={invoice.total_ttc} />, right: true },
          { head: "Reste dû", cell: (invoice) => <Money amount={invoice.rest_due} />, right: true },
          {
            head: "Suivi",
            cell: (invoice) => (
              <Button onClick={() => setOpen(invoice.number)}>
                Ouvrir<span class="unseen"> {invoice.number}</span>
              </Button>
            ),
          },
        ]}
      />
    </>
  );
}

/** The number of an invoice; its PDF opens beside the page. */
function PdfLink({ invoice }: { invoice: Invoice }) {
  const [problem, setProblem] = useState("");
  const open = async () => {
    setProblem("");
    try {
      const pdf = (await call("GET /v1/invoices/{number}", { path: { number: invoice.number } })) as unknown as Blob;
      saveBlob(`${invoice.number}.pdf`, pdf);
    } catch (thrown) {
      setProblem(failureOf(thrown).message);
    }
  };
  return (
    <>
      <button type="button" class="as-link figure" onClick={open}>
        {invoice.number}
        <span class="unseen">, télécharger le PDF</span>
      </button>
      {problem && <span role="alert"> {french(problem)}</span>}
    </>
  );
}
