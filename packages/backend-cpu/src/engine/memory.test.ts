import { specOf } from '@sinapse/core';
import { expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { addressOf, Memory } from './memory.ts';

/** Counts blocks, and computes nothing. */
function bookkeeper() {
  const blocks = new Map<number, number>();
  let next = 64;
  const engine: Engine = {
    name: 'none',
    threads: 1,
    arguments: new Float64Array(0),
    kernel: () => () => undefined,
    allocate: (bytes) => {
      const address = next;
      next += Math.ceil(bytes / 64) * 64;
      blocks.set(address, bytes);
      return address;
    },
    free: (address, bytes) => {
      expect(blocks.get(address)).toBe(bytes);
      blocks.delete(address);
    },
    write: () => undefined,
    read: () => undefined,
    giveBack: () => 0,
    workspaceBytes: () => 0,
    close: () => undefined,
  };
  return { engine, blocks };
}

it('hands a released block out again to the same size, with a version that no cache has seen', () => {
  const memory = new Memory(bookkeeper().engine, false);
  for (const size of [1, 16, 17, 33, 100, 1000, 4097, 70_001, 1_000_003]) {
    const spec = specOf('float32', [size]);
    const first = memory.allocate(spec);
    expect(first.capacity).toBeGreaterThanOrEqual(size * 4);
    expect(first.capacity).toBeLessThanOrEqual(Math.max(size * 4 * 1.25 + 64, 128));
    const { version } = first;
    memory.release(first);
    const second = memory.allocate(spec);
    expect(second).toBe(first);
    expect(second.version).toBeGreaterThan(version);
    memory.release(second);
  }
});

it('counts what is live to the byte, and keeps no more than was ever in use', () => {
  const { engine, blocks } = bookkeeper();
  const memory = new Memory(engine, false);
  const held = [3, 50, 700, 9000].map((size) => memory.allocate(specOf('float32', [size])));
  expect(memory.info()).toMatchObject({ liveBytes: 4 * (3 + 50 + 700 + 9000), liveStorages: 4, pooledBytes: 0 });
  const capacity = [...blocks.values()].reduce((sum, bytes) => sum + bytes, 0);
  for (const block of held) memory.release(block);
  expect(memory.info()).toMatchObject({ liveBytes: 0, liveStorages: 0, pooledBytes: capacity });
  for (let size = 1; size < 20_000; size += 97) memory.release(memory.allocate(specOf('float32', [size])));
  expect(memory.info().pooledBytes).toBeLessThanOrEqual(Math.max(capacity, 80_000 * 1.25));
  memory.close();
  expect(blocks.size).toBe(0);
});

it('refuses storages after their release', () => {
  const memory = new Memory(bookkeeper().engine, false);
  const spec = specOf('float32', [4]);
  const storage = memory.allocate(spec);
  memory.release(storage);
  expect(() => memory.release(storage)).toThrow(/released twice/);
  expect(() => addressOf({ ...spec, storage, offset: 0 })).toThrow(/used after its release/);
  memory.close();
  expect(() => memory.allocate(specOf('float32', [100]))).toThrow(/closed/);
});

it('keeps what is derived from a storage while its version stands, and drops it with the storage', () => {
  const { engine, blocks } = bookkeeper();
  const memory = new Memory(engine, false);
  const spec = specOf('float32', [100]);
  const storage = memory.allocate(spec);
  const view = { ...spec, storage, offset: 0 };
  const first = memory.derive(view, 'winograd', [4, 0], 5000);
  expect(first.version).not.toBe(storage.version);
  first.version = storage.version;
  expect(memory.derive(view, 'winograd', [4, 0], 5000)).toBe(first);
  const others = [memory.derive(view, 'packed', [4, 0], 300), memory.derive(view, 'winograd', [4, 1], 300)];
  others.push(memory.derive(view, 'winograd', [4], 300), memory.derive(view, 'winograd', [4, 0, 0], 300));
  for (const { version } of others) expect(version).not.toBe(storage.version);
  expect(new Set([first, ...others].map(({ address }) => address)).size).toBe(5);
  expect(memory.info().workspaceBytes).toBe(6200);
  memory.release(storage);
  expect(memory.info().workspaceBytes).toBe(0);
  expect(blocks.size).toBe(1);
});
