import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Heap } from './heap.ts';

const memoryOf = (maximum = 65536) => new WebAssembly.Memory({ initial: 1, maximum });
const heapOf = (memory: WebAssembly.Memory, base = 0, pages = 65536) => new Heap(memory, base, pages * 65536);

it('blocks never overlap, stand on boundaries of 64 and inside the memory, whatever the order of releases', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 300_000 }), drop: fc.nat() }), { maxLength: 60 }), (steps) => {
      const memory = memoryOf();
      const heap = heapOf(memory, 1000);
      const live: { start: number; bytes: number }[] = [];
      for (const { bytes, drop } of steps) {
        if (live.length > 0 && drop % 3 === 0) {
          const [gone] = live.splice(drop % live.length, 1);
          heap.release(gone.start, gone.bytes);
        }
        const start = heap.allocate(bytes);
        expect(start % 64).toBe(0);
        expect(start).toBeGreaterThanOrEqual(1000);
        expect(start + bytes).toBeLessThanOrEqual(memory.buffer.byteLength);
        for (const other of live) expect(start + bytes <= other.start || other.start + other.bytes <= start).toBe(true);
        live.push({ start, bytes: Math.max(bytes, 1) });
      }
    }),
  );
});

it('joins what is released, so that the same room serves larger blocks', () => {
  const memory = memoryOf();
  const heap = heapOf(memory);
  const blocks = Array.from({ length: 16 }, () => heap.allocate(4096));
  expect(memory.buffer.byteLength).toBe(65536);
  for (const index of [3, 1, 2, 0, 15, 13, 14, 12, 7, 5, 6, 4, 11, 9, 10, 8]) heap.release(blocks[index], 4096);
  expect(heap.allocate(65536)).toBe(0);
  expect(memory.buffer.byteLength).toBe(65536);
});

it('says how much there is when the memory cannot grow, and goes on', () => {
  const heap = heapOf(memoryOf(2), 0, 2);
  const first = heap.allocate(1 << 16);
  expect(() => heap.allocate(1 << 20)).toThrow(
    expect.objectContaining({ name: 'OutOfMemoryError', asked: 1 << 20, held: 1 << 16, limit: 1 << 17 }) as Error,
  );
  expect(heap.allocate(1 << 16)).toBe(1 << 16);
  heap.release(first, 1 << 16);
  expect(heap.allocate(100)).toBe(first);
});
