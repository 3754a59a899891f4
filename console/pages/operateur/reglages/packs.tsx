import { useState } from "preact/hooks";
import { type Answer, call } from "../../../api/client.ts";
import { Button } from "../../../components/forms/button.tsx";
import { type RowField, RowFields } from "../../../components/forms/rows.tsx";
import { Actions, Dialog } from "../../../components/notices/dialog.tsx";
import { Table } from "../../../components/tables/table.tsx";
import { Figure, Money } from "../../../components/tables/values.tsx";
import { euros } from "../../../texts/numbers.ts";
import { french } from "../../../texts/typography.ts";
import { usePublishing } from "./page.tsx";

type Prices = Answer<"GET /v1/price-list">;

type Row = Readonly<Record<"id" | "sms" | "price", string>>;

const FIELDS: readonly RowField<Row>[] = [
  { name: "id", label: "Code du pack", input: { maxLength: 12 } },
  { name: "sms", label: "SMS", input: { inputMode: "numeric" } },
  { name: "price", label: "Prix HT, en euros", input: { inputMode: "decimal" } },
];

/** Packs and prices: shown, and published anew as a whole. Forms that were issued keep theirs. */
export function Packs({ prices, reload }: { prices: Prices; reload: () => Promise<void> }) {
  const [rows, setRows] = useState<readonly Row[] | null>(null);
  const [error, setError] = useState("");
  const [asking, setAsking] = useState(false);
  const { publish, notice } = usePublishing(reload);
  const edit = () => setRows(prices.map((each) => ({ id: each.id, sms: String(each.sms), price: each.price_ht.replace(".", ",") })));
  const given = (rows ?? []).filter((row) => row.id.trim());
  const check = () => {
    const wrong = given.find((row) => !/^[A-Za-z0-9]{1,12}$/.test(row.id.trim()) || !/^\d[\d\s]*$/.test(row.sms.trim()) || !/^\d[\d\s]*([.,]\d{1,2})?$/.test(row.price.trim()));
    if (!given.length) return setError("Il reste au moins un pack.");
    if (wrong) return setError(`Pack ${wrong.id} : un code en lettres et chiffres, un nombre entier de SMS, un prix en euros (45,00).`);
    setError("");
    return setAsking(true);
  };
  const save = async () => {
    const body = given.map((row) => ({ id: row.id.trim().toUpperCase(), sms: Number(row.sms.replace(/\s/g, "")), price_ht: row.price.replace(/\s/g, "").replace(",", ".") }));
    const done = await publish(() => call("PUT /v1/price-list", { body }), "Les packs sont publiés : ils valent pour les prochains bons de commande.");
    setAsking(false);
    if (done) setRows(null);
  };
  return (
    <>
      {notice}
      {rows === null ? (
        <>
          <Table
            caption="Packs publiés"
            quiet
            rows={prices}
            keyOf={(pack) => pack.id}
            columns={[
              { head: "Pack", cell: (pack) => pack.id, names: true },
              { head: "SMS", cell: (pack) => <Figure of={pack.sms} />, right: true },
              { head: "Prix HT", cell: (pack) => <Money amount={pack.price_ht} />, right: true },
              { head: "Par SMS", cell: (pack) => french(`${(Number(pack.price_ht) / pack.sms).toLocaleString("fr-FR", { maximumFractionDigits: 4 })} €`), right: true },
            ]}
          />
          <Button onClick={edit}>Changer les packs et les prix</Button>
        </>
      ) : (
        <>
          <p>Un bon déjà émis garde ses prix. Videz un code pour retirer son pack.</p>
          <RowFields fields={FIELDS} rows={rows} onChange={setRows} />
          {error && (
            <p class="error" role="alert">
              {french(error)}
            </p>
          )}
          <Actions>
            <Button onClick={() => setRows([...rows, { id: "", sms: "", price: "" }])}>Ajouter un pack</Button>
            <Button onClick={() => setRows(null)}>Revenir</Button>
            <Button onClick={check}>Publier…</Button>
          </Actions>
        </>
      )}
      {asking && (
        <Dialog title={french("Publier ces packs ?")} onClose={() => setAsking(false)}>
          <p>Ils valent aussitôt pour tous les établissements, sur chaque bon de commande émis à partir de maintenant :</p>
          <ul>
            {given.map((row) => (
              <li key={row.id}>{french(`${row.id.toUpperCase()} : ${row.sms} SMS pour ${euros(row.price.replace(/\s/g, "").replace(",", "."))} HT`)}</li>
            ))}
          </ul>
          <Actions>
            <Button onClick={() => setAsking(false)}>Revenir</Button>
            <Button primary onClick={save} busyText="Publication…">
              Publier
            </Button>
          </Actions>
        </Dialog>
      )}
    </>
  );
}
