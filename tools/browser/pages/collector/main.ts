// Makes tensors outside scopes in a loop that gives the page its turns, and publishes the most bytes of them that were held.

import { cpu } from '@sinapse/backend-cpu';
import { memory, ones, use } from '@sinapse/core';
import { publish } from '../../src/outcome.ts';

publish(async () => {
  const backend = await cpu({ engine: 'wasm', threads: 2 });
  use(backend);
  const x = ones([2 ** 18]);
  let peak = 0;
  for (let made = 0; made < 3072; made++) {
    x.add(1);
    peak = Math.max(peak, memory().unscopedBytes);
    if (made % 8 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  return { engine: backend.info.engine, threads: backend.info.threads, peak };
});
