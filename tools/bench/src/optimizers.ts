// npm run bench:optimizers: one step of each element-wise optimizer over the parameters of ResNet-50, beside a copy of as many bytes as it reads and
// writes. A step that costs no more than its memory has a ratio near 1.

import { availableParallelism } from 'node:os';
import type { EngineKind } from '@sinapse/backend-cpu';
import { cpu } from '@sinapse/backend-cpu';
import type { Tensor } from '@sinapse/core';
import { Parameter, randomUniform, scope, use, zeros } from '@sinapse/core';
import { createOptimizer, optimizerNames } from '@sinapse/optimizers';
import { survey } from './networks/network.ts';
import { resnet50 } from './networks/networks.ts';

if (process.argv.length > 2) {
  console.error(`bench:optimizers takes no arguments, got ${process.argv.slice(2).join(' ')}`);
  process.exit(2);
}

const ENGINES: readonly EngineKind[] = ['native', 'wasm'];
const WARM = 3;
const ROUNDS = 9;
const MEGABYTE = 1e6;

/** These also compute norms or products of matrices. */
const NOT_ELEMENTWISE: readonly string[] = ['lamb', 'muon'];

const shapes = survey(resnet50).weights.flatMap(({ role, shape }) => (role === 'mean' || role === 'variance' ? [] : [shape]));

/** The least milliseconds of all rounds, which other work on the machine disturbs least. */
function milliseconds(work: () => void): number {
  const times = Array.from({ length: WARM + ROUNDS }, () => {
    const begin = performance.now();
    scope(work);
    return performance.now() - begin;
  });
  return Math.min(...times.slice(WARM));
}

function bytesOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, { size }) => sum + 4 * size, 0);
}

/** Milliseconds of a step, and the bytes it reads and writes: parameters, gradients and what the optimizer remembers. */
function measure(name: string, gradients: readonly Tensor[]): { readonly time: number; readonly bytes: number } {
  return scope(() => {
    const optimizer = createOptimizer(name);
    const parameters = scope(() => shapes.map((shape) => new Parameter(zeros(shape))));
    const time = milliseconds(() => optimizer.step(parameters, gradients));
    const kept = bytesOf(Object.values(scope(() => optimizer.state()).slots).flat());
    const weights = bytesOf(gradients);
    return { time, bytes: 3 * weights + 2 * kept };
  });
}

const threads = availableParallelism();
console.log(
  `a step over the ${shapes.length} parameters of resnet50, ${threads} threads; copy: one kernel that reads and writes as many bytes\n`,
);
console.log('| optimizer | engine | step | bytes | copy | step / copy |\n|---|---|--:|--:|--:|--:|');
for (const engine of ENGINES) {
  use(await cpu({ engine, threads }));
  scope(() => {
    const gradients = shapes.map((shape, seed) => randomUniform(shape, { seed, low: -1, high: 1 }));
    const copied = randomUniform([25_000_000], { seed: 1 });
    for (const name of optimizerNames.filter((one) => !NOT_ELEMENTWISE.includes(one))) {
      const perByte = milliseconds(() => void copied.neg()) / (2 * bytesOf([copied])); // beside each, since other work on the machine comes and goes
      const { time, bytes } = measure(name, gradients);
      const copy = bytes * perByte;
      console.log(`| ${name} | ${engine} | ${time.toFixed(1)} ms | ${(bytes / MEGABYTE).toFixed(0)} MB | ${copy.toFixed(1)} ms | ${(time / copy).toFixed(2)} |`); // prettier-ignore
    }
  });
}
