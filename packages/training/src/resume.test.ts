// A training that is stopped and resumed gives the same bits as one that never stopped.

import { double } from '@sinapse/backend-testkit';
import type { Model } from '@sinapse/core';
import { randomKey, RandomStream, use } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { bitsOfCheckpoint, untimed } from '../test/bits.ts';
import { batch, batches, bitsOf, clusters, crossEntropy, Linear, Momentum, Stateful } from '../test/tiny.ts';
import type { BatchSource, Callback, Checkpoint, FitOptions, FitResult } from './index.ts';
import { checkpointing, decodeCheckpoint, earlyStopping, encodeCheckpoint, fit, TrainingError } from './index.ts';

beforeAll(() => void use(poisoned()));

const EPOCHS = 4;
const ROUNDS = process.env['SINAPSE_TEST_TIER'] === 'full' ? 40 : 4;
const STEPS = 6; // 5 batches of 4 and one of 2

/** Settings with everything that a resumption must restore: dropout, running statistics, momentum, a shuffle for each epoch, metrics. */
const settings = (): FitOptions => ({
  optimizer: new Momentum(),
  loss: crossEntropy,
  epochs: EPOCHS,
  seed: 5,
  validation: clusters({ seed: 9, examples: 10 }),
  metrics: { squares: (output) => output.square().mean() },
  fingerprint: { data: 'clusters', learningRate: 0.1 },
});
const data = () => clusters({ examples: 22, batchSize: 4 });
const fresh = () => new Stateful(5, 3);

interface Outcome {
  readonly bits: object;
  readonly history: object[];
  readonly checkpoint: object;
}

async function outcome(model: Model, result: FitResult): Promise<Outcome> {
  return { bits: bitsOf(model), history: untimed(result.history), checkpoint: bitsOfCheckpoint(await result.checkpoint()) };
}

/** Trains in one run, or stops at the given steps and resumes each time from the last checkpoint, as after a killed process. */
async function train(
  stops: readonly number[] = [],
  everySteps = 3,
  callbacks: () => Callback[] = () => [],
  front = false,
): Promise<Outcome> {
  let saved: Uint8Array | undefined;
  for (let part = 0; ; part++) {
    const model = fresh();
    const save = checkpointing({ everySteps, save: (checkpoint) => void (saved = encodeCheckpoint(checkpoint)) });
    const kill: Callback = {
      onStep({ globalStep }) {
        if (globalStep === stops[part]) throw new Error('killed');
      },
    };
    const all = front ? [save, kill, ...callbacks()] : [...callbacks(), save, kill];
    try {
      const result = await fit(model, data(), { ...settings(), callbacks: all, ...(saved && { resume: decodeCheckpoint(saved) }) });
      return await outcome(model, result);
    } catch (error) {
      if ((error as Error).message !== 'killed') throw error;
    }
  }
}

