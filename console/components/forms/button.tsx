import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

export interface ButtonProps {
  readonly children: ComponentChildren;
  /** One a page: what the person came for. */
  readonly primary?: boolean;
  /** For what cannot be undone. */
  readonly danger?: boolean;
  /** While the promise that this returns is under way, the button says so and does nothing more. */
  readonly onClick?: () => unknown;
  readonly type?: "button" | "submit";
  readonly disabled?: boolean;
  /** Said while it works, such as « Envoi… ». */
  readonly busyText?: string;
  /** Whether a form that it belongs to is at work. */
  readonly busy?: boolean;
}

/** A button with words. It cannot be pressed twice while it works, and keeps its focus. */
export function Button({ children, primary, danger, onClick, type = "button", disabled, busy, busyText }: ButtonProps) {
  const [own, setOwn] = useState(false);
  const working = own || Boolean(busy);
  const press = async () => {
    const result = working ? undefined : onClick?.();
    if (!(result instanceof Promise)) return;
    setOwn(true);
    try {
      await result;
    } finally {
      setOwn(false);
    }
  };
  const kind = danger ? "danger" : primary ? "primary" : "plain";
  return (
    <button
      type={type}
      class={`button ${kind}`}
      disabled={disabled}
      aria-disabled={working || undefined}
      onClick={(event) => {
        if (working) event.preventDefault();
        else if (onClick) void press();
      }}
    >
      {working && busyText ? busyText : children}
    </button>
  );
}
