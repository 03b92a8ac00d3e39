// Passes a page's result to the test that opened it.

declare global {
  var outcome: Promise<unknown> | undefined;
}

/** Runs the page's work, for which the test waits. JSON must be able to hold the result. */
export function publish(run: () => Promise<unknown>): void {
  globalThis.outcome = run();
}
