import { useEffect, useState } from "preact/hooks";
import { call } from "../../../api/client.ts";
import { type Failure, Refusal, failureOf } from "../../../api/failures.ts";
import { Button } from "../../../components/forms/button.tsx";
import { Actions, Dialog } from "../../../components/notices/dialog.tsx";
import { useResource } from "../../../components/reading/loading.tsx";
import { Notice } from "../../../components/notices/notice.tsx";
import { Facts, Page } from "../../../components/page.tsx";
import { Steps } from "../../../components/notices/progress.tsx";
import { EmptyState, FailureState, LoadingState } from "../../../components/reading/states.tsx";
import { profile, roles } from "../../../session/profile.ts";
import { settings } from "../../../session/settings.ts";
import { navigate } from "../../../shell/router.ts";
import { count, number } from "../../../texts/numbers.ts";
import { clockTime, dayWord } from "../../../texts/dates.ts";
import { french } from "../../../texts/typography.ts";
import { type Letter, type Row, STEPS, draft } from "../draft.ts";
import { type Estimate, judge, judged } from "../judged.ts";
import { Left } from "./left.tsx";
import { Preview } from "./preview.tsx";
import { NoMessage } from "../destinataires/recipients.tsx";
import { isOpen, keyed, send } from "./sending.ts";
import { WhenChoice } from "./when.tsx";

/** Third step: what will happen, before it does. */
export default function CheckPage() {
  const letter = draft().letter.value.value;
  const rows = draft().list.value.value.rows;
  const { estimate, failure, reading } = judged.value;
  useEffect(() => {
    keyed();
    void judge(rows, letter);
  }, [rows, letter.text, letter.later, letter.day, letter.time, letter.confirmPlaceholders]);
  if (!letter.text.trim()) return <NoMessage />;
  if (!rows.length) return <NoRecipients />;
  return (
    <Page title="Vérifier et envoyer">
      <Steps steps={STEPS} current={2} />
      {failure && !reading && !momentError(failure) && <Problem failure={failure} retry={() => judge(rows, letter)} />}
      {estimate ? (
        <Checked estimate={estimate} rows={judged.value.rows} letter={letter} reading={reading} failure={failure} />
      ) : (
        !failure && <LoadingState what="Vérification des numéros, des consentements et du coût…" />
      )}
    </Page>
  );
}

/** What is wrong with the day and time of sending, if that is it. */
function momentError(failure: Failure | null): string | undefined {
  if (!(failure instanceof Refusal)) return undefined;
  return failure.code === "invalid-send-at" ? failure.message : failure.of("send_at");
}

function NoRecipients() {
  return (
    <Page title="Vérifier et envoyer">
      <EmptyState title="Il n’y a pas encore de destinataires.">
        <p>
          <a href="/ecrire/destinataires">Ajouter des destinataires</a>
        </p>
      </EmptyState>
    </Page>
  );
}

function Problem({ failure, retry }: { failure: Failure; retry: () => unknown }) {
  if (failure instanceof Refusal && failure.status === 422)
    return (
      <Notice kind="bad" title={failure.title}>
        <p>{french(failure.message)}</p>
        <p>
          <a href="/ecrire">Corriger le message</a>
        </p>
      </Notice>
    );
  return <FailureState failure={failure} retry={retry} />;
}

