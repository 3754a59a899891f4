import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

/** A page: its title, a sentence that says what it is for, and what is on it. The title is that of the window too. */
export function Page({ title, intro, children }: { title: string; intro?: ComponentChildren; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} – SMS Skolengo`;
  }, [title]);
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      {intro && <p class="intro">{intro}</p>}
      {children}
    </>
  );
}

/** A part of a page under a heading of its own. */
export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Facts with their names, as a list. */
export function Facts({ of }: { of: readonly (readonly [name: string, value: ComponentChildren] | false | null | undefined)[] }) {
  return (
    <dl class="facts">
      {of.filter((each) => !!each).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
