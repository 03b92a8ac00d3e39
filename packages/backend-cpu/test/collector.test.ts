// The garbage collector releases tensors made outside scopes, even where it sees little of their memory, if the loop gives it its turns.

import { memory, ones, use } from '@sinapse/core';
import { describe, expect, it } from 'vitest';
import { cpu } from '../src/index.ts';

const MIB = 2 ** 20;

describe.each(['native', 'wasm'] as const)('%s', (engine) => {
  it.each([16, 1])('a loop that makes 3 GiB of tensors of %i MiB never holds 1.5 GiB', async (size) => {
    const backend = await cpu({ engine, threads: 2 }).catch(() => undefined);
    if (backend === undefined) return; // the engine is missing; other tests report it
    use(backend);
    const x = ones([(size * MIB) / 4]);
    let peak = 0;
    for (let made = 0; made < 3072; made += size) {
      x.add(1);
      peak = Math.max(peak, memory().unscopedBytes);
      if (made % (4 * size) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(peak).toBeLessThan(1536 * MIB);
    x.dispose();
    await backend.close();
  });
});