function Checked({ estimate, rows, letter, reading, failure: unjudged }: { estimate: Estimate; rows: readonly Row[]; letter: Letter; reading: boolean; failure: Failure | null }) {
  const manages = roles.value.has("sms_manager");
  const stock = useResource(async (signal) => (manages ? (await call("GET /v1/balance", { signal })).balance : null), [manages]);
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [sending, setSending] = useState(false);
  const [twice, setTwice] = useState(false);
  const each = estimate.per_recipient ?? [];
  const reached = each.filter((one) => !one.refused);
  const refused = each.filter((one) => one.refused);
  const cost = estimate.cost_sms ?? 0;
  const after = typeof stock.value === "number" ? stock.value - cost : null;
  const unused = estimate.warnings.flatMap((warning) => (warning.code === "unknown-variable" && warning.variable ? [warning.variable] : []));
  const closed = profile.value?.may_send === false;
  const what = `${count(cost, "SMS")} à ${count(reached.length, "personne")}`;
  const go = async (confirmDuplicates = false) => {
    setAsking(false);
    setFailure(null);
    setSending(true);
    try {
      const { id } = await send(rows, letter, { confirmDuplicates });
      navigate(`/ecrire/envoye/${id}`, { replace: true });
    } catch (thrown) {
      const found = failureOf(thrown);
      setFailure(found);
      setTwice(found instanceof Refusal && allDuplicates(found));
    } finally {
      setSending(false);
    }
  };
  // Once it may be gone, what the first attempt spent is missing by right: pressing again is how one learns.
  const mayBeGone = letter.unanswered;
  const short = after !== null && after < 0 && !mayBeGone;
  const stopped = !mayBeGone && (!reached.length || closed || short || unjudged !== null);
  return (
    <>
      <div class="checking">
        <Preview rows={rows} estimate={estimate} letter={letter} />
        <div>
          <WhenChoice letter={letter} error={momentError(unjudged)} />
          {estimate.warnings
            .filter((warning) => warning.code !== "unknown-variable" && (!closed || warning.code !== profile.value?.why_not))
            .map((warning) => (
              <Notice kind="attention" key={`${warning.code} ${warning.variable}`}>
                <p>{french(warning.detail)}</p>
              </Notice>
            ))}
          <Facts
            of={[
              ["Recevront le message", <strong>{count(reached.length, "personne")}</strong>],
              ["Coût", <strong>{count(cost, "SMS")}</strong>],
              after !== null && !mayBeGone && ["Il en restera", after < 0 ? `0 : il en manque ${number(-after)}` : count(after, "SMS")],
              letter.model && ["Modèle", letter.text === letter.model.text ? letter.model.name : `${letter.model.name}, modifié`],
              ["Départ", letter.later && letter.day ? `${dayWord(letter.day)} à ${clockTime(letter.time)}` : "maintenant"],
            ]}
          />
        </div>
      </div>
      {estimate.hint && (
        <Notice title="Ce message peut coûter moins">
          <p>
            {french(estimate.hint)} <a href="/ecrire">Revoir le message</a>
          </p>
        </Notice>
      )}
      {unused.length > 0 && <p class="soft">{french(`Colonnes que le message n’utilise pas : ${unused.join(", ")}.`)}</p>}
      {!reached.length && !mayBeGone && (
        <Notice kind="bad" title="Personne ne recevrait ce message">
          <p>
            Aucune ligne ne peut être envoyée telle quelle. <a href="/ecrire/destinataires">Voir ce qu’il faut corriger</a>
          </p>
        </Notice>
      )}
      {refused.length > 0 && <Left refused={refused} rows={rows} />}
      {short && (
        <Notice kind="bad" title={french(`Il manque ${count(-after!, "SMS")} pour cet envoi`)}>
          <p>
            Le stock est de {count(stock.value!, "SMS")}. <a href="/commander">Commander des SMS</a>, ou envoyez à moins de personnes. Votre brouillon est gardé.
          </p>
        </Notice>
      )}
      {mayBeGone && !failure && !sending && (
        <Notice kind="attention" title="Un envoi est resté sans réponse">
          <p>{french("Il est peut-être parti. Appuyez sur le bouton d’envoi sans rien changer : s’il est déjà parti, il ne partira pas une seconde fois.")}</p>
        </Notice>
      )}
      {failure && !twice && <SendFailure failure={failure} />}
      {twice && (
        <Notice kind="attention" title="Ces personnes viennent de recevoir ce message" focus>
          <p>{french("Le même texte est parti vers les mêmes numéros il y a moins de dix minutes. Rien n’a été envoyé une seconde fois.")}</p>
          <Actions>
            <a class="button" href="/envois">
              Voir mes envois
            </a>
            <Button danger onClick={() => go(true)} busyText="Envoi…">
              Envoyer une seconde fois
            </Button>
          </Actions>
        </Notice>
      )}
      {reading && (
        <p role="status" class="soft">
          Mise à jour du coût…
        </p>
      )}
      <Actions>
        <a class="button" href="/ecrire/destinataires">
          Revenir aux destinataires
        </a>
        <Button primary disabled={stopped || reading} busy={sending} onClick={() => (reached.length >= settings.large_request ? setAsking(true) : go())} busyText="Envoi…">
          {letter.later ? "Programmer" : "Envoyer"} {count(cost, "SMS")}
        </Button>
      </Actions>
      {asking && (
        <Dialog title={`${letter.later ? "Programmer" : "Envoyer"} ${what}\u202f?`} onClose={() => setAsking(false)}>
          <p>
            {french(
              letter.later
                ? `Les SMS partiront ${dayWord(letter.day)} à ${clockTime(letter.time)}. Vous pourrez annuler jusque-là.`
                : "Les SMS partent aussitôt : un envoi commencé ne se rattrape pas.",
            )}
            {after !== null && !mayBeGone && french(` Il restera ${count(after, "SMS")} en stock.`)}
          </p>
          <Actions>
            <Button onClick={() => setAsking(false)}>Revenir</Button>
            <Button primary onClick={() => go()} busyText="Envoi…">
              {letter.later ? "Programmer" : "Envoyer"} {what}
            </Button>
          </Actions>
        </Dialog>
      )}
    </>
  );
}

/** Why it was not sent, or why nobody knows yet. */
function SendFailure({ failure }: { failure: Failure }) {
  if (isOpen(failure))
    return (
      <Notice kind="attention" title="Le service n’a pas répondu" focus>
        <p>{french("Votre message est peut-être parti. Appuyez de nouveau sur le bouton d’envoi, sans rien changer : s’il est déjà parti, il ne partira pas une seconde fois.")}</p>
      </Notice>
    );
  const refusal = failure instanceof Refusal ? failure : null;
  if (refusal?.code === "idempotency-key-reused")
    return (
      <Notice kind="attention" title="Votre premier essai était bien parti" focus>
        <p>
          Ce que vous avez changé depuis n’a pas été envoyé. Vérifiez dans <a href="/envois">vos envois</a> avant de recommencer.
        </p>
      </Notice>
    );
  return (
    <Notice kind="bad" title={refusal?.title ?? "Rien n’a été envoyé"} focus>
      <p>{french(refusal?.of("send_at") ?? failure.message)}</p>
      {refusal?.status === 402 && <p>{roles.value.has("sms_manager") ? <a href="/commander">Commander des SMS</a> : "Adressez-vous à un gestionnaire SMS de l’établissement. Votre brouillon est gardé."}</p>}
    </Notice>
  );
}

function allDuplicates(refusal: Refusal): boolean {
  const refused = refusal.problem["refused"] as readonly { code: string }[] | undefined;
  return refusal.code === "no-recipient-left" && Boolean(refused?.some((each) => each.code === "duplicate"));
}

