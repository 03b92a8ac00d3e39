// On a backend of its own: what other tests leave to the garbage collector would be counted on theirs.

import { memory, use } from '@sinapse/core';
import { expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { clusters, ConvNet, crossEntropy, Momentum } from '../test/tiny.ts';
import type { Callback } from './index.ts';
import { fit } from './index.ts';

const backend = use(poisoned());

test('a thousand steps hold no more memory than two hundred', async () => {
  const data = clusters({ examples: 800, batchSize: 8, shape: [8, 8, 1], classes: 4 });
  const seen = new Map<number, ReturnType<typeof backend.memory>>();
  const watch: Callback = { onStep: ({ globalStep }) => void (globalStep % 100 === 0 && seen.set(globalStep, memory(backend).backend)) };
  const { globalStep } = await fit(new ConvNet(4), data, {
    optimizer: new Momentum(),
    loss: crossEntropy,
    epochs: 10,
    callbacks: [watch],
  }).then(({ checkpoint }) => checkpoint());
  expect(globalStep).toBe(1000);
  for (let step = 300; step <= 1000; step += 100) expect(seen.get(step)).toEqual(seen.get(200));
});
