// When memory runs out, there is an error with figures, before anything is lost.

import { readFile } from 'node:fs/promises';
import type { Backend, Tensor } from '@sinapse/core';
import { memory, ones, OutOfMemoryError, scope, tensor, withBackend, zeros } from '@sinapse/core';
import { expect, test } from 'vitest';
import { cpu } from '../index.ts';
import { EngineBackend } from './backend.ts';
import { WasmEngine } from './wasm.ts';

const MIB = 2 ** 20;

/** WebAssembly with a memory of 48 MiB at most. */
async function small(): Promise<Backend> {
  const module = await WebAssembly.compile(await readFile(new URL('../../build/wasm/simd128.wasm', import.meta.url)));
  return new EngineBackend(new WasmEngine({ name: 'simd128', module, memoryLimit: 48 * MIB }, 1), { notes: [], poison: false });
}

function thrownBy(callback: () => unknown): unknown {
  try {
    callback();
  } catch (error) {
    return error;
  }
  return undefined;
}

const megabytes = (count: number): Tensor => ones([count, MIB / 4]);

test('WebAssembly at its maximum says what was asked, held, kept and possible; everything is usable afterwards', async () => {
  const backend = await small();
  withBackend(backend, () => {
    const x = tensor([1, 2, 3]);
    const held = [megabytes(16), megabytes(16)];
    const before = memory();
    const error = thrownBy(() => scope(() => megabytes(8).add(megabytes(8))));
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(error).toMatchObject({ asked: 8 * MIB, pooled: 0, limit: 48 * MIB });
    expect((error as OutOfMemoryError).held).toBeGreaterThan(32 * MIB);
    expect((error as Error).message).toMatch(/memory: a float32 tensor \[8,262144\] on cpu needs 8,388,608 bytes.*limit is 50,331,648\)$/);
    expect(memory()).toEqual({ ...before, backend: { ...before.backend, pooledBytes: expect.any(Number) as number } });
    expect([...x.add(1).dataSync()]).toEqual([2, 3, 4]);
    for (const each of held) {
      expect(each.dataSync().every((value) => value === 1)).toBe(true);
      each.dispose();
    }
    expect(megabytes(16).size).toBe(4 * MIB); // in the released memory
  });
  await backend.close();
});

test('what is kept for reuse is given back before memory runs out', async () => {
  const backend = await small();
  withBackend(backend, () => {
    scope(() => void Array.from({ length: 40 }, () => megabytes(1)));
    expect(memory().backend).toMatchObject({ liveBytes: 0, pooledBytes: 40 * MIB });
    expect(scope(() => megabytes(40)).size).toBe(10 * MIB);
    expect(memory().backend.pooledBytes).toBe(0);
  });
  await backend.close();
});

test('a kernel that is refused its scratch memory is named, and runs once there is room', async () => {
  const backend = await small();
  withBackend(backend, () => {
    const [x, dy, dfilter] = [ones([1, 32, 32, 64]), ones([1, 10, 10, 64]), zeros([5, 5, 64, 64])];
    const differentiate = (): void =>
      backend.kernels.conv2dFilterGrad!({
        in: { x, dy },
        out: { dfilter },
        attrs: {
          strides: [3, 3],
          padding: [0, 0, 0, 0],
          dilation: [1, 1],
          groups: 1,
          filterShape: [5, 5, 64, 64],
          precision: { output: 'float32', accumulation: 'float32' },
        },
        scalars: {},
      });
    scope(() => {
      while (thrownBy(() => ones([MIB / 64])) === undefined); // until the memory is full
      const error = thrownBy(differentiate);
      expect(error).toBeInstanceOf(OutOfMemoryError);
      expect(error).toMatchObject({ limit: 48 * MIB, held: expect.any(Number) as number });
      expect((error as Error).message).toMatch(/^memory: scratch memory of conv2d_filter_gradient needs [\d,]+ bytes/);
    });
    differentiate();
    expect(dfilter.dataSync().every((value) => value === 10 * 10)).toBe(true);
  });
  await backend.close();
});

test('WebAssembly runs with fewer workers where they cannot be started', async () => {
  await (await cpu({ engine: 'wasm', threads: 2 })).close(); // makes relaxed SIMD known to Node 20
  const module = await WebAssembly.compile(await readFile(new URL('../../build/wasm/relaxed-threads.wasm', import.meta.url)));
  const startWorker = (): never => {
    throw new Error('no more workers');
  };
  const engine = new WasmEngine({ name: 'relaxed-simd', module, startWorker }, 3);
  const backend = new EngineBackend(engine, { notes: [], poison: false });
  withBackend(backend, () => {
    scope(() =>
      expect(
        ones([2000, 2000])
          .add(1)
          .dataSync()
          .every((value) => value === 2),
      ).toBe(true),
    );
    expect(engine.workspaceBytes()).toBeLessThan(2 ** 17); // no worker's stack is kept
  });
  await backend.close();
});

test.each(['native', 'wasm', 'reference'] as const)('%s refuses more than there can be', async (engine) => {
  const backend = await cpu({ engine, threads: 1 }).catch(() => undefined);
  if (backend === undefined) return; // the engine is missing; other tests report it
  withBackend(backend, () => {
    const x = tensor([1, 2]);
    const before = memory();
    for (const size of [2 ** 48, 2 ** 52]) {
      const error = thrownBy(() => zeros([size]));
      expect(error).toBeInstanceOf(OutOfMemoryError);
      expect(error).toMatchObject({ asked: 4 * size, pooled: 0, held: expect.any(Number) as number });
    }
    expect(memory()).toEqual(before);
    expect([...x.add(1).dataSync()]).toEqual([2, 3]);
  });
  await backend.close();
});
