import { useState } from "preact/hooks";
import { call } from "../../../../api/client.ts";
import { type Failure, Refusal, failureOf, titleOfAct } from "../../../../api/failures.ts";
import { Button } from "../../../../components/forms/button.tsx";
import { Actions } from "../../../../components/notices/dialog.tsx";
import { Check, Field } from "../../../../components/forms/field.tsx";
import { Loaded, useResource } from "../../../../components/reading/loading.tsx";
import { Notice } from "../../../../components/notices/notice.tsx";
import { Page } from "../../../../components/page.tsx";
import { type PageProps, navigate } from "../../../../shell/router.ts";
import { isoDay } from "../../../../texts/dates.ts";
import { french } from "../../../../texts/typography.ts";
import { schoolPath } from "../../parts.tsx";
import { type Sheet, bodyOf, emptySheet, sheetOf } from "./registration.ts";
import { CALENDARS } from "../words.ts";

/** Register a school, or change what is registered. */
export default function EditPage({ params }: PageProps) {
  const uai = params["uai"] ?? "";
  const school = useResource((signal) => (uai ? call("GET /v1/schools/{uai}", { path: { uai }, signal }) : Promise.resolve(null)), [uai]);
  return (
    <Page title={uai ? "Modifier la fiche" : "Enregistrer un établissement"} {...(uai ? { intro: `${school.value?.name ?? ""} ${uai}`.trim() } : {})}>
      <Loaded of={school} what="Lecture de la fiche…">
        {(found) => <Form uai={uai} before={found ? sheetOf(found) : emptySheet()} key={uai} />}
      </Loaded>
    </Page>
  );
}

