// What a page hands to the test that opened it.

declare global {
  var outcome: Promise<unknown> | undefined;
}

/** Runs what the page is for; the test waits for it. The result must be what JSON can carry. */
export function publish(run: () => Promise<unknown>): void {
  globalThis.outcome = run();
}
