import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { Button } from "../forms/button.tsx";
import type { List } from "../reading/loading.tsx";
import { FailureState, LoadingState } from "../reading/states.tsx";
import { count } from "../../texts/numbers.ts";

export interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => ComponentChildren;
  /** Figures stand to the right. */
  readonly right?: boolean;
  /** The cell that names its row. */
  readonly names?: boolean;
}

export interface TableProps<T> {
  /** What the table shows, read out before it; `quiet` hides it from the eye where a heading says the same. */
  readonly caption: string;
  readonly quiet?: boolean;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
}

/** A table that one can read, copy and print. On a phone each row becomes a card: what names it, then the values beside their heads. */
export function Table<T>({ caption, quiet, columns, rows, keyOf }: TableProps<T>) {
  const classes = (column: Column<T>) => (column.right ? "right" : undefined);
  return (
    <div class="table">
      <table>
        <caption class={quiet ? "unseen" : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" class={classes(column)} key={column.head}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) =>
                column.names ? (
                  <th scope="row" class={classes(column)} data-head={column.head} key={column.head}>
                    <span>{column.cell(row)}</span>
                  </th>
                ) : (
                  <td class={classes(column)} data-head={column.head} key={column.head}>
                    <span>{column.cell(row)}</span>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A list of the API as a table, a page at a time, with « Afficher plus » below. `empty` stands in place of no rows. */
export function ListTable<T>({ of, what, empty, one, many, ...table }: Omit<TableProps<T>, "rows"> & {
  of: List<T>;
  /** Said while the first page is read. */
  what: string;
  empty: ComponentChildren;
  /** What a row is, for « 50 écritures à l’écran ». */
  one: string;
  many?: string;
}) {
  const shown = useRef<HTMLDivElement>(null);
  if (of.value === undefined) return of.failure ? <FailureState failure={of.failure} retry={of.reload} /> : <LoadingState what={what} />;
  if (!of.value.length && !of.failure) return <>{empty}</>;
  const more = async () => {
    const before = of.value?.length ?? 0;
    await of.readMore();
    // The keyboard goes to the first new row, not back to the top.
    const row = shown.current?.querySelectorAll<HTMLElement>("tbody tr")[before];
    row?.setAttribute("tabindex", "-1");
    row?.focus();
  };
  return (
    <div ref={shown}>
      <Table {...table} rows={of.value} />
      {of.failure && <FailureState failure={of.failure} retry={of.readMore} />}
      <p class="more" role="status">
        {count(of.value.length, one, many)}
        {of.more ? " à l’écran, il y en a d’autres." : "."}
      </p>
      {of.more && !of.failure && (
        <Button onClick={more} busyText="Lecture…">
          Afficher plus
        </Button>
      )}
    </div>
  );
}
