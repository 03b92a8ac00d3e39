import { describe, expect, it } from 'vitest';
import type { Backend, DType, Shape, Storage, View } from '@sinapse/core';
import { specOf } from '@sinapse/core';
import { reference } from './index.ts';

function make(backend: Backend, dtype: DType, shape: Shape): View {
  const spec = specOf(dtype, shape);
  return { ...spec, storage: backend.allocate(spec), offset: 0 };
}

function negate(backend: Backend, x: View, y: View): void {
  backend.kernels.unary({ in: { x }, out: { y }, attrs: { op: 'neg' }, scalars: {} });
}

describe('memory', () => {
  it('is reported to the byte', () => {
    const backend = reference();
    const views = [
      make(backend, 'float32', [3, 5]),
      make(backend, 'uint8', [7]),
      make(backend, 'bool', []),
      make(backend, 'int32', [0, 4]),
    ];
    expect(backend.memory()).toMatchObject({ liveBytes: 60 + 7 + 1, liveStorages: 4, pooledBytes: 0 });
    for (const view of views) backend.release(view.storage);
    expect(backend.memory()).toMatchObject({ liveBytes: 0, liveStorages: 0 });
    expect(backend.memory().pooledBytes).toBeGreaterThan(0);
  });

  it('is recycled, under a version that no cache has seen', () => {
    const backend = reference();
    const first = make(backend, 'float32', [100]).storage;
    const version = first.version;
    backend.release(first);
    const again = make(backend, 'float32', [10, 12]).storage;
    expect(again).toBe(first);
    expect(again.version).toBeGreaterThan(version);
    expect(again.bytes).toBe(480);
    expect(make(backend, 'int32', [100]).storage).not.toBe(first);
  });

  it('is not kept beyond the peak of what was in use, and old sizes give way to new ones', () => {
    const backend = reference();
    const round = (size: number): Storage[] => {
      const storages = Array.from({ length: 20 }, () => make(backend, 'float32', [size]).storage);
      for (const storage of storages) backend.release(storage);
      return storages;
    };
    let last: Storage[] = [];
    for (const size of [70_000, 30_000, 500, 60_000]) {
      for (let i = 0; i < 50; i++) {
        last = round(size);
        expect(backend.memory().pooledBytes).toBeLessThanOrEqual(20 * 4 * 2 ** 17);
      }
      expect(new Set([...last, ...round(size)]).size, 'distinct storages in two rounds').toBe(20);
    }
  });

  it('is given back when the backend closes', async () => {
    const backend = reference();
    const view = make(backend, 'float32', [8]);
    backend.release(make(backend, 'float32', [8]).storage);
    await backend.close();
    expect(backend.memory().pooledBytes).toBe(0);
    expect(() => make(backend, 'float32', [8])).toThrow('the backend is closed');
    backend.release(view.storage);
    expect(backend.memory()).toMatchObject({ liveBytes: 0, liveStorages: 0, pooledBytes: 0 });
  });
});

describe('mistakes', () => {
  it('a storage released twice', () => {
    const backend = reference();
    const { storage } = make(backend, 'float32', [2]);
    backend.release(storage);
    expect(() => backend.release(storage)).toThrow('a storage was released twice');
  });

  it('a storage used after its release, by a kernel, a write or a read', () => {
    const backend = reference();
    const [x, y] = [make(backend, 'float32', [2]), make(backend, 'float32', [2])];
    backend.release(x.storage);
    expect(() => negate(backend, x, y)).toThrow('used after its release');
    expect(() => negate(backend, y, x)).toThrow('used after its release');
    expect(() => backend.write(x, new Float32Array(2))).toThrow('used after its release');
    expect(() => backend.readSync!(x)).toThrow('used after its release');
  });

  it('data of another length', () => {
    const backend = reference();
    expect(() => backend.write(make(backend, 'float32', [2]), new Float32Array(3))).toThrow('write: the view has 2 elements, the data 3');
  });

  it('a dtype that the backend does not have', () => {
    expect(() => make(reference(), 'float16', [1])).toThrow('no float16');
  });
});

describe('poison', () => {
  it.each<[DType, number]>([
    ['float32', NaN],
    ['int32', 0x5a5a5a5a],
    ['uint8', 0xa5],
    ['bool', 0xa5],
  ])('fills new and recycled memory of %s', (dtype, garbage) => {
    const backend = reference({ poison: true });
    const view = make(backend, dtype, [3]);
    expect([...backend.readSync!(view)]).toEqual([garbage, garbage, garbage]);
    backend.write(view, Uint8Array.of(1, 0, 1));
    backend.release(view.storage);
    const again = make(backend, dtype, [3]);
    expect(again.storage).toBe(view.storage);
    expect([...backend.readSync!(again)]).toEqual([garbage, garbage, garbage]);
  });
});

describe('reads and writes', () => {
  it('copy, on views with an offset', async () => {
    const backend = reference();
    const whole = make(backend, 'float32', [6]);
    const part: View = { ...whole, shape: [2], size: 2, offset: 3 };
    const data = Float32Array.of(0, 1, 2, 3, 4, 5);
    backend.write(whole, data);
    data.fill(9);
    const pending = backend.read(part);
    backend.write(part, Float32Array.of(7, 8));
    expect(await pending).toEqual(Float32Array.of(3, 4));
    const read = backend.readSync!(whole);
    expect(read).toEqual(Float32Array.of(0, 1, 2, 7, 8, 5));
    read.fill(9);
    expect(backend.readSync!(part)).toEqual(Float32Array.of(7, 8));
  });

  it('convert in float64 mode', () => {
    const backend = reference({ precision: 'float64' });
    const view = make(backend, 'float32', [1]);
    backend.write(view, Float32Array.of(0.1));
    negate(backend, view, view);
    expect(backend.readSync!(view)).toEqual(Float64Array.of(-Math.fround(0.1)));
    expect(backend.memory().liveBytes).toBe(4);
    backend.write(view, Float64Array.of(0.1));
    expect(backend.readSync!(view)).toEqual(Float64Array.of(0.1));
  });
});

it('scratch memory of kernels is counted apart', () => {
  const backend = reference();
  const [a, b, y] = [0, 1, 2].map(() => ({
    storage: backend.allocate(specOf('float32', [1, 8, 8])),
    offset: 0,
    ...specOf('float32', [1, 8, 8]),
  }));
  const precision = { output: 'float32', accumulation: 'float32' } as const;
  backend.kernels.matmul({ in: { a: a, b: b }, out: { y: y }, attrs: { transposeA: false, transposeB: false, precision }, scalars: {} });
  expect(backend.memory().workspaceBytes).toBeGreaterThan(0);
});
