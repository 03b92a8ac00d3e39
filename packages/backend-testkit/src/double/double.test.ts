// What the double does beyond the contract of a backend, which the suite checks: time, loss, late errors, and memory that runs out.

import type { Tensor, View } from '@sinapse/core';
import {
  BackendError,
  BackendLostError,
  memory,
  ones,
  OutOfMemoryError,
  scope,
  SinapseError,
  specOf,
  tensor,
  withBackend,
} from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import type { Double, DoubleOptions } from './double.ts';
import { double } from './double.ts';

/** x² + 1 of [1, 2, 3], two kernels. */
function compute(backend: Double): Tensor {
  return withBackend(backend, () => scope(() => tensor([1, 2, 3]).square().add(1)));
}

describe('time', () => {
  test('kernels are issued and run later; a read answers after them and its latency', async () => {
    const backend = double({ readLatency: 5, kernelTime: (kernel) => (kernel === 'binaryScalar' ? 10 : 1) });
    const y = compute(backend);
    expect(backend.clock.now).toBe(0);
    expect(await y.data()).toEqual(Float32Array.of(2, 5, 10));
    expect(backend.clock.now).toBe(1 + 10 + 5);
  });

  test('the device works while the host does', async () => {
    const backend = double({ readLatency: 5, kernelTime: 10 });
    const first = compute(backend).data(); // ready at 20, here at 25
    backend.clock.spend(15);
    const second = compute(backend).data(); // ready at 40, here at 45
    await first;
    expect(backend.clock.now).toBe(25);
    await second;
    expect(backend.clock.now).toBe(45);
  });

  test('a host that reads two steps late loses none of the device’s time', async () => {
    const steps = 50;
    const run = async (behind: number): Promise<number> => {
      const backend = double({ readLatency: 5, kernelTime: 10 });
      const pending: Promise<unknown>[] = [];
      for (let step = 0; step < steps; step++) {
        pending.push(compute(backend).data());
        if (pending.length > behind) await pending.shift();
      }
      await Promise.all(pending);
      return backend.clock.now;
    };
    expect(await run(0)).toBe(steps * (20 + 5));
    expect(await run(1)).toBe(steps * 20 + 5);
  });

  test('letting others have a turn is not waiting', async () => {
    const backend = double({ readLatency: 5, kernelTime: 10 });
    const first = compute(backend).data();
    await new Promise((resolve) => setImmediate(resolve));
    expect(backend.clock.now).toBe(0);
    await first;
    expect(backend.clock.now).toBe(25);
  });

  test('the first call of a signature costs its compilation, unless it was prepared', async () => {
    const backend = double({ readLatency: 0, kernelTime: 1, compileTime: 100 });
    await compute(backend).data();
    expect(backend.clock.now).toBe(2 + 200);
    await compute(backend).data();
    expect(backend.clock.now).toBe(2 + 200 + 2);

    const prepared = double({ readLatency: 0, kernelTime: 1, compileTime: 100 });
    const progress: string[] = [];
    const x = specOf('float32', [3]);
    await prepared.prepare!(
      [
        { kernel: 'unary', inputs: { x }, attrs: { op: 'exp' } },
        { kernel: 'binaryScalar', inputs: { x }, attrs: { op: 'add', reversed: false } },
      ],
      (ready, of) => progress.push(`${ready} of ${of}, ${prepared.clock.now} ms`),
    );
    expect(progress).toEqual(['1 of 2, 100 ms', '2 of 2, 200 ms']);
    await withBackend(prepared, () => tensor([1, 2, 3]).exp().add(1)).data();
    expect(prepared.clock.now).toBe(200 + 2);
  });

  test('its timer gives the time of one kernel', async () => {
    const backend = double({ timer: true, kernelTime: 7 });
    const x = withBackend(backend, () => ones([4]));
    await expect(backend.time!(() => void x.add(1))).resolves.toBe(7);
    expect(() => backend.time!(() => void x.reshape([5]))).toThrow(SinapseError);
    await expect(backend.time!(() => void x.add(1))).resolves.toBe(7);
    expect('time' in double()).toBe(false);
  });
});

