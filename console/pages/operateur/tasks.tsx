import type { ComponentChildren } from "preact";
import type { Answer } from "../../api/client.ts";
import { Money } from "../../components/tables/values.tsx";
import { when } from "../../texts/dates.ts";
import { count, number } from "../../texts/numbers.ts";
import { french } from "../../texts/typography.ts";

type Overview = Answer<"GET /v1/overview">;

const PAGE_OF_MESSAGES = 50;

/** What was given up, by the queue that it was in: what does not happen before a person starts it again. */
const GIVEN_UP: Readonly<Record<string, readonly [one: string, many: string]>> = {
  InboundMails: ["mail de commande non lu", "mails de commande non lus"],
  AcceptedOrders: ["commande non créditée", "commandes non créditées"],
  CreditedOrders: ["facture non établie", "factures non établies"],
  CancelledInvoices: ["avoir non établi", "avoirs non établis"],
  Notices: ["mail à un établissement non envoyé", "mails à des établissements non envoyés"],
  MailEvents: ["retour de messagerie non enregistré", "retours de messagerie non enregistrés"],
  QueuedMessages: ["lot de SMS non remis", "lots de SMS non remis"],
  Receipts: ["accusé non enregistré", "accusés non enregistrés"],
  IncomingReplies: ["réponse de famille non lue", "réponses de familles non lues"],
  SmsEvents: ["accusé d’AWS non enregistré", "accusés d’AWS non enregistrés"],
  RequestedExports: ["export non préparé", "exports non préparés"],
};

interface Task {
  readonly what: string;
  readonly count: string;
  readonly waits: boolean;
  readonly tone: "bad" | "attention" | "neutral" | "good";
  readonly about: ComponentChildren;
  readonly href?: string;
}

/** What waits, a line each, with how much and how urgent. `corrections` wait for a second person. */
export function Tasks({ overview, corrections }: { overview: Overview; corrections: number }) {
  return (
    <ul class="tasks plain">
      {[...alarms(overview), ...orders(overview), ...addresses(overview), correctionTask(corrections), messages(overview)].map((task) => (
        <li key={task.what} class={`task ${task.waits ? task.tone : "none"}`}>
          <p class="task-count">{task.count}</p>
          <p class="task-what">
            <strong>{task.href && task.waits ? <a href={task.href}>{task.what}</a> : task.what}</strong>
            <span class="task-about">{task.about}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}

/** An alarm is there while something was given up; nothing is said while all is well. */
function alarms({ dead_letters: letters }: Overview): readonly Task[] {
  const all = letters.reduce((sum, each) => sum + each.count, 0);
  if (!all) return [];
  const words = letters.map(({ queue, count: some }) => (GIVEN_UP[queue] ? count(some, ...GIVEN_UP[queue]) : count(some, "élément")));
  return [
    {
      what: "Abandonné par la machine\u00a0: à relancer",
      count: number(all),
      waits: true,
      tone: "bad",
      about: french(`${words.join(", ")}. Prévenez la personne qui administre le service : la relance est décrite dans son guide.`),
    },
  ];
}

function orders({ reviews, uncredited, questions, overdue_invoices: invoices }: Overview): readonly Task[] {
  const counted = (value: { count: number; more: boolean }) => `${number(value.count)}${value.more ? "+" : ""}`;
  return [
    {
      what: "Commandes à examiner",
      count: counted(reviews),
      waits: reviews.count > 0,
      tone: reviews.past_deadline ? "bad" : reviews.near_deadline ? "attention" : "neutral",
      about: lateness(reviews),
      href: "/operateur/commandes",
    },
    {
      what: "Commandes acceptées, pas encore créditées",
      count: counted(uncredited),
      waits: uncredited.count > 0,
      tone: uncredited.past_deadline ? "bad" : "neutral",
      about: uncredited.count ? lateness(uncredited) : "Toutes celles qui sont acceptées sont créditées.",
      href: "/operateur/commandes?etat=accepted",
    },
    {
      what: "Questions à répondre",
      count: counted(questions),
      waits: questions.count > 0,
      tone: "neutral",
      about: questions.count ? "Écrites à l’adresse des bons de commande." : "Aucune question sans réponse.",
      href: "/operateur/commandes?etat=question",
    },
    {
      what: "Factures en retard",
      count: counted(invoices),
      waits: invoices.count > 0,
      tone: "attention",
      about: invoices.count ? (
        <>
          <Money amount={invoices.rest_due} /> à recevoir
        </>
      ) : (
        "Aucune échéance dépassée."
      ),
      href: "/operateur/factures?etat=overdue",
    },
  ];
}

/** Nothing is said while every address takes its mails. */
function addresses({ unreachable_addresses: { items, more } }: Overview): readonly Task[] {
  if (!items.length) return [];
  return [
    {
      what: "Adresses qui ne reçoivent plus nos messages",
      count: `${number(items.length)}${more ? "+" : ""}`,
      waits: true,
      tone: "attention",
      about: "Ces personnes ne lisent ni factures ni alertes.",
      href: "#adresses",
    },
  ];
}

function correctionTask(corrections: number): Task {
  return {
    what: "Corrections de stock à confirmer",
    count: number(corrections),
    waits: corrections > 0,
    tone: "neutral",
    about: corrections ? "Par une autre personne que celle qui les a proposées." : "Aucune correction n’est proposée.",
    href: "#corrections",
  };
}

function messages({ pages_waiting: pages }: Overview): Task {
  return {
    what: "Messages en attente d’envoi",
    count: pages ? `≈\u00a0${number(pages * PAGE_OF_MESSAGES)}` : "0",
    waits: pages > 0,
    tone: "neutral",
    about: pages ? french(`Environ ${count(pages, "lot")} de ${PAGE_OF_MESSAGES} messages au plus.`) : "La file est vide.",
    href: "/operateur/sante",
  };
}

function lateness({ count: waiting, near_deadline: near, past_deadline: past, nearest_deadline: nearest }: Overview["reviews"]): string {
  if (!waiting) return "Aucune commande n’attend de décision.";
  const parts = [
    past ? `${number(past)} hors délai` : "",
    near ? `${number(near)} au délai proche` : "",
    nearest && !past ? `première échéance ${when(nearest)}` : "",
  ].filter(Boolean);
  return french(`${parts.join(", ")}.`.replace(/^./, (first) => first.toUpperCase()));
}