function Form({ uai, before }: { uai: string; before: Sheet }) {
  const [sheet, setSheet] = useState(before);
  const [own, setOwn] = useState<Readonly<Record<string, string>>>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<Sheet>) => setSheet({ ...sheet, ...part });
  const said = (field: string) => own[field] ?? (failure instanceof Refusal ? (failure.of(field) && french(failure.of(field)!)) : undefined) ?? undefined;
  const text = (field: keyof Sheet) => ({ value: String(sheet[field]), onInput: (event: { currentTarget: HTMLInputElement }) => change({ [field]: event.currentTarget.value }) });
  const past = Boolean(sheet.subscription_end) && sheet.subscription_end < isoDay(new Date());
  const manager = (at: number, part: Partial<Sheet["managers"][number]>) => change({ managers: sheet.managers.map((each, index) => (index === at ? { ...each, ...part } : each)) });
  const save = async (event: Event) => {
    event.preventDefault();
    const missing = checked(sheet);
    setOwn(missing);
    setFailure(null);
    if (Object.keys(missing).length) return requestAnimationFrame(() => document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    setBusy(true);
    try {
      const to = uai || sheet.uai.trim().toUpperCase();
      // Registering writes over what is registered: a slip in the code would replace another school.
      if (!uai && (await isRegistered(to))) {
        setOwn({ uai: french("Cet établissement est déjà enregistré : cherchez-le dans la liste pour modifier sa fiche.") });
        requestAnimationFrame(() => document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
        return undefined;
      }
      await call("PUT /v1/schools/{uai}", { path: { uai: to }, body: bodyOf(sheet) });
      navigate(schoolPath(to));
    } catch (thrown) {
      setFailure(failureOf(thrown));
      requestAnimationFrame(() => document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    } finally {
      setBusy(false);
    }
    return undefined;
  };
  return (
    <form onSubmit={save} noValidate>
      {!uai && (
        <Field label="Code UAI" hint="Sept chiffres et une lettre : 0750655E." error={said("uai")}>
          <input autocomplete="off" maxLength={8} {...text("uai")} />
        </Field>
      )}
      <Field label="Nom de l’établissement" error={said("name")}>
        <input {...text("name")} />
      </Field>
      <Field label="SIRET" hint="Quatorze chiffres." error={said("siret")}>
        <input inputMode="numeric" {...text("siret")} />
      </Field>
      <Field label="Adresse" error={said("address.line1")}>
        <input {...text("line1")} />
      </Field>
      <Field label="Complément d’adresse" optional error={said("address.line2")}>
        <input {...text("line2")} />
      </Field>
      <Field label="Code postal" error={said("address.postcode")}>
        <input {...text("postcode")} />
      </Field>
      <Field label="Ville" error={said("address.city")}>
        <input {...text("city")} />
      </Field>
      <fieldset class="choice">
        <legend>Gestionnaires SMS</legend>
        {sheet.managers.map((each, index) => (
          <div class="pair" key={index}>
            <Field label={`Nom du gestionnaire ${index + 1}`} error={said(`managers.${index}.name`)}>
              <input value={each.name} onInput={(event) => manager(index, { name: event.currentTarget.value })} />
            </Field>
            <Field label={`Son adresse électronique ${index + 1}`} error={said(`managers.${index}.email`) ?? (index === 0 ? said("managers") : undefined)}>
              <input type="email" value={each.email} onInput={(event) => manager(index, { email: event.currentTarget.value })} />
            </Field>
          </div>
        ))}
        <Button onClick={() => change({ managers: [...sheet.managers, { name: "", email: "" }] })}>Ajouter un gestionnaire</Button>
      </fieldset>
      <Field label="Dernier jour de l’abonnement" error={said("subscription_end")}>
        <input type="date" {...text("subscription_end")} />
      </Field>
      {past && (
        <Notice kind="attention" title="Ce jour est passé">
          <p>Tous les SMS qui restent seront perdus pour l’établissement, sans retour possible.</p>
          <Check label="Je confirme que l’abonnement est terminé" checked={sheet.confirm_past_end} onChange={(confirm) => change({ confirm_past_end: confirm })} />
          {said("confirm_past_end") && <p class="error">{said("confirm_past_end")}</p>}
        </Notice>
      )}
      <details class="further" open={Boolean(uai)}>
        <summary>Réglages particuliers</summary>
        <Field label="Alerte de niveau bas, en SMS" error={said("low_balance_threshold")}>
          <input inputMode="numeric" {...text("low_balance_threshold")} />
        </Field>
        <Field label="Plafond par jour, en SMS" hint="Vide : celui du service." optional error={said("daily_limit")}>
          <input inputMode="numeric" {...text("daily_limit")} />
        </Field>
        <Field label="Nom d’expéditeur" hint="Onze lettres ou chiffres au plus. Vide : celui du service." optional error={said("sender_name")}>
          <input maxLength={11} {...text("sender_name")} />
        </Field>
        <Field label="Calendrier" hint="Jours fériés et heures de l’établissement." error={said("calendar")}>
          <select value={sheet.calendar} onChange={(event) => change({ calendar: event.currentTarget.value })}>
            <option value="">d’après l’UAI</option>
            {Object.entries(CALENDARS).map(([each, words]) => (
              <option key={each} value={each}>
                {words}
              </option>
            ))}
          </select>
        </Field>
        <Field label="TVA, en pour cent" hint="Vide : celle du territoire." optional error={said("vat_rate")}>
          <input inputMode="decimal" {...text("vat_rate")} />
        </Field>
        <Field label="Autres adresses qui peuvent commander" hint="Une par ligne : par exemple l’adresse institutionnelle de l’établissement." optional error={said("order_senders") ?? firstOf(failure, "order_senders.")}>
          <textarea rows={3} value={sheet.order_senders} onInput={(event) => change({ order_senders: event.currentTarget.value })} />
        </Field>
      </details>
      {failure && !isPlaced(failure) && (
        <Notice kind="bad" title={titleOfAct(failure, "Rien n’a été enregistré")} focus>
          <p>{french(failure.message)}</p>
          {failure instanceof Refusal && failure.fields.map((each) => <p key={each.field}>{french(each.detail)}</p>)}
        </Notice>
      )}
      <Actions>
        <a class="button" href={uai ? schoolPath(uai) : "/operateur/etablissements"}>
          Revenir sans enregistrer
        </a>
        <Button type="submit" primary busy={busy} busyText="Enregistrement…">
          Enregistrer
        </Button>
      </Actions>
    </form>
  );

  function checked(given: Sheet): Readonly<Record<string, string>> {
    const found: Record<string, string> = {};
    if (!uai && !/^\d{7}[A-Za-z]$/.test(given.uai.trim())) found["uai"] = "Un code UAI a sept chiffres et une lettre.";
    const needed = { name: given.name, siret: given.siret, "address.line1": given.line1, "address.postcode": given.postcode, "address.city": given.city, subscription_end: given.subscription_end };
    for (const [field, value] of Object.entries(needed)) if (!value.trim()) found[field] = "À remplir.";
    for (const field of ["low_balance_threshold", "daily_limit"] as const) if (given[field].trim() && !/^[\d\s]+$/.test(given[field])) found[field] = "Un nombre entier, en chiffres.";
    if (!given.managers.some((each) => each.email.trim())) found["managers.0.email"] = "Au moins un gestionnaire reçoit les messages de l’établissement.";
    return found;
  }
}

async function isRegistered(uai: string): Promise<boolean> {
  try {
    await call("GET /v1/schools/{uai}", { path: { uai } });
    return true;
  } catch (thrown) {
    if (thrown instanceof Refusal && thrown.status === 404) return false;
    throw thrown;
  }
}

const PLACED = /^(uai|name|siret|address\.(line1|line2|postcode|city)|managers(\.\d+\.(name|email))?|subscription_end|low_balance_threshold|daily_limit|sender_name|calendar|vat_rate|order_senders.*)$/;

/** Whether all that a refusal says stands beside its field. */
function isPlaced(failure: Failure): boolean {
  return failure instanceof Refusal && failure.fields.length > 0 && failure.fields.every((each) => PLACED.test(each.field));
}

function firstOf(failure: Failure | null, start: string): string | undefined {
  return failure instanceof Refusal ? failure.fields.find((each) => each.field.startsWith(start))?.detail : undefined;
}
