// The heap of a WebAssembly memory: a list of free ranges in order of their addresses, with neighbours joined. It is used only when no block of the
// right size is kept (memory.ts), so it is simple rather than fast.

import { OutOfMemoryError } from '@sinapse/core';

const PAGE = 65536;
const BOUNDARY = 64;

interface Range {
  start: number;
  size: number;
}

export class Heap {
  private readonly memory: WebAssembly.Memory;
  private readonly free: Range[] = [];
  /** The end of the memory known to the heap. */
  private end: number;

  private readonly maximum: number;

  /**
   * @param base the first byte that the program itself does not use
   * @param maximum bytes that the memory may grow to
   */
  constructor(memory: WebAssembly.Memory, base: number, maximum: number) {
    this.memory = memory;
    this.maximum = maximum;
    this.end = memory.buffer.byteLength;
    const start = roundUp(base, BOUNDARY);
    if (start < this.end) this.free.push({ start, size: this.end - start });
  }

  /**
   * The address of a block of at least `bytes` bytes; the memory grows if no free range is large enough.
   * @throws OutOfMemoryError when it cannot grow; then nothing has changed
   */
  allocate(bytes: number): number {
    const size = roundUp(Math.max(bytes, 1), BOUNDARY);
    let at = this.free.findIndex((range) => range.size >= size);
    if (at < 0) {
      this.grow(size);
      at = this.free.length - 1;
    }
    const range = this.free[at];
    const { start } = range;
    range.start += size;
    range.size -= size;
    if (range.size === 0) this.free.splice(at, 1);
    return start;
  }

  /** Bytes in use, including those of the program itself. */
  private held(): number {
    return this.free.reduce((held, { size }) => held - size, this.end);
  }

  release(start: number, bytes: number): void {
    this.insert(start, roundUp(Math.max(bytes, 1), BOUNDARY));
  }

  /** Makes the last free range at least `size` bytes long. Grows the memory by an eighth if possible, to grow less often. */
  private grow(size: number): void {
    const last = this.free.at(-1);
    const there = last !== undefined && last.start + last.size === this.end ? last.size : 0;
    const needed = Math.ceil((size - there) / PAGE);
    const generous = Math.max(needed, Math.ceil(this.end / 8 / PAGE));
    for (const pages of [generous, needed]) {
      try {
        this.memory.grow(pages);
        const before = this.end;
        this.end = this.memory.buffer.byteLength;
        this.insert(before, this.end - before);
        return;
      } catch {
        // Try a smaller amount.
      }
    }
    throw new OutOfMemoryError('a block of WebAssembly memory', { asked: size, held: this.held(), limit: this.maximum });
  }

  private insert(start: number, size: number): void {
    let low = 0;
    for (let high = this.free.length; low < high;) {
      const middle = (low + high) >> 1;
      if (this.free[middle].start < start) low = middle + 1;
      else high = middle;
    }
    const before = this.free[low - 1];
    const after = this.free[low];
    const joinsBefore = before !== undefined && before.start + before.size === start;
    const joinsAfter = after !== undefined && start + size === after.start;
    if (joinsBefore) {
      before.size += size + (joinsAfter ? after.size : 0);
      if (joinsAfter) this.free.splice(low, 1);
    } else if (joinsAfter) {
      after.start = start;
      after.size += size;
    } else this.free.splice(low, 0, { start, size });
  }
}

function roundUp(value: number, boundary: number): number {
  return Math.ceil(value / boundary) * boundary;
}
