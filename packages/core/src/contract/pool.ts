// A pool of a backend's memory. It keeps released storages by size and lends them again without clearing them: getting zeroed memory from the
// system may take longer than the kernel that fills it (2.4 ms for 24 MB).

import type { MemoryInfo } from './backend.ts';
import { BackendError, asMemoryError } from './errors.ts';
import type { Spec } from './storage.ts';
import { Storage, bytesOf } from './storage.ts';

/** The shelf of storages that go back to the system as soon as they are released. */
export const NO_SHELF = -1;

export class PooledStorage extends Storage {
  /** The shelf that keeps it after its release, with others of the same capacity; or `NO_SHELF`. */
  readonly shelf: number;
  /** False from release to reuse; kernels then refuse it. */
  live = true;

  constructor(capacity: number, shelf: number) {
    super(0, capacity);
    this.shelf = shelf;
  }

  /**
   * Kernels call this, as a caller may pass them a stale storage.
   * @throws BackendError when it was released
   */
  assertLive(): void {
    if (!this.live) throw new BackendError('a storage was used after its release, or it belongs to another backend');
  }
}

/** Lends storages of one backend and takes them back. It never keeps more for reuse than was in use at the peak. */
export abstract class Pool<S extends PooledStorage> {
  private readonly shelves: readonly S[][];
  private closed = false;
  private liveBytes = 0;
  private liveStorages = 0;
  /** The total capacity of the storages in use, and its peak. */
  private capacity = 0;
  private peak = 0;
  private pooled = 0;
  private nextEvicted = 0;

  /** @param shelves the number of shelves */
  constructor(shelves: number) {
    this.shelves = Array.from({ length: shelves }, () => []);
  }

  /** A storage of new memory from the system, with the capacity of its shelf, or with room for the spec if it has none. */
  protected abstract create(spec: Spec, shelf: number): S;

  /** Gives the memory back to the system. */
  protected abstract discard(storage: S): void;

  /** Bytes the backend holds besides storages. */
  protected abstract workspaceBytes(): number;

  /**
   * A storage for a spec's values.
   * @param shelf the one with the smallest capacity that holds them
   */
  protected lend(spec: Spec, shelf: number): S {
    let storage = shelf === NO_SHELF ? undefined : this.shelves[shelf]!.pop();
    if (storage === undefined) {
      if (this.closed) throw new BackendError('the backend is closed');
      storage = this.create(spec, shelf);
    } else {
      this.pooled -= storage.capacity;
      storage.version++;
      storage.live = true;
    }
    storage.bytes = bytesOf(spec);
    this.liveBytes += storage.bytes;
    this.liveStorages++;
    this.capacity += storage.capacity;
    if (this.capacity > this.peak) this.peak = this.capacity;
    return storage;
  }

  /** @throws BackendError when it is not in use */
  release(storage: S): void {
    if (!storage.live) throw new BackendError('a storage was released twice, or it belongs to another backend');
    storage.live = false;
    this.liveBytes -= storage.bytes;
    this.liveStorages--;
    this.capacity -= storage.capacity;
    if (storage.shelf === NO_SHELF || this.closed) return this.discard(storage);
    this.shelves[storage.shelf]!.push(storage);
    this.pooled += storage.capacity;
    if (this.pooled > this.peak) this.evict();
  }

  /** Memory in use and kept. `liveBytes` is the exact sum over the specs. */
  info(): MemoryInfo {
    const { liveBytes, liveStorages, pooled } = this;
    return { liveBytes, liveStorages, pooledBytes: pooled, workspaceBytes: this.workspaceBytes() };
  }

  /** Gives the kept storages back to the system. Those in use go back when they are released. */
  close(): void {
    this.closed = true;
    this.giveBack();
  }

  /** Gives the kept storages back to the system; returns the bytes in use. */
  protected giveBack(): number {
    for (const shelf of this.shelves) for (const storage of shelf.splice(0)) this.discard(storage);
    this.pooled = 0;
    return this.capacity;
  }

  /**
   * The result of `take`, which gets memory from the system. If that fails, gives the kept storages back and tries again.
   * @throws OutOfMemoryError when that fails, too; storages in use have not changed
   */
  protected claim<T>(what: string, bytes: number, take: () => T): T {
    try {
      return take();
    } catch {
      this.giveBack();
    }
    try {
      return take();
    } catch (error) {
      throw asMemoryError(error, what, bytes, { held: this.capacity, pooled: this.pooled });
    }
  }

  /** Discards kept storages from each shelf in turn, so that sizes no longer in demand go as well. */
  private evict(): void {
    while (this.pooled > this.peak) {
      const dropped = this.shelves[this.nextEvicted]!.pop();
      if (dropped !== undefined) {
        this.pooled -= dropped.capacity;
        this.discard(dropped);
      }
      this.nextEvicted = (this.nextEvicted + 1) % this.shelves.length;
    }
  }
}
