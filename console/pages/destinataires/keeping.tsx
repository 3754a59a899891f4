import { call } from "../../api/client.ts";
import { Download } from "../../components/files/download.tsx";
import { csv } from "../../components/files/saving.ts";
import { phone } from "../../texts/numbers.ts";
import { shortDate, when } from "../../texts/dates.ts";
import { CONSENT_EVENTS, MESSAGE_STATUSES, wordOf } from "../../texts/statuses.ts";
import type { Held } from "./number.tsx";

/** All that is held of the number as a file, to be given to the person. */
export function KeepFile({ of }: { of: Held }) {
  return (
    <Download name="fiche-numero.csv" read={() => everything(of.phone)}>
      Télécharger tout ce qui est gardé
    </Download>
  );
}

async function everything(number: string): Promise<Blob> {
  const rows: string[][] = [["Quoi", "Date", "Contenu", "Détail"]];
  let cursor: string | null = null;
  do {
    const held: Held = await call("GET /v1/recipients/{phone}", { path: { phone: number }, query: cursor ? { cursor } : {} });
    if (!cursor) {
      rows.push(["Numéro", "", phone(held.phone), ""]);
      for (const event of held.consent?.events ?? [])
        rows.push([CONSENT_EVENTS[event.kind] ?? event.kind, when(event.at), event.wording ?? "", [event.channel, event.collected_by, event.collected_at && `recueilli le ${shortDate(event.collected_at)}`, event.by].filter(Boolean).join(", ")]);
      for (const reply of held.replies) rows.push(["Réponse reçue", when(reply.received_at), reply.text, ""]);
    }
    for (const message of held.messages) rows.push(["Message", when(message.accepted_at), message.text ?? "", `${wordOf(MESSAGE_STATUSES, message.status).word}, par ${message.author}`]);
    for (const refusal of held.refusals) rows.push(["Envoi écarté", when(refusal.at), refusal.request_id, refusal.detail ?? ""]);
    cursor = held.next_cursor;
  } while (cursor);
  return csv(rows);
}
