import { Table } from "../../../components/tables/table.tsx";
import { count } from "../../../texts/numbers.ts";
import { french } from "../../../texts/typography.ts";
import { AlterationPicture } from "./document.tsx";
import { type Other, type RegisteredSchool, type ReviewedOrder, differs, readLines } from "./fields.ts";

/** Why a machine stopped, and what to do about each. */
export function Reasons({ order }: { order: ReviewedOrder }) {
  if (!order.reasons.length) return null;
  return (
    <section class="review-part">
      <h2>Pourquoi la machine s’est arrêtée</h2>
      <ul class="reasons plain">
        {order.reasons.map((reason) => (
          <li key={`${reason.code} ${reason.field}`}>
            <strong>{french(sentence(reason.detail))}</strong>
            <span>{french(sentence(reason.remedy))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Each place where the form is another than the one that was issued, with its picture. */
export function Differences({ order, show }: { order: ReviewedOrder; show: (page: number) => void }) {
  const found = order.alterations ?? [];
  if (!found.length) return null;
  return (
    <section class="review-part">
      <h2>{french(`${count(found.length, "différence")} avec le bon émis`)}</h2>
      <ol class="differences plain">
        {found.map((each, index) => (
          <li key={index}>
            <p>
              <strong>{french(sentence(each.detail))}</strong>
              {each.page && (
                <button type="button" class="as-link" onClick={() => show(each.page!)}>
                  {french(`Voir la page ${each.page}`)}
                </button>
              )}
            </p>
            {each.picture && <AlterationPicture order={order} number={index + 1} detail={each.detail} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What was read on the form, beside what it was issued with and what is registered of the school; what differs first. */
export function ReadValues({ order, school }: { order: ReviewedOrder; school: RegisteredSchool | null }) {
  const all = readLines(order, school);
  const lines = all.filter((line) => line.read || differs(line));
  const empty = all.filter((line) => !lines.includes(line) && !line.field.startsWith("qty_"));
  if (!lines.length) return null;
  return (
    <section class="review-part">
      <h2>Retenu par le service</h2>
      <Table
        caption="Ce que le service a retenu du bon, à côté de ce qui a été émis et de ce qui est enregistré ; les différences d’abord"
        quiet
        rows={lines}
        keyOf={(line) => line.field}
        columns={[
          { head: "Champ", cell: (line) => line.name, names: true },
          { head: "Sur le bon reçu", cell: (line) => <span class={line.read ? "breakable" : "soft"}>{line.read || "vide"}</span> },
          { head: "Sur le bon émis", cell: (line) => <Compared to={line.issued} /> },
          { head: "Enregistré", cell: (line) => <Compared to={line.registered} /> },
        ]}
      />
      {empty.length > 0 && <p class="soft">{french(`Laissés vides : ${empty.map((line) => line.name).join(", ")}.`)}</p>}
    </section>
  );
}

/** What the form is compared with, where that says something else. */
function Compared({ to }: { to: Other | null }) {
  if (to === null) return <span class="soft">–</span>;
  if (!to.differs) return <span class="soft">identique</span>;
  return (
    <span class="status attention">
      <span class="sign" aria-hidden="true">
        ≠
      </span>
      <span class="breakable">{to.value || "vide"}</span>
    </span>
  );
}

function sentence(words: string): string {
  const first = words.replace(/^./, (letter) => letter.toUpperCase());
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
