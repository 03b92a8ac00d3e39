// Steps of one's own for a single model: the usual step, gradients of pieces, penalties, validation.

import { reference } from '@sinapse/backend-reference';
import { double, VirtualClock } from '@sinapse/backend-testkit';
import type { Tensor } from '@sinapse/core';
import { Parameter, ones, relu, scope, tensor, use, withBackend } from '@sinapse/core';
import { sgd } from '@sinapse/optimizers';
import { beforeEach, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { untimed } from '../test/bits.ts';
import { bitsOf, clusters, crossEntropy, Linear, Momentum, Stateful } from '../test/tiny.ts';
import type { Callback, StepSource, TrainStep } from './index.ts';
import { fit } from './index.ts';

beforeEach(() => void use(poisoned()));

const settings = () => ({ optimizer: new Momentum(), epochs: 2, seed: 5 });
type Labelled = { x: { data: Float32Array; shape: readonly number[] }; y: { data: Int32Array; shape: readonly number[] } };
const data = clusters({ examples: 22, batchSize: 4 }) as unknown as StepSource<Labelled>;

test('a step of loss and target is the one that fit makes itself', async () => {
  const supervised: TrainStep<Stateful, Labelled> = ({ x, y }, { model, context, minimize }) => {
    let output!: Tensor;
    const loss = minimize(() => crossEntropy((output = model.call(x, context).alias().keep()), y));
    return { loss, output, target: y };
  };
  const own = new Stateful(5, 3);
  const result = await fit(own, data, { ...settings(), step: supervised });
  const usual = new Stateful(5, 3);
  const { history } = await fit(usual, clusters({ examples: 22, batchSize: 4 }), { ...settings(), loss: crossEntropy });
  expect(untimed(result.history)).toEqual(untimed(history));
  expect(bitsOf(own)).toEqual(bitsOf(usual));
});

test('gradients of pieces, added up, are those of the whole batch', async () => {
  use(reference({ precision: 'float64' }));
  const whole: Labelled[] = [{ x: { data: new Float32Array(40).map((_, i) => Math.sin(i)), shape: [8, 5] }, y: { data: new Int32Array(8).map((_, i) => i % 3), shape: [8] } }]; // prettier-ignore
  const source: StepSource<Labelled> = { length: 1, iterate: () => (async function* () { yield* await Promise.resolve(whole); })() }; // prettier-ignore
  const rows = (begin: number) => ({ begin, end: begin + 4 });
  const inPieces: TrainStep<Linear, Labelled> = ({ x, y }, { model, gradients, update }) => {
    const pieces = [0, 4].map((start) => gradients(() => crossEntropy(model.call(x.slice([rows(start)])), y.slice([rows(start)]))));
    const average = (list: readonly Tensor[]) => list.reduce((sum, each) => sum.add(each)).div(list.length);
    const loss = average(pieces.map((piece) => piece.loss));
    update({ loss, gradients: pieces[0]!.gradients.map((_, i) => average(pieces.map((piece) => piece.gradients[i]!))) });
    return loss;
  };
  const [one, other] = [new Linear(5, 3), new Linear(5, 3)];
  const { history } = await fit(one, source, { ...settings(), step: inPieces });
  const usual = await fit(other, source, { ...settings(), step: ({ x, y }, { model, minimize }) => minimize(() => crossEntropy(model.call(x), y)) }); // prettier-ignore
  expect(history[1]!.loss).toBeCloseTo(usual.history[1]!.loss, 12);
  one.kernel.value.dataSync().forEach((value, i) => expect(value).toBeCloseTo(other.kernel.value.dataSync()[i]!, 12));
});

test('penalties and constraints count', async () => {
  const model = { w: scope(() => new Parameter(tensor([2]))) };
  model.w.penalty = (w) => w.square().sum();
  model.w.constraint = (w) => relu(w.sub(0.25)).add(0.25);
  const once: StepSource<{ x: Tensor }> = { length: 1, async *iterate() { yield await Promise.resolve({ x: ones([1]) }); } }; // prettier-ignore
  const step: TrainStep<typeof model, { x: Tensor }> = ({ x }, { model: { w }, minimize }) => minimize(() => w.value.mul(x).sum());
  const { history } = await fit(model, once, { step, optimizer: sgd({ learningRate: 0.5 }), epochs: 1 });
  expect(history[0]!.loss).toBe(6); // 2 + 2²
  expect(model.w.value.dataSync()[0]).toBe(0.25); // 2 - 0.5 (1 + 4) is below the bound
});

test('a validation measures it with the loss of the options', async () => {
  const step: TrainStep<Stateful, Labelled> = ({ x, y }, { model, context, minimize }) =>
    minimize(() => crossEntropy(model.call(x, context), y));
  const { history } = await fit(new Stateful(5, 3), data, { ...settings(), step, loss: crossEntropy, validation: clusters({ seed: 9 }) });
  expect(history[1]!.valAccuracy).toBeGreaterThan(0);
});

test('an abort ends it after the running step', async () => {
  const controller = new AbortController();
  const step: TrainStep<Stateful, Labelled> = ({ x, y }, { model, context, minimize }) =>
    minimize(() => crossEntropy(model.call(x, context), y));
  const stop: Callback = { onStep: ({ globalStep }) => void (globalStep === 2 && controller.abort()) };
  const { stopped, checkpoint } = await fit(new Stateful(5, 3), data, { ...settings(), step, signal: controller.signal, callbacks: [stop] }); // prettier-ignore
  expect(stopped).toBe('aborted');
  expect((await checkpoint()).optimizer.step).toBe(2);
});

test('the host does not wait for a late device in each step', async () => {
  /** Milliseconds that a training took beyond its kernels' time. Each kernel takes half a millisecond. */
  const waited = async (steps: number) => {
    const clock = new VirtualClock();
    let kernels = 0;
    const backend = double({ clock, readLatency: 5, kernelTime: () => ((kernels += 0.5), 0.5) });
    const source = clusters({ examples: 4 * steps, batchSize: 4 }) as unknown as StepSource<Labelled>;
    const step: TrainStep<Linear, Labelled> = ({ x, y }, { model, minimize }) => {
      minimize(() => crossEntropy(model.call(x), y));
      return minimize(() => crossEntropy(model.call(x), y));
    };
    await withBackend(backend, () => ({ done: fit(new Linear(5, 3), source, { optimizer: new Momentum(), epochs: 1, step }) })).done;
    return clock.now - kernels;
  };
  expect(await waited(18)).toBe(await waited(6)); // the wait at the end of the epoch
});

test('none of it leaks', async () => {
  for (const backend of [poisoned(), double()]) {
    const optimizer = new Momentum();
    const model = withBackend(backend, () => new Linear(5, 3));
    const step: TrainStep<Linear, Labelled> = ({ x, y }, { model: { kernel }, minimize }) => {
      minimize(() => crossEntropy(model.call(x), y));
      return minimize(() => crossEntropy(model.call(x), y).add(kernel.value.sum().mul(0)));
    };
    const run = (given: TrainStep<Linear, Labelled>) =>
      withBackend(backend, () => ({ promise: fit(model, data, { optimizer, epochs: 1, step: given }).catch(() => undefined) })).promise;
    const all = async () => {
      await run(step);
      await run((batch, tools) => (step(batch, tools) as Tensor).mul(NaN));
    };
    await all();
    const { liveStorages, liveBytes } = backend.memory();
    await all();
    expect(backend.memory()).toMatchObject({ liveStorages, liveBytes });
  }
});
