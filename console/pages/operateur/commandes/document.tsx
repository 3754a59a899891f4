import { useEffect, useMemo, useState } from "preact/hooks";
import { call } from "../../../api/client.ts";
import { useResource } from "../../../components/reading/loading.tsx";
import { saveBlob } from "../../../components/files/saving.ts";
import { EmptyState, FailureState, LoadingState } from "../../../components/reading/states.tsx";
import type { ReviewedOrder } from "./fields.ts";

/** The form as it was received, in the page; on a phone it opens by itself. `page` is the one to show. */
export function ReceivedForm({ order, page }: { order: ReviewedOrder; page: number | null }) {
  const received = useResource((signal) => (order.form ? call("GET /v1/orders/{id}/form", { path: { id: order.id }, signal }) : Promise.resolve(null)), [order.id, order.form]);
  const blob = received.value instanceof Blob ? received.value : null;
  const address = useObjectAddress(blob);
  if (!order.form)
    return (
      <EmptyState title="Aucun bon de commande n’a été reconnu dans ce message.">
        <p>Ouvrez le message d’origine pour voir ce qui a été reçu.</p>
        <OriginalMail order={order} />
      </EmptyState>
    );
  if (received.failure) return <FailureState failure={received.failure} retry={received.reload} />;
  if (!blob || !address) return <LoadingState what="Lecture du bon de commande reçu…" />;
  const kind = blob.type.split(";")[0];
  return (
    <div class="received">
      {kind === "application/pdf" ? (
        <iframe key={page ?? 0} class="received-form" src={`${address}#${page ? `page=${page}&` : ""}navpanes=0&view=FitH`} title="Bon de commande reçu" />
      ) : kind?.startsWith("image/") && kind !== "image/tiff" ? (
        <img class="received-form" src={address} alt="Bon de commande reçu, en image" />
      ) : (
        <EmptyState title="Ce type de document ne s’affiche pas ici.">
          <p>Ouvrez-le à côté.</p>
        </EmptyState>
      )}
      <p class="received-links">
        <a href={address} target="_blank" rel="noopener">
          Ouvrir le bon reçu à côté
        </a>
        <OriginalMail order={order} />
      </p>
    </div>
  );
}

/** The message that brought it, with its attachments, as a file that a mail program opens. */
function OriginalMail({ order }: { order: ReviewedOrder }) {
  const [problem, setProblem] = useState("");
  const open = async () => {
    setProblem("");
    try {
      const mail = await call("GET /v1/orders/{id}/mail", { path: { id: order.id } });
      saveBlob(`${order.id}.eml`, mail as unknown as Blob);
    } catch {
      setProblem("Le message n’a pas pu être lu. S’il a plus d’un an, il a été effacé.");
    }
  };
  return (
    <>
      <button type="button" class="as-link" onClick={open}>
        Télécharger le message d’origine
      </button>
      {problem && <span role="alert"> {problem}</span>}
    </>
  );
}

/** A picture of the place where the form differs from the one that was issued. */
export function AlterationPicture({ order, number, detail }: { order: ReviewedOrder; number: number; detail: string }) {
  const picture = useResource((signal) => call("GET /v1/orders/{id}/alterations/{n}", { path: { id: order.id, n: String(number) }, signal }), [order.id, number]);
  const address = useObjectAddress(picture.value instanceof Blob ? picture.value : null);
  if (picture.failure) return <p class="soft">L’image de cette différence n’a pas pu être lue.</p>;
  return address ? <img class="alteration" src={address} alt={detail} /> : <LoadingState what="Lecture de l’image…" />;
}

/** An address of a blob as long as it is shown. */
function useObjectAddress(blob: Blob | null): string | null {
  const address = useMemo(() => (blob ? URL.createObjectURL(blob) : null), [blob]);
  useEffect(() => () => void (address && URL.revokeObjectURL(address)), [address]);
  return address;
}
