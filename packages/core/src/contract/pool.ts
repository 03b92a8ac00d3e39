// Memory that a backend keeps: released storages are kept by size and handed out again as they are, because to ask the system for memory, and
// have it zeroed, may cost more than the kernel that fills it (24 MB: 2.4 ms).

import type { MemoryInfo } from './backend.ts';
import { BackendError, asMemoryError } from './errors.ts';
import type { Spec } from './storage.ts';
import { Storage, bytesOf } from './storage.ts';

/** Of storages that are given back to the system as soon as they are released. */
export const NO_SHELF = -1;

export class PooledStorage extends Storage {
  /** Where it is kept once it is released: with others of the same capacity, or `NO_SHELF`. */
  readonly shelf: number;
  /** False from release to reuse: kernels refuse it then. */
  live = true;

  constructor(capacity: number, shelf: number) {
    super(0, capacity);
    this.shelf = shelf;
  }

  /**
   * For kernels, which may be handed anything.
   * @throws BackendError when it was released
   */
  assertLive(): void {
    if (!this.live) throw new BackendError('a storage was used after its release, or it belongs to another backend');
  }
}

/** Lends storages of one backend and takes them back. What is kept for reuse never exceeds the peak of what was in use. */
export abstract class Pool<S extends PooledStorage> {
  private readonly shelves: readonly S[][];
  private closed = false;
  private liveBytes = 0;
  private liveStorages = 0;
  /** Capacities of the storages in use, and the most they ever were. */
  private capacity = 0;
  private peak = 0;
  private pooled = 0;
  private nextEvicted = 0;

  /** @param shelves how many there are */
  constructor(shelves: number) {
    this.shelves = Array.from({ length: shelves }, () => []);
  }

  /** Memory from the system, with room for a spec's values and for those of all others that belong on the shelf. */
  protected abstract create(spec: Spec, shelf: number): S;

  /** Gives the memory back to the system. */
  protected abstract discard(storage: S): void;

  /** Bytes that the backend holds besides storages. */
  protected abstract workspaceBytes(): number;

  /**
   * A storage for a spec's values.
   * @param shelf of the smallest capacity that they fit into
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

  /** `liveBytes` is what the specs say, to the byte. */
  info(): MemoryInfo {
    const { liveBytes, liveStorages, pooled } = this;
    return { liveBytes, liveStorages, pooledBytes: pooled, workspaceBytes: this.workspaceBytes() };
  }

  /** Gives back what is kept; what is in use follows when it is released. */
  close(): void {
    this.closed = true;
    this.giveBack();
  }

  /** Gives back what is kept for reuse; returns the bytes that are in use. */
  protected giveBack(): number {
    for (const shelf of this.shelves) for (const storage of shelf.splice(0)) this.discard(storage);
    this.pooled = 0;
    return this.capacity;
  }

  /**
   * What `take` gets from the system; where that has no memory, what is kept for reuse is given back first.
   * @throws OutOfMemoryError when that is not enough; nothing else has changed then
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

  /** Gives up kept storages, one size after the other, so that sizes which are no longer asked for go sooner or later. */
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
