import { useEffect, useRef, useState } from "preact/hooks";

const KEPT = "skolengo-sms:review-keys";

/** Single letters that act, unless somebody writes, a dialog asks, or they are switched off (WCAG 2.1.4). */
export function useKeys(keys: Readonly<Record<string, () => unknown>>): { on: boolean; set: (on: boolean) => void } {
  const [on, setOn] = useState(() => localStorage.getItem(KEPT) !== "off");
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      const target = event.target as Element;
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
      const act = latest.current[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [on]);
  const set = (wanted: boolean) => {
    localStorage.setItem(KEPT, wanted ? "on" : "off");
    setOn(wanted);
  };
  return { on, set };
}
