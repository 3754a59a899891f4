import { call } from "../../api/client.ts";
import { Offline, Refusal } from "../../api/failures.ts";
import { template } from "../../texts/sms/variables.ts";
import { type Letter, type Row, type Uploaded, draft } from "./draft.ts";
import { fitsInACall, listed } from "./large.ts";

/** The body of an estimate or a request: what the letter says, to these rows. */
export function bodyOf(rows: readonly Row[], letter: Letter) {
  return { ...said(letter), recipients: rows.map((row) => (Object.keys(row.values).length ? { phone: row.phone, variables: row.values } : { phone: row.phone })) };
}

type Body = ReturnType<typeof said> & ({ recipients: ReturnType<typeof bodyOf>["recipients"] } | { recipient_list: string });

/**
 * Call with the body that brings the letter to these rows: a list too large for a call is uploaded first, once. One that
 * the service has forgotten is uploaded anew. Throws a `Failure`.
 */
export async function withBody<T>(rows: readonly Row[], letter: Letter, calling: (body: Body) => Promise<T>): Promise<T> {
  if (fitsInACall(rows)) return await calling(bodyOf(rows, letter));
  const known = kept(rows, letter);
  if (known) {
    try {
      return await calling({ ...said(letter), recipient_list: known.id });
    } catch (thrown) {
      if (!(thrown instanceof Refusal && thrown.code === "list-not-found")) throw thrown;
    }
  }
  return await calling({ ...said(letter), recipient_list: await upload(rows, letter) });
}

function said(letter: Letter) {
  return {
    text: letter.text,
    ...(letter.later && letter.day && letter.time ? { send_at: `${letter.day}T${letter.time}:00` } : {}),
    ...(letter.confirmPlaceholders ? { confirm_placeholders: true } : {}),
  };
}

/** The list as it was uploaded before, with the variables that the letter has now. */
function kept(rows: readonly Row[], letter: Letter): Uploaded | undefined {
  const { rows: current, uploaded } = draft().list.value.value;
  const names = template(letter.text).names;
  return current === rows && uploaded?.names.join("\n") === names.join("\n") ? uploaded : undefined;
}

async function upload(rows: readonly Row[], letter: Letter): Promise<string> {
  const names = template(letter.text).names;
  const opened = await call("POST /v1/recipient-lists");
  const form = new FormData();
  for (const [name, value] of Object.entries(opened.fields)) form.append(name, value);
  form.append("file", new Blob([listed(rows, names)]), "liste.csv");
  const response = await fetch(opened.url, { method: opened.method, body: form }).catch(() => null);
  if (!response) throw new Offline();
  if (!response.ok) throw new Refusal(response.status === 400 ? 413 : response.status, response.status === 400 ? { detail: "Cette liste dépasse 20 Mo : partagez-la en plusieurs envois." } : {});
  const { list } = draft();
  if (list.value.value.rows === rows) list.value.value = { ...list.value.value, uploaded: { id: opened.id, names } };
  return opened.id;
}