describe('resuming', () => {
  test.each([1, 2, 5, 6, 7, 100])('at random steps, with a checkpoint every %d steps', async (everySteps) => {
    const expected = await train([], everySteps);
    const random = new RandomStream(randomKey(11).fold(everySteps));
    for (let round = 0; round < ROUNDS; round++) {
      const stops = Array.from({ length: 1 + random.below(4) }, () => 1 + random.below(EPOCHS * STEPS)).sort((a, b) => a - b);
      expect(await train(stops, everySteps), `stops at ${stops.join(', ')}`).toEqual(expected);
    }
  });

  test('at every single step', async () => {
    const expected = await train([], 1);
    for (let step = 1; step <= EPOCHS * STEPS; step++) expect(await train([step], 1), `stop at ${step}`).toEqual(expected);
  });

  test.each([false, true])('with early stopping and the best weights, saved after it or before it: %s', async (front) => {
    const callbacks = () => [earlyStopping({ monitor: (result) => Math.abs(result.epoch - 2), patience: 1, restoreBest: true })];
    const expected = await train([], 1, callbacks, front);
    expect(expected.history).toHaveLength(3); // the second epoch was the best
    expect(expected.bits).not.toEqual((await train()).bits);
    for (const stops of [[7], [12], [13], [15], [18], [11, 12, 13, 17]]) {
      const { bits, history } = await train(stops, 1, callbacks, front);
      expect(bits).toEqual(expected.bits);
      expect(history).toEqual(expected.history);
    }
  });

  test('before the first step, and after the last', async () => {
    const stopped = await fit(fresh(), data(), { ...settings(), callbacks: [{ onStart: (session) => session.stop('no') }] });
    expect(stopped).toMatchObject({ stopped: 'no', history: [] });
    const expected = await train();
    const model = fresh();
    const result = await fit(model, data(), { ...settings(), resume: decodeCheckpoint(encodeCheckpoint(await stopped.checkpoint())) });
    expect(await outcome(model, result)).toEqual(expected);

    const again = fresh();
    const nothing = await fit(again, data(), {
      ...settings(),
      resume: await result.checkpoint(),
      callbacks: [{ onStep: () => expect.unreachable() }],
    });
    expect(nothing.stopped).toBe('finished');
    expect(await outcome(again, nothing)).toEqual(expected);
  });

  test('with more epochs than at first', async () => {
    const short = await fit(fresh(), data(), { ...settings(), epochs: 2 });
    const model = fresh();
    const result = await fit(model, data(), { ...settings(), resume: await short.checkpoint() });
    expect(await outcome(model, result)).toEqual(await train());
  });

  test('counts the time of before', async () => {
    const wait: Callback = { onStep: () => new Promise((resolve) => setTimeout(resolve, 20)) };
    const stop: Callback = { onStep: ({ step }, session) => void (step === 4 && session.stop('no')) };
    const first = await fit(fresh(), data(), { ...settings(), callbacks: [wait, stop] });
    const { history } = await fit(fresh(), data(), { ...settings(), epochs: 1, resume: await first.checkpoint() });
    expect(history[0]!.seconds).toBeGreaterThan(0.078);
  });

  test('on a backend that reads asynchronously, a checkpoint holds the moment of the call', async () => {
    use(double());
    const captured: Promise<Checkpoint>[] = [];
    const hasty: Callback = { onStep: (_, session) => void captured.push(session.checkpoint()) }; // not awaited
    await fit(fresh(), data(), { ...settings(), epochs: 1, callbacks: [hasty] });
    const { checkpoint } = await fit(fresh(), data(), {
      ...settings(),
      callbacks: [{ onStep: ({ step }, session) => void (step === 3 && session.stop('3')) }],
    });
    expect(bitsOfCheckpoint(await captured[2]!)).toEqual(bitsOfCheckpoint(await checkpoint()));
    use(poisoned());
  });
});

