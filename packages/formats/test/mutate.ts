// Broken copies of a file, the same for the same seed.

/** A generator of numbers in [0, 1): Mulberry32, public domain, Tommy Ettinger 2017. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The bytes after one to three changes: bits flipped, bytes set, removed, doubled or copied from elsewhere, the end cut off. */
export function mutate(original: Uint8Array, seed: number): Uint8Array {
  const next = random(seed);
  const pick = (n: number): number => Math.floor(next() * n);
  let bytes = [...original];
  for (let change = 1 + pick(3); change > 0; change--) {
    const at = pick(bytes.length);
    switch (pick(7)) {
      case 0:
        bytes[at]! ^= 1 << pick(8);
        break;
      case 1:
        bytes[at] = [0, 1, 0x7f, 0x80, 0xff, pick(256)][pick(6)]!;
        break;
      case 2:
        bytes.splice(at, 1 + pick(8));
        break;
      case 3:
        bytes.splice(at, 0, ...bytes.slice(at, at + 1 + pick(40)));
        break;
      case 4:
        bytes.splice(at, 4, ...bytes.slice(pick(bytes.length)).slice(0, 4));
        break;
      case 5:
        bytes.fill(0xff, at, at + 1 + pick(4));
        break;
      case 6:
        if (next() < 0.3) bytes = bytes.slice(0, at);
        break;
    }
    if (bytes.length === 0) return new Uint8Array(0);
  }
  return Uint8Array.from(bytes);
}
