// Replaying a recorded training step gives the same bits as running it again, while the learning rate, bias corrections and dropout masks
// change from step to step. The test is here because only the command line depends on models, optimizers and backends.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import type { Backend, Tensor, TypedArray } from '@sinapse/core';
import {
  Context,
  KeyCell,
  full,
  hostUniform,
  memory,
  parametersOf,
  profile,
  randomKey,
  record,
  scope,
  tensor,
  use,
  valueAndGrad,
} from '@sinapse/core';
import { dropout, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam, cosineDecay } from '@sinapse/optimizers';
import { lenet5 } from '@sinapse/zoo';
import { describe, expect, test } from 'vitest';

const [STEPS, RECORDED, BATCH] = [7, 2, 4];

/** A backend without the named kernels, whose calls are lowered. */
function without(backend: Backend, ...names: (keyof Backend['kernels'])[]): Backend {
  const kernels = { ...backend.kernels, ...Object.fromEntries(names.map((name) => [name, undefined])) };
  return Object.assign(Object.create(backend) as Backend, { kernels });
}

/** Writes another batch into the storage of the old one. */
function overwrite({ backend, storage, ...view }: Tensor, data: TypedArray): void {
  const { offset, dtype, shape, size } = view;
  backend.write({ storage, offset, dtype, shape, size }, data);
  storage.version++;
}

function training(clipNorm: number | undefined) {
  const model = sequential([
    ['dropout', dropout({ rate: 0.25 })],
    ['lenet5', lenet5()],
  ]);
  model.build([28, 28, 1], 3);
  const parameters = parametersOf(model).map(({ cell }) => cell);
  const optimizer = adam({ learningRate: cosineDecay({ initial: 0.01, steps: STEPS }), weightDecay: 0.01, ...(clipNorm && { clipNorm }) });
  const x = tensor(new Float32Array(BATCH * 784), { shape: [BATCH, 28, 28, 1] });
  const y = tensor(new Int32Array(BATCH), { shape: [BATCH] });
  const key = new KeyCell(0);
  return {
    prepare(step: number): void {
      key.assign(randomKey(8).fold(step));
      overwrite(x, hostUniform(randomKey(1).fold(step), BATCH * 784));
      overwrite(
        y,
        Int32Array.from({ length: BATCH }, (_, i) => (3 * step + i) % 10),
      );
    },
    step: (): Tensor =>
      scope(() => {
        const context = new Context({ training: true, seed: key });
        const { value, gradients } = valueAndGrad(() => softmaxCrossEntropy(model.call(x, context), y), parameters);
        optimizer.step(parameters, gradients);
        context.commit();
        return value;
      }),
    state: (): number[][] =>
      scope(() => {
        const { step, slots } = optimizer.state();
        return [[step], ...[...parameters.map(({ value }) => value), ...Object.values(slots).flat()].map((t) => [...t.dataSync()])];
      }),
  };
}

describe.each<[string, () => Backend | Promise<Backend>]>([
  ['wasm', () => cpu({ engine: 'wasm', threads: 1, poison: true })],
  ['native', () => cpu()],
  [
    'without randomBits and dropout: bits are uploaded',
    async () => without(await cpu({ engine: 'wasm', threads: 1 }), 'randomBits', 'dropout'),
  ],
])('%s', (_, make) => {
  test.each([undefined, 0.5])('LeNet-5 with Adam, dropout and a schedule (clipNorm %s)', { timeout: 60_000 }, async (clipNorm) => {
    const backend = use(await make());
    const eager = training(clipNorm);
    const losses: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      eager.prepare(step);
      losses.push((await eager.step().data())[0]!);
    }

    const replayed = training(clipNorm);
    const found: number[] = [];
    for (let step = 0; step < RECORDED; step++) {
      replayed.prepare(step);
      found.push((await replayed.step().data())[0]!);
    }
    replayed.prepare(RECORDED);
    const recording = record(() => replayed.step());
    found.push((await recording.result.data())[0]!);
    for (let step = RECORDED + 1; step < STEPS; step++) {
      replayed.prepare(step);
      recording.replay();
      scope(() => full([100_000], NaN)); // would reuse and overwrite a storage that the recording had released
      found.push((await recording.result.data())[0]!);
    }
    expect(new Set(losses).size).toBe(STEPS);
    expect(found).toEqual(losses);
    expect(replayed.state()).toEqual(eager.state());

    const held = memory(backend).storages;
    recording.dispose();
    expect(memory(backend).storages).toBeLessThan(held);
    expect(() => recording.replay()).toThrow('replay: the recording was disposed of');
    // The program can go on from there without the recording.
    replayed.prepare(STEPS);
    eager.prepare(STEPS);
    expect((await replayed.step().data())[0]).toBe((await eager.step().data())[0]);
    await backend.close();
  });
});

test('the lowered masks are uploads of the host', () => {
  use(without(reference(), 'randomBits', 'dropout'));
  const eager = training(undefined);
  eager.prepare(0);
  const { entries } = profile(() => eager.step());
  expect(entries.filter(({ how }) => how === 'lowered').map(({ kernel }) => kernel)).toContain('randomBits');
});
