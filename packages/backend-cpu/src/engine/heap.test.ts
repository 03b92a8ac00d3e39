import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Heap } from './heap.ts';

const memoryOf = (maximum = 65536) => new WebAssembly.Memory({ initial: 1, maximum });

it('blocks never overlap, stand on boundaries of 64 and inside the memory, whatever the order of releases', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 300_000 }), drop: fc.nat() }), { maxLength: 60 }), (steps) => {
      const memory = memoryOf();
      const heap = new Heap(memory, 1000);
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
  const heap = new Heap(memory, 0);
  const blocks = Array.from({ length: 16 }, () => heap.allocate(4096));
  expect(memory.buffer.byteLength).toBe(65536);
  for (const index of [3, 1, 2, 0, 15, 13, 14, 12, 7, 5, 6, 4, 11, 9, 10, 8]) heap.release(blocks[index], 4096);
  expect(heap.allocate(65536)).toBe(0);
  expect(memory.buffer.byteLength).toBe(65536);
});

it('says how much there is when the memory cannot grow, and goes on', () => {
  const heap = new Heap(memoryOf(2), 0);
  expect(() => heap.allocate(1 << 20)).toThrow(/out of memory: WebAssembly has .* MiB and was refused 1 MiB more/);
  expect(heap.allocate(131072)).toBe(0);
});
