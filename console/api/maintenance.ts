import { signal } from "@preact/signals";

/** Whether the operator has stopped sending for a while, as far as the API has said. */
export const maintenance = signal(false);
