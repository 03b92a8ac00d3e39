import { fusedReference } from '@sinapse/backend-reference/fused';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Backend } from '../contract/backend.ts';
import { cell } from '../contract/scalar.ts';
import { Parameter } from '../model/parameter.ts';
import { conv2d } from '../ops/conv2d.ts';
import { sgdStep } from '../ops/optimizer-steps.ts';
import { KeyCell, randomKey } from '../random/key.ts';
import { full, ones, randomNormal, randomUniform, tensor } from '../tensor/creation.ts';
import { memory } from '../tensor/memory.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { use } from './active-backend.ts';
import { hostStep } from './host-step.ts';
import { intercept } from './intercept.ts';
import { record } from './record.ts';

let backend: Backend;
beforeEach(() => void (backend = use(fusedReference({ poison: true }))));

function overwrite(x: Tensor, values: readonly number[]): void {
  backend.write(x, Float32Array.from(values));
  x.storage.version++;
}

test('lists its calls, with what goes in and out', () => {
  const x = tensor([[1, 2]]);
  const recording = record(() => x.matmul(x, { transposeB: true }));
  expect(recording.calls).toMatchObject([{ kernel: 'matmul', out: { y: { shape: [1, 1, 1] } }, attrs: { transposeB: true } }]);
});

test('a replay reads what its inputs and cells hold now', () => {
  const [x, rate] = [tensor([1, 2]), cell(10)];
  const { result, replay } = bound(record(() => x.mul(rate).add(1)));
  overwrite(x, [3, 4]);
  rate.value = 2;
  replay();
  expect([...result.dataSync()]).toEqual([7, 9]);
});

/** A recording, and its replay as a function. */
function bound<T>(recording: ReturnType<typeof record<T>>): { result: T; replay: () => void } {
  return { result: recording.result, replay: () => recording.replay() };
}

test('what the step released is not used by others while the recording lives, and is released after', () => {
  const x = tensor([1, 2, 3]);
  const { backend: _, ...held } = memory(backend);
  const recording = record(() => scope(() => x.mul(2).add(1).sum()));
  const others = Array.from({ length: 4 }, () => full([3], -1));
  recording.replay();
  expect(recording.result.dataSync()[0]).toBe(15);
  for (const other of others) expect([...other.dataSync()]).toEqual([-1, -1, -1]);
  for (const tensor of [...others, recording.result]) tensor.dispose();
  expect(memory(backend).storages).toBe(held.storages + 3);
  recording.dispose();
  recording.dispose();
  const { tensors, storages, bytes, unscopedBytes } = memory(backend);
  expect({ tensors, storages, bytes, unscopedBytes }).toEqual(held);
});

test('storages whose tensors are disposed of stay for the replay', () => {
  const x = tensor([1, 2]);
  const recording = record(() => scope(() => x.add(1)));
  x.dispose();
  recording.replay();
  expect([...recording.result.dataSync()]).toEqual([2, 3]);
});

test('what the callback throws comes out, and nothing is kept', () => {
  const before = memory(backend).storages;
  expect(() =>
    record(() =>
      scope(() => {
        ones([2]).add(1);
        throw new Error('half way');
      }),
    ),
  ).toThrow('half way');
  expect(memory(backend).storages).toBe(before);
});

test('an update in place is recorded in place; each replay moves the parameter and raises its version', () => {
  const p = scope(() => new Parameter(tensor([1])));
  const gradient = tensor([1]);
  const rate = cell(0.5);
  const { storage } = p.tensor;
  const recording = record(() =>
    scope(() => {
      const attrs = { nesterov: false };
      const { param } = sgdStep({ param: [p.tensor], grad: [gradient] }, attrs, { learningRate: rate, momentum: 0, weightDecay: 0 }); // prettier-ignore
      p.assign(param[0]!);
    }),
  );
  expect(p.tensor.storage).toBe(storage);
  const { version } = storage;
  rate.value = 0.25;
  recording.replay();
  expect([p.value.dataSync()[0], storage.version]).toEqual([0.25, version + 1]);
  overwrite(gradient, [4]);
  recording.replay();
  expect([p.value.dataSync()[0], storage.version]).toEqual([-0.75, version + 2]);
});