describe('what belongs to another training', () => {
  const half = async (changes: Partial<FitOptions> = {}, source: BatchSource = data()) => {
    const stop: Callback = { onStep: ({ globalStep }, session) => void (globalStep === 8 && session.stop('half')) };
    return (await fit(fresh(), source, { ...settings(), ...changes, callbacks: [stop] })).checkpoint();
  };
  const refused = async (
    message: string,
    resume: Checkpoint,
    changes: Partial<FitOptions> = {},
    source: BatchSource = data(),
    model: Model = fresh(),
  ) => {
    const bits = bitsOf(model);
    const running = fit(model, source, { ...settings(), ...changes, resume });
    await expect(running).rejects.toThrow(TrainingError);
    await expect(running).rejects.toThrow(new TrainingError(message));
    expect(bitsOf(model)).toEqual(bits);
  };
  const rest = '; go on with the same settings, or start anew';

  test('another seed', async () => refused(`resume: the seed was 5, it is 6 now${rest}`, await half(), { seed: 6 }));

  test('another number of batches', async () => {
    await refused(`resume: the number of batches in an epoch was 6, it is 3 now${rest}`, await half(), {}, clusters({ batchSize: 8 }));
    await refused(
      `resume: the number of batches in an epoch was 6, it is unknown now${rest}`,
      await half(),
      {},
      { iterate: (options) => data().iterate(options) },
    );
  });

  test('batches of another size, though as many', async () => {
    const at = (batchSize: number) => clusters({ batchSize, examples: 36 });
    for (const [before, now] of [
      [7, 6],
      [6, 7],
    ] as const) {
      // prettier-ignore
      const model = fresh();
      const resume = await half({}, at(before));
      await expect(fit(model, at(now), { ...settings(), resume })).rejects.toThrow(
        new TrainingError(`resume: the batch size was ${before}, it is ${now} now${rest}`),
      );
      // The first batch shows the mismatch: the checkpoint is loaded by then, but no step is made.
      expect(bitsOf(model)['inner/bias']).toEqual([...new Uint32Array((resume.weights.get('inner/bias')!.data as Float32Array).buffer)]);
    }
  });

  test('but batches of mixed sizes can be resumed', async () => {
    const [two, one] = [batch([[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]], [0, 1]), batch([[0, 0, 1, 0, 0]], [2])]; // prettier-ignore
    const mixed = () => batches(two, one, two, one, one, two);
    const model = fresh();
    const result = await fit(model, mixed(), { ...settings(), resume: await half({}, mixed()) });
    const expected = fresh();
    await fit(expected, mixed(), settings());
    expect(result.stopped).toBe('finished');
    expect(bitsOf(model)).toEqual(bitsOf(expected));
  });

  test('another fingerprint', async () => {
    const resume = await half();
    await refused(`resume: learningRate was 0.1, it is 0.2 now${rest}`, resume, { fingerprint: { data: 'clusters', learningRate: 0.2 } });
    await refused(`resume: learningRate was 0.1, it is not given now${rest}`, resume, { fingerprint: { data: 'clusters' } });
    await refused(`resume: augment was not given, it is {"flip":true} now${rest}`, resume, {
      fingerprint: { ...settings().fingerprint, augment: { flip: true } },
    });
    const order = await fit(fresh(), data(), { ...settings(), fingerprint: { learningRate: 0.1, data: 'clusters' }, resume });
    expect(order.stopped).toBe('finished');
  });

  test('another model', async () => {
    const resume = await half();
    await refused('weights: "inner/kernel" has shape [5,3], the model\'s has [5,4]', resume, {}, data(), new Stateful(5, 4));
    await refused('weights: "kernel" is missing', resume, {}, data(), new Linear(5, 3));
  });

  test('another optimizer', async () => {
    const resume = await half();
    const model = fresh();
    const bits = bitsOf(model);
    const other = {
      step: () => {},
      state: () => ({ step: 0, slots: {} }),
      restore: () => {
        throw new Error('adam: the state has other slots');
      },
    };
    await expect(fit(model, data(), { ...settings(), optimizer: other, resume })).rejects.toThrow('adam: the state has other slots');
    expect(bitsOf(model)).toEqual(bits);
  });

  test('other parameters to train', async () => {
    const model = fresh();
    model.inner.bias.trainable = false;
    await refused('resume: the optimizer\'s slot "velocity" has 2 arrays for 1 parameters', await half(), {}, data(), model);
  });

  test('another engine: goes on with a warning', async () => {
    const resume = { ...(await half()), engine: 'webgl (a card)' };
    const seen: string[] = [];
    const { warnings, stopped } = await fit(fresh(), data(), {
      ...settings(),
      resume,
      callbacks: [{ onStart: (session) => void seen.push(...session.warnings) }],
    });
    expect(stopped).toBe('finished');
    expect(warnings).toEqual([
      `the checkpoint was made on webgl (a card), this is ${nameOf(reference())}: the training goes on, but not with the same bits`,
    ]);
    expect(seen).toEqual(warnings);
    expect((await fit(fresh(), data(), settings())).warnings).toEqual([]);
  });
});

function nameOf({ name, info }: ReturnType<typeof reference>): string {
  return `${name} (${info.engine})`;
}