describe('loss', () => {
  test('whoever waits is told, whoever calls later too, and cleaning up is harmless', async () => {
    const backend = double();
    const y = compute(backend);
    const waiting = [y.data(), backend.synchronize(), backend.read(y)].map((promise) => promise.catch((error: unknown) => error));
    backend.lose('the driver was reset');
    const error = await backend.lost;
    expect(error).toBeInstanceOf(BackendLostError);
    expect(error.message).toMatch(/the device of the backend double is lost: the driver was reset; make a new backend/);
    for (const told of await Promise.all(waiting)) expect(told).toBe(error);
    expect(() => y.add(1)).toThrow(error);
    expect(() => withBackend(backend, () => tensor([1]))).toThrow(error);
    await expect(y.data()).rejects.toBe(error);
    await expect(backend.synchronize()).rejects.toBe(error);
    y.dispose();
    expect(memory(backend).backend).toMatchObject({ liveStorages: 0, liveBytes: 0 });
    await backend.close();
    await backend.close();
  });

  test('does not come by itself', async () => {
    const backend = double();
    const first = await Promise.race([backend.lost, compute(backend).data()]);
    await backend.close();
    expect(await Promise.race([backend.lost, new Promise((resolve) => setTimeout(() => resolve('pending'), 20))])).toBe('pending');
    expect(first).toEqual(Float32Array.of(2, 5, 10));
  });

  test('comes after a number of kernels, in the middle of something', async () => {
    const backend = double({ loseAfter: 3 });
    const first = compute(backend);
    const before = memory(backend).backend.liveStorages;
    expect(() => compute(backend)).toThrow(BackendLostError);
    expect(memory(backend).backend.liveStorages).toBe(before);
    await expect(first.data()).rejects.toThrow(BackendLostError);
  });

  test('reads that were answered before stay answered, and a second loss changes nothing', async () => {
    const backend = double();
    const values = await compute(backend).data();
    backend.lose('first');
    backend.lose('second');
    expect(values).toEqual(Float32Array.of(2, 5, 10));
    expect((await backend.lost).message).toContain('first');
  });
});

describe('errors that come late', () => {
  test('are given by the next synchronize, once, and name the kernel', async () => {
    const backend = double();
    backend.failNext('the shader does not compile');
    const y = compute(backend);
    await expect(backend.synchronize()).rejects.toThrow(new BackendError('binary: the shader does not compile'));
    await backend.synchronize();
    expect(await compute(backend).data()).toEqual(Float32Array.of(2, 5, 10));
    y.dispose();
  });

  test('are given by the next read, and not by one that was asked before', async () => {
    const backend = double();
    const before = compute(backend).data();
    backend.failNext('no');
    const after = compute(backend).data();
    const second = after.catch((error: unknown) => error);
    expect(await before).toEqual(Float32Array.of(2, 5, 10));
    expect(await second).toMatchObject({ message: 'binary: no' });
  });
});

