// Tells the garbage collector of tensors that only it will release. It sees their handles, of a few hundred bytes, but not their values in a
// backend's memory: without this it may not run before that memory is full.

const MIB = 2 ** 20;

/** Below so many bytes it is left alone. */
const START = 256 * MIB;
/** It is told again when so many bytes were added. */
const STEP = 64 * MIB;
/** What it is told: an array of this size, which it counts though nobody writes it, so that the system gives it no memory. */
const BALLAST = 128 * MIB;

/** Held until handles are collected: dropped at once, it would be gone before it counts. */
const ballast: ArrayBuffer[] = [];
let next = START;

/** Called when unscoped tensors were added; `bytes` is the size of all. */
export function unscopedGrew(bytes: number): void {
  if (bytes <= next) return;
  next = bytes + STEP;
  try {
    ballast[0] = new ArrayBuffer(BALLAST);
  } catch {
    // The collector has run in vain, and knows that memory is short.
  }
}

/** Called when the collector has released one; `bytes` is the size of those left. */
export function unscopedCollected(bytes: number): void {
  next = Math.max(START, bytes + STEP);
  ballast.length = 0;
}
