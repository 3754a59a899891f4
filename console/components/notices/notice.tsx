import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

const SIGNS = { good: "✓", attention: "!", bad: "×", info: "i" } as const;

/** A sentence that matters, with a sign and a colour of its kind. `focus` brings keyboard and reader to it when it appears. */
export function Notice({ kind = "info", title, focus, children }: {
  kind?: keyof typeof SIGNS;
  title?: string;
  focus?: boolean;
  children?: ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focus) box.current?.focus();
  }, [focus]);
  return (
    <div class={`notice ${kind}`} role={kind === "bad" ? "alert" : "status"} tabIndex={-1} ref={box}>
      <span class="sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <div>
        {title && <p class="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}
