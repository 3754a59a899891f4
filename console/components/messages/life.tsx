import type { Answer } from "../../api/client.ts";
import { MESSAGE_STATUSES, PROVIDERS, wordOf } from "../../texts/statuses.ts";
import { french } from "../../texts/typography.ts";
import { DateText } from "../tables/values.tsx";

type LifeEvent = Answer<"GET /v1/messages/{id}">["events"][number];

/** What happened to a message, oldest first. */
export function MessageLife({ events }: { events: readonly LifeEvent[] }) {
  return (
    <ol class="life">
      {events.map((event, index) => (
        <li key={`${event.at}-${index}`}>
          <p>
            <strong>
              <DateText of={event.at} as="moment" />
            </strong>
          </p>
          <p>{french(wordsOf(event))}</p>
        </li>
      ))}
    </ol>
  );
}

function wordsOf({ event, provider, status }: LifeEvent): string {
  const by = provider ? ` ${PROVIDERS[provider] ?? provider}` : "";
  const state = status ? ` : ${wordOf(MESSAGE_STATUSES, status).word.replace(/\s:.*/, "").toLowerCase()}` : "";
  switch (event) {
    case "accepted":
      return "Accepté par le service, et décompté du stock";
    case "scheduled":
      return "Départ programmé";
    case "handed-over":
      return `Remis au prestataire${by}`;
    case "receipt":
      return `Accusé reçu${by && ` de${by}`}${state}`;
    case "final":
      return status ? `État définitif : ${wordOf(MESSAGE_STATUSES, status).word.replace(/\s:/, ",").toLowerCase()}` : "État définitif";
    default:
      return event;
  }
}
