// Gives the host its turns. While a loop awaits promises that are already resolved, no timer fires, no signal arrives and no frame is
// drawn.

/** The time between two turns: long enough to cost almost nothing, short enough for 60 frames a second. */
const MILLISECONDS = 16;

/** Returns a function to await in a loop. It gives the host a turn if the last one was 16 ms or more ago. */
export function hostTurns(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < MILLISECONDS) return undefined;
    return turn().then(() => {
      last = performance.now();
    });
  };
}

/** Node has it, browsers do not. */
declare const setImmediate: ((callback: () => void) => void) | undefined;

/** Waits for one turn of the event loop. In browsers it posts a message, because timers there wait for at least 4 ms. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') return setImmediate(resolve);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
