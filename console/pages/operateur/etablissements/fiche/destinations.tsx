import { useState } from "preact/hooks";
import { call } from "../../../../api/client.ts";
import { type Failure, Refusal, failureOf } from "../../../../api/failures.ts";
import { Button } from "../../../../components/forms/button.tsx";
import { Actions } from "../../../../components/notices/dialog.tsx";
import { Field } from "../../../../components/forms/field.tsx";
import { type RowField, RowFields } from "../../../../components/forms/rows.tsx";
import { Notice } from "../../../../components/notices/notice.tsx";
import { Table } from "../../../../components/tables/table.tsx";
import { countryName } from "../../../../texts/countries.ts";
import { count } from "../../../../texts/numbers.ts";
import { french } from "../../../../texts/typography.ts";
import type { School } from "../school.tsx";

/** Countries that a school may write to, at how many SMS each; a manager accepts them before they are in force. */
export function Destinations({ school, reload }: { school: School; reload: () => Promise<void> }) {
  const [editing, setEditing] = useState(false);
  const { destinations, in_force: inForce, version, accepted_version: accepted, tariff } = school.destinations;
  const rows = Object.entries(destinations).map(([code, each]) => ({ code, multiplier: each.multiplier, now: code in inForce && inForce[code]!.multiplier === each.multiplier }));
  if (editing) return <Editing school={school} close={() => setEditing(false)} reload={reload} />;
  return (
    <>
      {rows.length === 0 ? (
        <p>Aucune : l’établissement écrit en France et outre-mer, un SMS pour un SMS.</p>
      ) : (
        <>
          <Table
            caption="Destinations autorisées"
            quiet
            rows={rows}
            keyOf={(row) => row.code}
            columns={[
              { head: "Pays", cell: (row) => countryName(row.code), names: true },
              { head: "Pris sur le stock", cell: (row) => french(`${count(row.multiplier, "SMS")} par SMS`) },
              { head: "Prix HT", cell: (row) => (tariff?.prices[row.code] ? french(`${tariff.prices[row.code]!.replace(".", ",")} €`) : "") },
              { head: "En vigueur", cell: (row) => (row.now ? "oui" : "attend l’accord d’un gestionnaire") },
            ]}
          />
          {accepted !== version && <p>{french("Un gestionnaire doit accepter cette version : il la trouve dans son espace.")}</p>}
        </>
      )}
      {school.state !== "terminated" && <Button onClick={() => setEditing(true)}>{rows.length ? "Changer les destinations" : "Autoriser des destinations"}</Button>}
    </>
  );
}

type Row = Readonly<Record<"code" | "multiplier" | "price", string>>;

const FIELDS: readonly RowField<Row>[] = [
  { name: "code", label: "Pays (code)", input: { maxLength: 2, autocapitalize: "characters" } },
  { name: "multiplier", label: "SMS par SMS", input: { inputMode: "numeric" } },
  { name: "price", label: "Prix HT, en euros", input: { inputMode: "decimal" } },
];

function Editing({ school, close, reload }: { school: School; close: () => void; reload: () => Promise<void> }) {
  const { destinations, tariff } = school.destinations;
  const [rows, setRows] = useState<readonly Row[]>(() => [
    ...Object.entries(destinations).map(([code, each]) => ({ code, multiplier: String(each.multiplier), price: tariff?.prices[code]?.replace(".", ",") ?? "" })),
    { code: "", multiplier: "", price: "" },
  ]);
  const [words, setWords] = useState(tariff?.text ?? "");
  const [error, setError] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const save = async (event: Event) => {
    event.preventDefault();
    const given = rows.filter((row) => row.code.trim());
    if (given.some((row) => !/^[A-Za-z]{2}$/.test(row.code.trim()) || !/^\d+$/.test(row.multiplier.trim()))) return setError("Chaque ligne a le code du pays en deux lettres (BE, CH…) et un nombre entier de SMS.");
    if (given.some((row) => row.price.trim()) && !words.trim()) return setError("Des prix ont besoin des mots qu’un gestionnaire accepte avec eux.");
    setError("");
    setFailure(null);
    const code = (row: Row) => row.code.trim().toUpperCase();
    const prices = Object.fromEntries(given.filter((row) => row.price.trim()).map((row) => [code(row), row.price.trim().replace(",", ".")]));
    try {
      await call("PUT /v1/schools/{uai}/destinations", {
        path: { uai: school.uai },
        body: {
          sending_country: school.destinations.sending_country ?? "FR",
          destinations: Object.fromEntries(given.map((row) => [code(row), { multiplier: Number(row.multiplier) }])),
          tariff: words.trim() ? { text: words.trim(), prices } : null,
        },
      });
      await reload();
      close();
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  };
  const said = error || (failure instanceof Refusal ? (failure.fields[0]?.detail ?? failure.message) : failure?.message);
  return (
    <form onSubmit={save} noValidate>
      <p>Une destination n’entre en vigueur qu’une fois acceptée par un gestionnaire. Videz un code pour retirer son pays.</p>
      <RowFields fields={FIELDS} rows={rows} onChange={setRows} />
      <Button onClick={() => setRows([...rows, { code: "", multiplier: "", price: "" }])}>Ajouter un pays</Button>
      <Field label="Mots que le gestionnaire accepte avec ces prix" optional>
        <textarea rows={3} maxLength={4000} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      </Field>
      {said && (
        <Notice kind="bad" title="Les destinations n’ont pas changé" focus>
          <p>{french(said)}</p>
        </Notice>
      )}
      <Actions>
        <Button onClick={close}>Revenir</Button>
        <Button type="submit">Proposer ces destinations</Button>
      </Actions>
    </form>
  );
}
