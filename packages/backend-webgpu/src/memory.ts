// Buffers of the device, pooled by size.

import type { Spec } from '@sinapse/core';
import { USAGE } from './flags.ts';
import { NO_SHELF, OutOfMemoryError, Pool, PooledStorage } from '@sinapse/core';

export class Buffer extends PooledStorage {
  readonly buffer: GPUBuffer;

  constructor(buffer: GPUBuffer, capacity: number, shelf: number) {
    super(capacity, shelf);
    this.buffer = buffer;
  }
}

/** Capacities are powers of two from 2^SMALLEST to 2^LARGEST bytes; larger buffers have the exact size and are not kept for reuse. */
const SMALLEST = 8;
const LARGEST = 28;

export class Memory extends Pool<Buffer> {
  private readonly device: GPUDevice;
  private readonly beforeDestroy: () => void;
  private readonly limit: number;
  private held = 0;

  /**
   * @param limit bytes that all buffers may take together
   * @param beforeDestroy submits the commands that still use a buffer
   */
  constructor(device: GPUDevice, limit: number, beforeDestroy: () => void) {
    super(LARGEST + 1);
    this.limit = limit;
    this.device = device;
    this.beforeDestroy = beforeDestroy;
  }

  allocate(spec: Spec): Buffer {
    const bytes = Math.max(4 * spec.size, 1 << SMALLEST);
    return this.lend(spec, bytes <= 2 ** LARGEST ? 32 - Math.clz32(bytes - 1) : NO_SHELF);
  }

  protected create(spec: Spec, shelf: number): Buffer {
    const size = shelf === NO_SHELF ? Math.ceil(spec.size / 4) * 16 : 2 ** shelf;
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const largest = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (size > largest) throw new OutOfMemoryError('a storage', { asked: size, limit: largest });
    return this.claim('a storage', size, () => {
      if (this.held + size > this.limit) throw new OutOfMemoryError('a storage', { asked: size, held: this.held, limit: this.limit });
      this.held += size;
      const usage = USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST;
      return new Buffer(this.device.createBuffer({ size, usage }), size, shelf);
    });
  }

  protected discard({ buffer, capacity }: Buffer): void {
    this.beforeDestroy();
    buffer.destroy();
    this.held -= capacity;
  }

  protected workspaceBytes(): number {
    return 0;
  }
}