test('a step that moved a parameter to another storage is not replayed: it would begin where it began', () => {
  const p = new Parameter(tensor([1, 2]));
  const recording = record(() => scope(() => p.assign(p.value.add(1))));
  expect(() => recording.replay()).toThrow(
    'replay: the recorded step moved a parameter or state of shape [2] to another storage; record a step that updates in place',
  );
});

test('a residual that a convolution took over is taken over again', () => {
  const pixels = (...values: number[]): Tensor => tensor(new Float32Array(values), { shape: [1, 1, values.length, 1] });
  const [x, filter, source] = [pixels(1, 2), tensor([[[[2]]]]), pixels(10, 20)];
  const recording = record(() => scope(() => conv2d(x, filter, { residual: source.add(0).spend() })));
  expect([...recording.result.dataSync()]).toEqual([12, 24]);
  recording.replay();
  expect([...recording.result.dataSync()]).toEqual([12, 24]);
});

describe('what the host does in the middle of a step', () => {
  test('random numbers made on the host are those of the key at the replay', () => {
    const key = new KeyCell(1);
    const recording = record(() => scope(() => randomNormal([3], { seed: key.fold('noise') })));
    expect(recording.result.dataSync()).toEqual(randomNormal([3], { seed: randomKey(1).fold('noise') }).dataSync());
    key.assign(randomKey(2));
    recording.replay();
    expect(recording.result.dataSync()).toEqual(randomNormal([3], { seed: randomKey(2).fold('noise') }).dataSync());
  });

  test('is repeated at its position in the order', () => {
    const rate = cell(0);
    const x = tensor([1]);
    let steps = 0;
    const recording = record(() => {
      hostStep(() => void (rate.value = 10 * ++steps));
      const y = x.mul(rate);
      hostStep(() => void (rate.value = -1));
      return y;
    });
    expect(recording.result.dataSync()[0]).toBe(10);
    recording.replay();
    expect(recording.result.dataSync()[0]).toBe(20);
  });

  test('random bits that the host uploads are those of the key at the replay', () => {
    const { randomBits: _, dropout: __, ...kernels } = backend.kernels;
    use(Object.assign(Object.create(backend) as Backend, { kernels }));
    const key = new KeyCell(3);
    const recording = record(() => randomUniform([5], { seed: key.fold('layer') }));
    key.assign(randomKey(4));
    recording.replay();
    expect([...recording.result.dataSync()]).toEqual([...randomUniform([5], { seed: randomKey(4).fold('layer') }).dataSync()]);
  });

  test('values of the caller are those of the recording, whatever becomes of the array; the upload is a new version', () => {
    const data = Float32Array.of(1, 2);
    const recording = record(() => {
      const constant = tensor(data, { shape: [2] });
      return { constant, y: constant.add(1) };
    });
    const { constant, y } = recording.result;
    data.fill(9);
    const { version } = constant.storage;
    overwrite(constant, [0, 0]);
    recording.replay();
    expect([...constant.dataSync(), ...y.dataSync()]).toEqual([1, 2, 2, 3]);
    expect(constant.storage.version).toBe(version + 2);
  });
});

test('a call that an inner interceptor took over is recorded as what that did', () => {
  const x = tensor([4]);
  const recording = record(() =>
    intercept(
      (call, run) => {
        if (call.definition.name === 'unary') call.out = { y: x.mul(2) };
        else run();
      },
      () => x.sqrt(),
    ),
  );
  expect(recording.calls.map(({ kernel }) => kernel)).toEqual(['binaryScalar']);
  overwrite(x, [5]);
  recording.replay();
  expect(recording.result.dataSync()[0]).toBe(10);
});
