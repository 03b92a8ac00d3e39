// Buffers through which values come back to the host. Those of the same size are used again.

import { MAP_READ, USAGE } from './flags.ts';

/** The most bytes kept for later reads. */
const KEPT = 2 ** 22;

export class Staging {
  private readonly device: GPUDevice;
  /** By the logarithm of their size. */
  private readonly shelves: GPUBuffer[][] = [];
  private kept = 0;

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /** Bytes kept for later reads. */
  get bytes(): number {
    return this.kept;
  }

  /** A buffer with room for so many bytes. */
  take(bytes: number): GPUBuffer {
    const shelf = Math.max(8, 32 - Math.clz32(bytes - 1));
    const kept = this.shelves[shelf]?.pop();
    if (kept !== undefined) {
      this.kept -= kept.size;
      return kept;
    }
    return this.device.createBuffer({
      size: 2 ** shelf <= KEPT ? 2 ** shelf : Math.ceil(bytes / 4) * 4,
      usage: USAGE.MAP_READ | USAGE.COPY_DST,
    });
  }

  /** The first bytes of a buffer that was taken, once the device has written them, as 32-bit words. The buffer is then free for others. */
  async words(buffer: GPUBuffer, bytes: number, waits: <T>(work: Promise<T>) => Promise<T>): Promise<Uint32Array<ArrayBuffer>> {
    await waits(buffer.mapAsync(MAP_READ, 0, bytes));
    const words = new Uint32Array(buffer.getMappedRange(0, bytes).slice(0));
    buffer.unmap();
    this.give(buffer);
    return words;
  }

  private give(buffer: GPUBuffer): void {
    const shelf = 31 - Math.clz32(buffer.size);
    if (buffer.size !== 2 ** shelf || this.kept + buffer.size > KEPT) return buffer.destroy();
    (this.shelves[shelf] ??= []).push(buffer);
    this.kept += buffer.size;
  }
}
