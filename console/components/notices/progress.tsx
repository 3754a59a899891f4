import { number } from "../../texts/numbers.ts";

/** How far something is, as a bar with its figures: `208 sur 216`. Screen readers hear it politely, and not each step. */
export function Progress({ label, done, of }: { label: string; done: number; of: number }) {
  return (
    <div class="progress">
      <span class="progress-label">{label}</span>
      <progress value={done} max={Math.max(of, 1)} aria-label={label} />
      <span class="figure">
        {number(done)} sur {number(of)}
      </span>
    </div>
  );
}

/** Where one is among steps that have an address each; those behind can be gone back to. */
export function Steps({ steps, current }: { steps: readonly { readonly title: string; readonly href?: string }[]; current: number }) {
  return (
    <nav class="steps" aria-label="Étapes">
      <ol>
        {steps.map((step, index) => (
          <li key={step.title} class={index < current ? "done" : index === current ? "here" : "ahead"}>
            <span class="disc" aria-hidden="true">
              {index + 1}
            </span>
            {index < current && step.href ? (
              <a href={step.href}>{step.title}</a>
            ) : (
              <span aria-current={index === current ? "step" : undefined}>{step.title}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Pages beside each other under one title, each with an address of its own. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly { readonly title: string; readonly href: string }[] }) {
  const here = location.pathname;
  return (
    <nav class="tabs" aria-label={label}>
      <ul>
        {tabs.map((tab) => (
          <li key={tab.href}>
            <a href={tab.href} aria-current={tab.href.split("?")[0] === here ? "page" : undefined}>
              {tab.title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