describe('memory', () => {
  test.each<[string, DoubleOptions]>([
    ['at a limit', { memoryLimit: 1024 * 3 }],
    ['once', { outOfMemoryAfter: 4 }],
  ])('that runs out %s is an error with figures, and everything is usable afterwards', async (_, options) => {
    const backend = double({ padding: 1024, ...options });
    const x = withBackend(backend, () => tensor([1, 2, 3]));
    const held = withBackend(backend, () => ones([200]));
    const before = memory(backend);
    const many = (): Tensor => scope(() => x.add(1).mul(2).add(3).sub(4));
    let error: unknown;
    try {
      many();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(error).toMatchObject({ asked: 12, pooled: 0, limit: options.memoryLimit ?? 2 ** 31 });
    expect((error as OutOfMemoryError).held).toBeGreaterThan(2000);
    expect((error as Error).message).toMatch(
      /memory: a float32 tensor \[3\] on double needs 12 bytes, which could not be allocated \(.*in use.*limit is/,
    );
    expect(memory(backend)).toEqual(before);
    held.dispose();
    expect(await scope(() => x.add(1)).data()).toEqual(Float32Array.of(2, 3, 4));
  });

  test('is padded, and counted as it was asked for', () => {
    const backend = double({ padding: 1000 });
    const storage = backend.allocate(specOf('float32', [3]));
    expect(storage).toMatchObject({ bytes: 12, capacity: 1000 });
    expect(backend.memory()).toMatchObject({ liveBytes: 12, liveStorages: 1 });
    backend.release(storage);
  });
});

describe('what a backend may rely on', () => {
  const viewOn = (backend: Double, offset = 0): View => {
    const spec = specOf('float32', [4]);
    return { ...spec, storage: backend.allocate(spec), offset };
  };

  test('an output with the storage of an input is refused, a donated one is not', () => {
    const backend = double({ offsets: true });
    const [x, param, grad] = [viewOn(backend), viewOn(backend), viewOn(backend)];
    expect(() => backend.kernels.unary({ in: { x }, out: { y: x }, attrs: { op: 'neg' }, scalars: {} })).toThrow(
      'unary: the output y shares a storage with the input x, which was not donated',
    );
    const step = { attrs: { nesterov: false }, scalars: { learningRate: 1, weightDecay: 0, gradientScale: 1, momentum: 0 } };
    const call = { in: { param: [param], grad: [grad] }, out: { param: [param], velocity: [] } };
    expect(() => backend.kernels.sgdStep!({ ...step, ...call })).not.toThrow();
    expect(() => backend.kernels.sgdStep!({ ...step, ...call, in: { param: [param], grad: [param] } })).toThrow('with the input grad[0]');
    const [two, twoGradients] = [
      [param, x],
      [grad, viewOn(backend)],
    ];
    const exchanged = { in: { param: two, grad: twoGradients }, out: { param: [x, param], velocity: [] } };
    expect(() => backend.kernels.sgdStep!({ ...step, ...exchanged })).toThrow(
      'the output param[0] shares a storage with the input param[1]',
    );
    const twice = { in: { param: [x, x], grad: twoGradients }, out: { param: [param, param], velocity: [] } };
    expect(() => backend.kernels.sgdStep!({ ...step, ...twice })).toThrow('the output param[0] shares a storage with another output');
  });

  test('a view with an offset is refused where there are none', () => {
    const [without, having] = [double(), double({ offsets: true })];
    const negate = (backend: Double): void =>
      backend.kernels.unary({
        in: { x: { ...viewOn(backend, 1), size: 3, shape: [3] } },
        out: { y: { ...viewOn(backend), size: 3, shape: [3] } },
        attrs: { op: 'neg' },
        scalars: {},
      });
    expect(() => negate(without)).toThrow('unary: x has an offset of 1');
    expect(() => negate(having)).not.toThrow();
  });

  test('a storage after its release is refused, and so is everything after close()', async () => {
    const backend = double();
    const x = viewOn(backend);
    backend.release(x.storage);
    expect(() => backend.write(x, new Float32Array(4))).toThrow('after its release');
    expect(() => backend.release(x.storage)).toThrow('released twice');
    const y = compute(backend);
    const pending = y.data();
    await backend.close();
    expect(await pending).toEqual(Float32Array.of(2, 5, 10));
    expect(() => y.add(1)).toThrow('closed');
    y.dispose();
  });

  test('what a caller changes after the call does not show', async () => {
    const backend = double();
    const [x, y] = [viewOn(backend), viewOn(backend)];
    backend.write(x, Float32Array.of(1, 2, 3, 4));
    const [slots, scalars] = [{ x }, { value: 10 }];
    backend.kernels.binaryScalar!({ in: slots, out: { y }, attrs: { op: 'add', reversed: false }, scalars });
    Object.assign(slots, { x: y });
    scalars.value = 99;
    expect(await backend.read(y)).toEqual(Float32Array.of(11, 12, 13, 14));
  });
});
