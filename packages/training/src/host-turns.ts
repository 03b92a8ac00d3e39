// A loop of promises that are ready at once never lets the host in: no timer fires, no signal arrives, no frame is drawn.

/** Long enough to cost nothing, short enough for 60 frames a second. */
const MILLISECONDS = 16;

/** A function to await in a loop. When the last turn was 16 ms ago, it gives the host one; otherwise it returns at once. */
export function hostTurns(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < MILLISECONDS) return undefined;
    return turn().then(() => {
      last = performance.now();
    });
  };
}

/** In Node; browsers have none. */
declare const setImmediate: ((callback: () => void) => void) | undefined;

/** One turn of the event loop. In browsers a message, because timers wait for at least 4 ms there. */
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
