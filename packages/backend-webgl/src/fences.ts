// Waits for the device without stopping the page.

import type { Loss } from './loss.ts';

/** Milliseconds between looks at the device. Browsers wait longer between a hidden page's timers: it looks at every turn of its event loop. */
const INTERVAL = 1;

/**
 * Resolves when everything issued before has run.
 * @throws BackendLostError when the context is lost first
 */
export async function fence(gl: WebGL2RenderingContext, loss: Loss): Promise<void> {
  loss.check();
  const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  await until(loss, () => {
    if (sync === null) return false; // the context is being lost
    const state = gl.clientWaitSync(sync, 0, 0);
    return state === gl.ALREADY_SIGNALED || state === gl.CONDITION_SATISFIED;
  });
  gl.deleteSync(sync);
}

/**
 * Resolves when `done()` is true, which is asked again and again.
 * @throws BackendLostError when the context is lost first
 */
export async function until(loss: Loss, done: () => boolean): Promise<void> {
  for (;;) {
    loss.check();
    if (done()) return loss.check(); // a lost context calls everything done
    await turn();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    if ((globalThis as { readonly document?: { readonly hidden: boolean } }).document?.hidden !== true)
      return void setTimeout(resolve, INTERVAL);
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => (port1.close(), resolve()), { once: true });
    port1.start();
    port2.postMessage(undefined);
  });
}
