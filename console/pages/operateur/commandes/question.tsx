import { call } from "../../../api/client.ts";
import { Loaded, useResource } from "../../../components/reading/loading.tsx";
import { Facts } from "../../../components/page.tsx";
import type { ReviewedOrder } from "./fields.ts";

/** What somebody asked at the order inbox, with the way to answer. */
export function Question({ order }: { order: ReviewedOrder }) {
  const question = useResource((signal) => call("GET /v1/orders/{id}/question", { path: { id: order.id }, signal }), [order.id]);
  return (
    <Loaded of={question} what="Lecture de la question…">
      {({ sender, subject, text }) => (
        <>
          <Facts of={[["De", <span class="breakable">{sender}</span>], ["Objet", subject || "(sans objet)"]]} />
          <blockquote class="letter">
            {text.split(/\n{2,}/).map((paragraph, index) => (
              <p key={index} class="as-written">
                {paragraph}
              </p>
            ))}
          </blockquote>
          <p>
            <a class="button" href={`mailto:${sender}?subject=${encodeURIComponent(`Re: ${subject}`)}`}>
              Répondre par messagerie
            </a>
          </p>
          <p class="hint">La réponse part de votre messagerie. Marquez ensuite la question comme répondue : elle ne sera plus à traiter.</p>
        </>
      )}
    </Loaded>
  );
}
