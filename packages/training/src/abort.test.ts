// An abort ends a training between two steps, whatever the training is waiting for.

import { memory, use } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { bitsOfCheckpoint, untimed } from '../test/bits.ts';
import { batch, batches, bitsOf, clusters, crossEntropy, Linear, Momentum, Stateful } from '../test/tiny.ts';
import type { BatchSource, Callback, Checkpoint, FitOptions } from './index.ts';
import { bestWeights, checkpointing, evaluate, fit } from './index.ts';

beforeAll(() => void use(poisoned()));

const settings = (): FitOptions => ({
  optimizer: new Momentum(),
  loss: crossEntropy,
  epochs: 3,
  seed: 5,
  validation: clusters({ seed: 9 }),
});
const abortAt = (globalStep: number, controller: AbortController): Callback => ({
  onStep: (info) => void (info.globalStep === globalStep && controller.abort()),
});

/** Gives one batch, then stays pending for ever. */
const stuck = (): BatchSource => ({
  async *iterate() {
    yield batch([[1, 2]], [0]);
    await new Promise(() => {});
  },
});

describe('an aborted training', () => {
  test.each([1, 5, 6, 7, 17])(
    'stops after the running step, number %d, and goes on from there as if nothing had been',
    async (globalStep) => {
      const expected = new Stateful(5, 3);
      const whole = await fit(expected, clusters(), { ...settings(), callbacks: [bestWeights({ monitor: 'loss' })] });

      const controller = new AbortController();
      const saved: Checkpoint[] = [];
      const callbacks = [
        bestWeights({ monitor: 'loss' }),
        checkpointing({ save: (checkpoint) => void saved.push(checkpoint) }),
        abortAt(globalStep, controller),
      ];
      const aborted = await fit(new Stateful(5, 3), clusters(), { ...settings(), callbacks, signal: controller.signal });
      expect(aborted.stopped).toBe('aborted');
      expect(aborted.history).toHaveLength(Math.floor((globalStep - 1) / 6));
      const resume = await aborted.checkpoint();
      expect(resume.globalStep).toBe(globalStep);
      expect(bitsOfCheckpoint(saved.at(-1)!)).toEqual(bitsOfCheckpoint(resume));

      const model = new Stateful(5, 3);
      const result = await fit(model, clusters(), { ...settings(), callbacks: [bestWeights({ monitor: 'loss' })], resume });
      expect(result.stopped).toBe('finished');
      expect(bitsOf(model)).toEqual(bitsOf(expected));
      expect(untimed(result.history)).toEqual(untimed(whole.history));
    },
  );

  test('does nothing when it was aborted before', async () => {
    const model = new Linear(5, 3);
    const bits = bitsOf(model);
    const { stopped, history } = await fit(model, clusters(), { ...settings(), signal: AbortSignal.abort() });
    expect([stopped, history]).toEqual(['aborted', []]);
    expect(bitsOf(model)).toEqual(bits);
  });

  test('in the middle of a validation, has not done the epoch', async () => {
    const controller = new AbortController();
    let times = 0;
    const validation: BatchSource = {
      async *iterate() {
        yield batch([[1, 0, 0, 0, 0]], [0]);
        if (++times === 2) controller.abort();
        yield batch([[0, 1, 0, 0, 0]], [1]);
      },
    };
    const aborted = await fit(new Stateful(5, 3), clusters(), { ...settings(), validation, signal: controller.signal });
    expect(aborted).toMatchObject({ stopped: 'aborted', history: [{ epoch: 1 }] });
    const checkpoint = await aborted.checkpoint();
    expect(checkpoint).toMatchObject({ epoch: 2, step: 6, globalStep: 12 });
    const { history } = await fit(new Stateful(5, 3), clusters(), { ...settings(), validation, resume: checkpoint });
    expect(untimed(history)).toEqual(untimed((await fit(new Stateful(5, 3), clusters(), { ...settings(), validation })).history));
  });

  test.each(['data', 'validation'])('does not wait for %s that never come', async (which) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const good = batches(batch([[1, 2]], [0]));
    const [data, validation] = which === 'data' ? [stuck(), good] : [good, stuck()];
    const { stopped } = await fit(new Linear(2, 2), data, { ...settings(), validation, signal: controller.signal });
    expect(stopped).toBe('aborted');
  });

  test.each([
    ['its reason', (signal: AbortSignal) => signal.reason as unknown],
    ['an AbortError', () => new DOMException('stopped reading', 'AbortError')],
  ])('takes %s from the source for the abort that it is', async (_, error) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('the user pressed a key')), 20);
    const data: BatchSource = {
      async *iterate({ signal }) {
        yield batch([[1, 2]], [0]);
        await new Promise((resolve) => signal!.addEventListener('abort', resolve));
        throw error(signal!);
      },
    };
    const { validation: _v, ...rest } = settings();
    const { stopped } = await fit(new Linear(2, 2), data, { ...rest, signal: controller.signal });
    expect(stopped).toBe('aborted');
  });

  test('hears of it while it computes without a pause: timers and signals have their turn', async () => {
    const endless: BatchSource = {
      async *iterate() {
        for (;;) yield batch([[1, 2]], [0]);
      },
    };
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 30);
    const { stopped } = await fit(new Linear(2, 2), endless, {
      ...settings(),
      validation: batches(batch([[1, 2]], [0])),
      signal: controller.signal,
    });
    clearTimeout(timer);
    expect(stopped).toBe('aborted');
    await expect(evaluate(new Linear(2, 2), endless, { loss: crossEntropy, signal: AbortSignal.timeout(30) })).rejects.toThrow('timeout');
  });

  test('leaves nothing behind on the signal or in memory', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));
    const [model, optimizer] = [new Stateful(5, 3), new Momentum()];
    await fit(model, clusters(), { ...settings(), optimizer, signal });
    expect(listeners).toBe(0);
    const { tensors, bytes } = memory();
    await fit(model, clusters(), { ...settings(), optimizer, signal, callbacks: [abortAt(4, controller)] });
    expect(memory()).toMatchObject({ tensors, bytes });
  });
});
