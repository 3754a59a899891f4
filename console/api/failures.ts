import type { Problem } from "./schema.ts";

export interface FieldProblem {
  readonly field: string;
  readonly code: string;
  readonly detail: string;
}

/** The API refused, in words for people (RFC 9457). `code` is what programs decide by. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly fields: readonly FieldProblem[];
  /** All that the problem holds, such as `balance` beside an insufficient one. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, problem: Partial<Problem> & Record<string, unknown>) {
    super(problem.detail || (status < 500 ? "Le service n’a pas pu répondre. Rien n’a été changé. Réessayez dans quelques instants." : "Le service n’a pas pu répondre. Réessayez dans quelques instants."));
    this.status = status;
    this.code = problem.code ?? `http-${status}`;
    this.title = problem.title || TITLES[status] || "Le service n’a pas pu répondre";
    this.fields = (problem["errors"] as FieldProblem[] | undefined) ?? [];
    this.problem = problem;
  }

  /** What to say beside the field `name`, or undefined. */
  of(name: string): string | undefined {
    return this.fields.find((each) => each.field === name)?.detail;
  }
}

/** What API Gateway refuses itself has no French words. */
const TITLES: Readonly<Record<number, string>> = {
  401: "Votre session est terminée",
  404: "Introuvable",
  413: "C’est trop volumineux",
  429: "Trop de demandes à la fois",
  503: "Service momentanément indisponible",
};

/** The service was not reached. Whether it took what was sent nobody knows: say it again with the same key. */
export class Offline extends Error {
  constructor() {
    super("La connexion au service est coupée. Ce que vous avez écrit est gardé ici.");
  }
}

/** The session is over; the shell asks to sign in again. */
export class SessionOver extends Error {
  constructor() {
    super("Votre session est terminée. Reconnectez-vous pour continuer.");
  }
}

export type Failure = Refusal | Offline | SessionOver;

/** Whether what was asked may be done all the same, because no answer came, or none that says. */
export function mayBeDone(failure: Failure): boolean {
  if (failure instanceof Refusal && failure.code === "maintenance") return false;
  return failure instanceof Offline || (failure instanceof Refusal && (failure.status >= 500 || failure.status === 0));
}

/** What to say above the failure of an act, and no more than is known; `nothing` says that nothing was done. */
export function titleOfAct(failure: Failure, nothing: string): string {
  if (mayBeDone(failure)) return "Pas de réponse\u00a0: c’est peut-être fait";
  return failure instanceof Refusal ? failure.title : nothing;
}

/** Whatever was thrown, as a failure with words. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Refusal || thrown instanceof Offline || thrown instanceof SessionOver) return thrown;
  console.error(thrown);
  return new Refusal(0, { title: "Cette page a rencontré une erreur", detail: "Rechargez la page ; si cela recommence, demandez de l’aide." });
}
