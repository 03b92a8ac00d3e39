// Any architecture, optimizer, schedule and callbacks: a training that is killed and resumed ends with the same bits, and a saved model gives the same outputs.

import { cpu } from '@sinapse/backend-cpu';
import { double } from '@sinapse/backend-testkit';
import type { Backend, Tensor } from '@sinapse/core';
import { use, walk, withBackend } from '@sinapse/core';
import { allLayers } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOfCheckpoint, untimed } from '../test/bits.ts';
import type { Plan } from '../test/random-training.ts';
import { CLASSES, INPUTS, modelOf, plans, settingsOf } from '../test/random-training.ts';
import { clusters } from '../test/tiny.ts';
import type { BatchSource, Callback, Checkpoint, HostArray } from './index.ts';
import { checkpointing, decodeCheckpoint, DivergedError, encodeCheckpoint, encodeModel, fit, openModel, predict } from './index.ts';

const RUNS = process.env['SINAPSE_TEST_TIER'] === 'full' ? 3000 : 6;

function dataOf({ batchSize, weighted }: Plan): BatchSource {
  const source = clusters({ examples: 12, batchSize, shape: [INPUTS], classes: CLASSES });
  if (!weighted) return source;
  return {
    length: source.length,
    async *iterate(options) {
      for await (const { x, y } of source.iterate(options)) {
        const weight = { data: Float32Array.from(y.data as ArrayLike<number>, (label) => 1 + label / 2), shape: y.shape };
        yield { x, y, weight };
      }
    },
  };
}

interface Outcome {
  readonly history: object[];
  readonly checkpoint: object;
  readonly bits: object;
}

/** Trains by a plan. It is killed at the steps of `kills`, one after another, and resumed from the last checkpoint with everything made anew. */
async function trained(plan: Plan, kills: readonly number[], backend: () => Backend): Promise<Outcome | string> {
  let saved: Uint8Array | undefined;
  for (let part = 0; ; part++) {
    const device = backend();
    const run = async (): Promise<Outcome> => {
      const model = modelOf(plan);
      const { optimizer, callbacks } = settingsOf(plan);
      const kill: Callback = {
        onStep({ globalStep }) {
          if (globalStep === kills[part]) throw new Error('killed');
        },
      };
      const save = checkpointing({ everySteps: plan.everySteps, save: (checkpoint) => void (saved = encodeCheckpoint(checkpoint)) });
      const resume = saved && { resume: decodeCheckpoint(saved) };
      const result = await fit(model, dataOf(plan), { optimizer, loss: softmaxCrossEntropy, epochs: 3, seed: plan.seed, callbacks: [...callbacks, save, kill], ...resume }); // prettier-ignore
      const checkpoint: Checkpoint = await result.checkpoint();
      const values = walk(model).map(
        async ({ path, cell }) => [path, [...new Uint8Array((await cell.tensor.data()).slice().buffer)]] as const,
      );
      return {
        history: untimed(result.history),
        checkpoint: bitsOfCheckpoint({ ...checkpoint, engine: '' }),
        bits: Object.fromEntries(await Promise.all(values)),
      };
    };
    const { promise } = withBackend(device, () => ({ promise: run() }));
    const outcome = await promise.catch((error: unknown) => error as Error);
    if (!(outcome instanceof Error)) return outcome;
    if (outcome.message === 'killed') continue;
    if (!(outcome instanceof DivergedError)) throw outcome;
    return outcome.message; // diverged: then it does so in the same step each time
  }
}

const native = await cpu({ threads: 1 });

test(`${RUNS} trainings at random are resumed to the same bits`, async () => {
  const ends = { finished: 0, failed: 0 };
  const property = fc.asyncProperty(plans, async (plan) => {
    const backend = () => (plan.late ? double() : native);
    const whole = await trained(plan, [], backend);
    expect(await trained(plan, plan.kills, backend)).toEqual(whole);
    ends[typeof whole === 'string' ? 'failed' : 'finished']++;
  });
  await fc.assert(property, { numRuns: RUNS, seed: 25, endOnFailure: RUNS < 100 });
  expect(ends.finished).toBeGreaterThan(0.8 * RUNS);
});

test(`${RUNS} models at random give the same outputs when saved and opened`, async () => {
  const property = fc.asyncProperty(plans, async (plan) => {
    use(native);
    const model = modelOf(plan);
    const { optimizer } = settingsOf(plan);
    await fit(model, dataOf(plan), { optimizer, loss: softmaxCrossEntropy, epochs: 1, seed: plan.seed }).catch(expectDiverged);
    const { model: opened } = openModel<Tensor, Tensor>(await encodeModel(model), allLayers);
    const x: HostArray = { data: Float32Array.from({ length: 4 * INPUTS }, (_, i) => Math.sin(i)), shape: [4, INPUTS] };
    expect(await predict(opened, x)).toEqual(await predict(model, x));
  });
  await fc.assert(property, { numRuns: RUNS, seed: 26 });
});

function expectDiverged(error: unknown): void {
  if (!(error instanceof DivergedError)) throw error;
}
