// The time of a small op from the user's call to the handle it returns: the framework's overhead, not the arithmetic.
// Limits on the reference backend, scopes included: 300 ns without gradient, 1 µs recorded, 1.5 µs with the backward pass.

import type { Tensor } from '@sinapse/core';
import { scope, softmax, tensor, use, valueAndGrad } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';

const OPS_PER_SCOPE = 100;
// Many short rounds, because on a busy machine a long one is always disturbed.
const ROUNDS = 400;
const SCOPES_PER_ROUND = 10;

use(reference());
const a = tensor([1, 2, 3, 4, 5, 6, 7, 8]);
const b = tensor([8, 7, 6, 5, 4, 3, 2, 1]);

/** A hundred calls in a scope, as a training step makes them. */
function withoutGradient(): void {
  scope(() => {
    for (let i = 0; i < OPS_PER_SCOPE; i++) a.add(b);
  });
}

/** Records a chain of a hundred calls, and goes backward through all of them. */
function withGradient(): void {
  scope(() => {
    valueAndGrad(
      (x) => {
        let y = x;
        for (let i = 0; i < OPS_PER_SCOPE; i++) y = y.add(b);
        return y.sum();
      },
      [a],
    );
  });
}

/** The forward pass of the same chain, recorded. */
function recordedForward(): void {
  scope(() => {
    valueAndGrad(
      (x) => {
        let y: Tensor = x;
        for (let i = 0; i < OPS_PER_SCOPE; i++) y = x.add(b);
        return y.sum();
      },
      [a],
    );
  });
}

/** Calls many kinds of ops, so that the engine compiles their shared code for all of them, as in a real program. */
function mixture(): void {
  scope(() => {
    valueAndGrad(
      (x) => {
        const y = x.reshape([2, 4]);
        const z = y.matmul(y, { transposeB: true }).tanh().mul(0.5).add(y.sum()).exp().sub(1);
        return softmax(z).log().neg().relu().mean();
      },
      [a],
    );
  });
}

function repeat(times: number, run: () => void): void {
  for (let i = 0; i < times; i++) run();
}

/** Nanoseconds per op: median, least and most of all rounds. */
function measure(run: () => void): { median: number; least: number; most: number } {
  const times: number[] = [];
  for (let round = -100; round < ROUNDS; round++) {
    const begin = performance.now();
    repeat(SCOPES_PER_ROUND, run);
    const nanoseconds = ((performance.now() - begin) * 1e6) / (SCOPES_PER_ROUND * OPS_PER_SCOPE);
    if (round >= 0) times.push(nanoseconds); // the first rounds warm the compiler
  }
  times.sort((x, y) => x - y);
  return { median: times[times.length >> 1]!, least: times[0]!, most: times.at(-1)! };
}

const cases: { name: string; run: () => void; limit: number; before?: () => void }[] = [
  { name: 'a.add(b), two [8] tensors', run: withoutGradient, limit: 300 },
  { name: 'the same, recorded for a gradient', run: recordedForward, limit: 1000 },
  { name: 'the same, recorded and back', run: withGradient, limit: 1500 },
  { name: 'a.add(b), after ops of many kinds', run: withoutGradient, limit: 500, before: () => repeat(5000, mixture) },
  { name: 'the same, recorded and back', run: withGradient, limit: 1500 },
];
console.log('| case | median ns | least | most | limit |\n|---|---|---|---|---|');
for (const { name, run, limit, before } of cases) {
  before?.();
  const { median, least, most } = measure(run);
  console.log(`| ${name} | ${median.toFixed(0)} | ${least.toFixed(0)} | ${most.toFixed(0)} | ${limit} |`);
  // The limit applies to the least time, because a busy machine only adds time.
  if (least > limit) process.exitCode = 1;
}
