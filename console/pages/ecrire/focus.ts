/** Bring the focus to the first of `selectors` that is there once the page shows what changed. */
export function focusOn(...selectors: readonly string[]): void {
  requestAnimationFrame(() =>
    setTimeout(() => {
      for (const selector of selectors) {
        const found = document.querySelector<HTMLElement>(selector);
        if (found) return found.focus();
      }
    }),
  );
}
