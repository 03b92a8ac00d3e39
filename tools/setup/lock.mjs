import { mkdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';

const beat = 1000;
const stale = 5 * beat;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Waits until no other process holds the folder `path`, takes it and returns its release. The holder touches the folder every
 * second, so a killed holder is noticed within five seconds, even in a container where process numbers repeat.
 */
export async function lock(path, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      mkdirSync(path);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (touched !== undefined && Date.now() - touched > stale) rmSync(path, { recursive: true, force: true });
    else {
      if (!waited) onWait();
      await sleep(beat / 4);
    }
  }
  const timer = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // Somebody removed the whole node_modules folder; the release below can handle that.
    }
  }, beat);
  timer.unref();
  return () => {
    clearInterval(timer);
    rmSync(path, { recursive: true, force: true });
  };
}
