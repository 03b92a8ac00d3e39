// Buffers of the device, pooled by size.

import type { Spec } from '@sinapse/core';
import { NO_SHELF, OutOfMemoryError, Pool, PooledStorage } from '@sinapse/core';
import { USAGE } from './flags.ts';

export class Buffer extends PooledStorage {
  declare shelf: number;
  readonly buffer: GPUBuffer;

  constructor(buffer: GPUBuffer, capacity: number, shelf: number) {
    super(capacity, shelf);
    this.buffer = buffer;
  }
}

/** What the memory asks of the backend. */
export interface MemoryOwner {
  /** Submits the commands that still use a buffer. */
  readonly submit: () => void;
  /** Hears that the device had no memory for a buffer that was lent already. */
  readonly failed: (error: OutOfMemoryError) => void;
  /** Bytes that the backend holds besides storages. */
  readonly workspaceBytes: () => number;
}

/** Capacities are powers of two from 2^SMALLEST to 2^LARGEST bytes; larger buffers have the exact size and are not kept for reuse. */
const SMALLEST = 8;
const LARGEST = 28;

export class Memory extends Pool<Buffer> {
  private readonly device: GPUDevice;
  private readonly owner: MemoryOwner;
  private readonly limit: number;
  private held = 0;

  /** @param limit bytes that all buffers may take together */
  constructor(device: GPUDevice, limit: number, owner: MemoryOwner) {
    super(LARGEST + 1);
    this.limit = limit;
    this.device = device;
    this.owner = owner;
  }

  allocate(spec: Spec): Buffer {
    const bytes = Math.max(4 * spec.size, 1 << SMALLEST);
    return this.lend(spec, bytes <= 2 ** LARGEST ? 32 - Math.clz32(bytes - 1) : NO_SHELF);
  }

  protected create(spec: Spec, shelf: number): Buffer {
    const asked = shelf === NO_SHELF ? Math.ceil(spec.size / 4) * 16 : 2 ** shelf;
    const what = `a ${spec.dtype} tensor [${spec.shape.join(',')}] on webgpu`;
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const largest = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (asked > largest) throw new OutOfMemoryError(what, { asked, limit: largest });
    return this.claim(what, asked, () => {
      const { held, limit } = this;
      if (held + asked > limit) throw new OutOfMemoryError(what, { asked, held, limit });
      this.device.pushErrorScope('out-of-memory');
      const buffer = this.device.createBuffer({ size: asked, usage: USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST });
      const storage = new Buffer(buffer, asked, shelf);
      this.device.popErrorScope().then(
        (error) => error !== null && this.fail(storage, new OutOfMemoryError(what, { asked, held })),
        () => undefined, // the device is lost
      );
      this.held += asked;
      return storage;
    });
  }

  /** The device answers late: it had no memory for a storage. What is kept goes back to it, and the storage when it is released. */
  private fail(storage: Buffer, error: OutOfMemoryError): void {
    storage.shelf = NO_SHELF;
    this.giveBack();
    this.owner.failed(error);
  }

  protected discard({ buffer, capacity }: Buffer): void {
    this.owner.submit();
    buffer.destroy();
    this.held -= capacity;
  }

  protected workspaceBytes(): number {
    return this.owner.workspaceBytes();
  }
}
