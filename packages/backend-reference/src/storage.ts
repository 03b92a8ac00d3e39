// Where values live: one typed array per storage. Released storages are kept whole and handed out again, because a fresh typed array
// costs more than the kernel that fills it (24 MB: 2.4 ms of zeroing).

import type { DType, MemoryInfo, Spec, TypedArray, View } from '@sinapse/core';
import { BackendError, bytesOf, Storage } from '@sinapse/core';
import { productBytes } from './product.ts';
import { workspaceBytes } from './workspace.ts';

/** What float32 tensors are kept in. float64 is for tests: sharp differences in gradient checks, and an oracle for other backends. */
export type ReferencePrecision = 'float32' | 'float64';

export class CpuStorage extends Storage {
  /** At least as long as the values it was allocated for. */
  readonly data: TypedArray;
  /** False from release to reuse: kernels refuse it then. */
  live = true;
  /** The free list it returns to; none when it is too large to be kept. */
  readonly shelf: CpuStorage[] | undefined;

  constructor(data: TypedArray, shelf: CpuStorage[] | undefined) {
    super(0);
    this.data = data;
    this.shelf = shelf;
  }
}

/** The array that holds a view, from `view.offset` on. Core counts the writes: `storage.version` is left alone. */
export function valuesOf(view: View): TypedArray {
  const storage = view.storage as CpuStorage;
  if (!storage.live) throw notLive();
  return storage.data;
}

function notLive(): BackendError {
  return new BackendError('a storage was used after its release, or it belongs to another backend');
}

/** Capacities are powers of two from 2^SMALLEST to 2^LARGEST elements; anything beyond is allocated to measure and never kept. */
const SMALLEST = 3;
const LARGEST = 26;

/** How the values of one dtype are kept, and its free storages: `shelves[c]` holds those of 2^c elements. */
interface Kind {
  readonly create: (size: number) => TypedArray;
  readonly shelves: readonly CpuStorage[][];
}

/** Allocates and recycles storages. What is kept for reuse never exceeds the peak of what was in use. */
export class Memory {
  private readonly kinds: Readonly<Partial<Record<DType, Kind>>>;
  private readonly allShelves: readonly CpuStorage[][];
  private readonly poison: boolean;
  private closed = false;
  private liveBytes = 0;
  private liveStorages = 0;
  /** Capacities of the live storages, and the most they ever were. */
  private capacity = 0;
  private peak = 0;
  private pooled = 0;
  private nextEvicted = 0;

  constructor(precision: ReferencePrecision, poison: boolean) {
    const kind = (create: Kind['create']): Kind => ({ create, shelves: Array.from({ length: LARGEST + 1 }, () => []) });
    this.kinds = {
      float32: kind(precision === 'float64' ? (size) => new Float64Array(size) : (size) => new Float32Array(size)),
      int32: kind((size) => new Int32Array(size)),
      uint8: kind((size) => new Uint8Array(size)),
      bool: kind((size) => new Uint8Array(size)),
    };
    this.allShelves = Object.values(this.kinds).flatMap((each) => each.shelves);
    this.poison = poison;
  }

  allocate(spec: Spec): CpuStorage {
    const kind = this.kinds[spec.dtype];
    if (kind === undefined) throw new BackendError(`the CPU backend has no ${spec.dtype}`);
    const { size } = spec;
    const sizeClass = size <= 1 << SMALLEST ? SMALLEST : 32 - Math.clz32(size - 1);
    const shelf = size <= 1 << LARGEST ? kind.shelves[sizeClass] : undefined;
    let storage = shelf?.pop();
    if (storage === undefined) {
      storage = this.create(kind, shelf === undefined ? size : 1 << sizeClass, shelf);
    } else {
      this.pooled -= storage.data.byteLength;
      storage.version++;
      storage.live = true;
    }
    storage.bytes = bytesOf(spec);
    this.liveBytes += storage.bytes;
    this.liveStorages++;
    this.capacity += storage.data.byteLength;
    if (this.capacity > this.peak) this.peak = this.capacity;
    return storage;
  }

  release(storage: CpuStorage): void {
    if (!storage.live) throw new BackendError('a storage was released twice, or it belongs to another backend');
    storage.live = false;
    this.liveBytes -= storage.bytes;
    this.liveStorages--;
    this.capacity -= storage.data.byteLength;
    if (storage.shelf === undefined || this.closed) return;
    if (this.poison) spoil(storage.data);
    storage.shelf.push(storage);
    this.pooled += storage.data.byteLength;
    if (this.pooled > this.peak) this.evict();
  }

  /** `liveBytes` is what the specs say, to the byte; also in float64 mode, which keeps twice as much. */
  info(): MemoryInfo {
    return {
      liveBytes: this.liveBytes,
      liveStorages: this.liveStorages,
      pooledBytes: this.pooled,
      workspaceBytes: workspaceBytes() + productBytes(),
    };
  }

  close(): void {
    this.closed = true;
    for (const shelf of this.allShelves) shelf.length = 0;
    this.pooled = 0;
  }

  private create(kind: Kind, capacity: number, shelf: CpuStorage[] | undefined): CpuStorage {
    if (this.closed) throw new BackendError('the backend is closed');
    const storage = new CpuStorage(kind.create(capacity), shelf);
    if (this.poison) spoil(storage.data);
    return storage;
  }

  /** Gives up kept storages, one size after the other, so that sizes which are no longer asked for go sooner or later. */
  private evict(): void {
    while (this.pooled > this.peak) {
      const dropped = this.allShelves[this.nextEvicted].pop();
      if (dropped !== undefined) this.pooled -= dropped.data.byteLength;
      this.nextEvicted = (this.nextEvicted + 1) % this.allShelves.length;
    }
  }
}

/** Fills with values that a test notices. */
function spoil(data: TypedArray): void {
  if (data instanceof Int32Array) data.fill(0x5a5a5a5a);
  else data.fill(data instanceof Uint8Array ? 0xa5 : NaN);
}
