// Sends what a machine has to say to the page: at most once a frame, and never before the page has taken the last message.

import { transfer } from 'comlink';

/** Two frames of a screen at 60 Hz: curves and pictures change smoothly, and the page has time for its user. */
const MILLISECONDS = 32;

/**
 * Returns a function to call after each change. It makes a message and sends it as soon as the page is ready for it.
 * @param send resolves when the page has taken the message
 */
export function frames<T>(make: () => T, send: (message: T) => Promise<void>): () => void {
  let changed = false;
  let busy = false;
  const run = async (): Promise<void> => {
    busy = true;
    while (changed) {
      changed = false;
      const next = new Promise((resolve) => setTimeout(resolve, MILLISECONDS));
      await send(transferred(make()));
      await next;
    }
    busy = false;
  };
  return () => {
    changed = true;
    if (!busy) void run();
  };
}

/** Marks the arrays in a message to be handed over to the page, and not copied. */
export function transferred<T>(message: T): T {
  const buffers = new Set<ArrayBuffer>();
  const find = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer) buffers.add(value.buffer);
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(find);
  };
  find(message);
  return transfer(message, [...buffers]);
}
