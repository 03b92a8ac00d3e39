// The host runs ahead of a device that answers late: no step waits, and the results are the same.

import { double, VirtualClock } from '@sinapse/backend-testkit';
import { withBackend } from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { batch, batches, clusters, crossEntropy, Linear, Momentum } from '../test/tiny.ts';
import { bits, finish, images, network, settings, STEPS, train, whole } from '../test/late.ts';
import { untimed } from '../test/bits.ts';
import type { BatchSource, Callback, Checkpoint, FitOptions, Session, StepInfo } from './index.ts';
import { checkpointing, evaluate, fit, TrainingError } from './index.ts';

describe('where reading waits', () => {
  test('a training tells the same and ends with the same bits as where it does not', async () => {
    const options = (): Partial<FitOptions> => ({ ...settings(), validation: images(0, 9) });
    const [here, there] = [await train(poisoned(), images(), options()), await train(double(), images(), options())];
    expect(there.steps).toEqual(here.steps);
    expect(there.steps).toHaveLength(2 * STEPS);
    expect(untimed(there.result!.history)).toEqual(untimed(here.result!.history));
    expect(bits(there.checkpoint)).toEqual(bits(here.checkpoint));
  });

  test('callbacks hear of each step in order, when two more are issued', async () => {
    const ahead: number[] = [];
    const watch: Callback = { onStep: ({ globalStep }, session) => void ahead.push(session.globalStep - globalStep) };
    await train(double(), images(), { callbacks: [watch] });
    expect(ahead).toEqual([2, 2, 2, 2, 1, 0, 2, 2, 2, 2, 1, 0]);
  });

  test.each([1, 2, 4, STEPS, STEPS + 3])(
    'a loss that is not finite in step %d ends it with everything as it was before',
    async (broken) => {
      const [here, there] = [await train(poisoned(), images(broken)), await train(double(), images(broken))];
      expect(there.error).toBeInstanceOf(TrainingError);
      expect((there.error as Error).message).toBe((here.error as Error).message);
      expect((there.error as Error).message).toMatch(
        `epoch ${Math.ceil(broken / STEPS)}, step ${((broken - 1) % STEPS) + 1}: the loss is NaN`,
      );
      expect((there.error as Error).message).toMatch('The data is at fault: x of example 0 holds NaN');
      expect(there.steps).toEqual(here.steps);
      expect(there.steps).toHaveLength(broken - 1);
      expect(bits(there.checkpoint)).toEqual(bits(here.checkpoint));
      expect(await finish(there.checkpoint!)).toEqual(await whole());
    },
  );

  test('checkpoints are of the same steps with the same bits', async () => {
    const saves = async (backend: ReturnType<typeof poisoned>) => {
      const saved: Checkpoint[] = [];
      await train(backend, images(), { callbacks: [checkpointing({ everySteps: 4, save: (checkpoint) => void saved.push(checkpoint) })] });
      return saved;
    };
    const [here, there] = [await saves(poisoned()), await saves(double())];
    expect(there.map(({ globalStep }) => globalStep)).toEqual([0, 4, 6, 8, 12, 12]);
    expect(there.map(bits)).toEqual(here.map(bits));
  });

  test('a checkpoint of a callback that did not ask to wait is of the last step issued', async () => {
    const saved: Promise<Checkpoint>[] = [];
    const hasty: Callback = { onStep: (_, session) => void saved.push(session.checkpoint()) };
    await train(double(), images(), { callbacks: [hasty] });
    const checkpoints = await Promise.all(saved);
    expect(checkpoints.map(({ globalStep }) => globalStep)).toEqual([3, 4, 5, 6, 6, 6, 9, 10, 11, 12, 12, 12]);
    const expected = await whole();
    for (const checkpoint of checkpoints) {
      expect(checkpoint.optimizer.step).toBe(checkpoint.globalStep);
      expect(await finish(checkpoint)).toEqual(expected);
    }
  });

  test('a checkpoint holds nothing of a step in flight that the device skips, nor of those after it', async () => {
    let saved: Checkpoint | undefined;
    const save: Callback = {
      async onStep({ globalStep }, session) {
        if (globalStep === 1) saved = await session.checkpoint();
      },
    };
    const { error } = await train(double(), images(2), { callbacks: [save] });
    expect((error as Error).message).toMatch('epoch 1, step 2: the loss is NaN');
    expect(saved).toMatchObject({ step: 1, globalStep: 1, optimizer: { step: 1 }, running: { examples: 4 } });
    expect(await finish(saved!)).toEqual(await whole());
  });
});

describe('what ends a training while steps are in flight', () => {
  const stopAt = (step: number, how: (session: Session) => void): Callback => ({
    onStep: ({ globalStep }, session) => void (globalStep === step && how(session)),
  });

  test.each(['stop', 'an abort'])('%s: all steps issued are told of, and it can be resumed', async (what) => {
    const controller = new AbortController();
    const how = what === 'stop' ? (session: Session) => session.stop('enough') : () => controller.abort();
    const { steps, result } = await train(double(), images(), { signal: controller.signal, callbacks: [stopAt(2, how)] });
    expect(result!.stopped).toBe(what === 'stop' ? 'enough' : 'aborted');
    expect(steps.map((info) => (info as StepInfo).globalStep)).toEqual([1, 2, 3, 4]);
    const checkpoint = await result!.checkpoint();
    expect(checkpoint.globalStep).toBe(4);
    expect(await finish(checkpoint)).toEqual(await whole());
  });

  test('stop: a later step that failed is as if it had not been', async () => {
    const { result, checkpoint } = await train(double(), images(4), { callbacks: [stopAt(2, (session) => session.stop('enough'))] });
    expect(result!.stopped).toBe('enough');
    expect(checkpoint).toMatchObject({ globalStep: 3, optimizer: { step: 3 } });
    expect(await finish(checkpoint!)).toEqual(await whole());
  });

  test('an error of a callback: later steps are not told of, but counted', async () => {
    const failing = stopAt(2, () => {
      throw new Error('odd');
    });
    const { steps, error, checkpoint } = await train(double(), images(4), { callbacks: [failing] });
    expect(error).toEqual(new Error('odd'));
    expect(steps).toHaveLength(2);
    expect(checkpoint).toMatchObject({ globalStep: 3, optimizer: { step: 3 }, running: { examples: 12 } });
    expect(await finish(checkpoint!)).toEqual(await whole());
  });

  test.each<[string, BatchSource, string]>([
    ['a label that is no class', batches(...good(3), batch([[1, 2]], [2])), 'epoch 1, step 4: label 2 of example 0'],
    ['data that ends early', { length: 4, iterate: (options) => batches(...good(3)).iterate(options) }, 'ended after 3 of 4 batches'],
    ['data that goes on', { length: 3, iterate: (options) => batches(...good(4)).iterate(options) }, 'goes on after the 3 batches'],
    ['a NaN before a label that is no class', batches(...good(1), batch([[NaN, 2]], [1]), batch([[1, 2]], [2])), 'step 2: the loss is NaN'],
  ])('%s: the steps before it come first', async (_, data, message) => {
    const run = async (backend: ReturnType<typeof poisoned>) => {
      const told: number[] = [];
      const watch: Callback = { onStep: ({ loss }) => void told.push(loss) };
      const { promise } = withBackend(backend, () => ({
        promise: fit(new Linear(2, 2), data, { optimizer: new Momentum(), loss: crossEntropy, epochs: 1, seed: 5, callbacks: [watch] }),
      }));
      return { told, error: await promise.catch((error: unknown) => error) };
    };
    const [here, there] = [await run(poisoned()), await run(double())];
    expect((there.error as Error).message).toMatch(message);
    expect(there).toEqual(here);
  });

  test('none of it leaks', async () => {
    const backend = double();
    const odd = stopAt(2, () => {
      throw new Error('odd');
    });
    const optimizer = new Momentum();
    const model = withBackend(backend, () => new Linear(5, 3));
    const run = (changes: Partial<FitOptions>, data: BatchSource = clusters()) =>
      withBackend(backend, () => ({
        promise: fit(model, data, { optimizer, loss: crossEntropy, epochs: 1, seed: 5, ...changes }).catch(() => undefined),
      })).promise;
    const breaking = { iterate: () => brokenAfter(4) };
    const all = async () => {
      await run({});
      await run({ callbacks: [odd] });
      await run({ callbacks: [stopAt(2, (session) => session.stop('enough'))] });
      await run({}, breaking);
      await run({ loss: (output, target) => crossEntropy(output, target).mul(NaN) });
    };
    await all();
    const { liveStorages, liveBytes } = backend.memory();
    await all();
    expect(backend.memory()).toMatchObject({ liveStorages, liveBytes });
  });
});

describe('on the clock of a device that answers 5 ms late', () => {
  /** Milliseconds that `what` took beyond its kernels' time. Each kernel takes `each` ms, a power of two, so that sums are exact. */
  async function waited(each: number, what: (backend: ReturnType<typeof double>) => Promise<unknown>): Promise<number> {
    const clock = new VirtualClock();
    let kernels = 0;
    const kernelTime = () => {
      kernels += each;
      return each;
    };
    await what(double({ clock, readLatency: 5, kernelTime }));
    return clock.now - kernels;
  }
  const data = (steps: number) => clusters({ examples: 4 * steps, batchSize: 4, shape: [8, 8, 1], classes: 3 });

  test('a step costs what its kernels cost', async () => {
    const training = (each: number, steps: number, callbacks: Callback[] = []) =>
      waited(each, async (backend) => {
        const told = await train(backend, data(steps), { epochs: 1, callbacks });
        expect(told.steps).toHaveLength(steps);
      });
    // Steps of several milliseconds: two in flight hide the 5 ms of latency of each that is longer than 2.3 ms. The remaining wait is at
    // the end of the epoch: for its last losses and the check of its weights.
    const short = await training(1 / 16, 6);
    expect(short).toBeLessThan(15);
    expect(await training(1 / 16, 24)).toBe(short);
    // The test sees a wait where there is one: steps too short to hide anything, each waited for.
    expect(await training(1 / 1024, 6, [{ pausesAfter: () => true }])).toBeGreaterThan(6 * 4);
  });

  test('so does a batch of an evaluation, and one read is waited for in the end', async () => {
    // 3 ms for a batch
    const evaluation = (batchCount: number) =>
      waited(
        1 / 4,
        (backend) => withBackend(backend, () => ({ promise: evaluate(network(), data(batchCount), { loss: settings().loss }) })).promise,
      );
    const short = await evaluation(6);
    expect(await evaluation(24)).toBe(short);
    expect(short).toBeLessThanOrEqual(5);
  });
});

function good(count: number) {
  return Array.from({ length: count }, (_, i) => batch([[1, i], [i, 2]], [0, 1])); // prettier-ignore
}

async function* brokenAfter(count: number) {
  yield* good(count).map(({ y }) => batch([[1, 2, 3, 4, 5], [2, 3, 4, 5, 6]], [...y.data])); // prettier-ignore
  throw new Error('the data is broken');
}
