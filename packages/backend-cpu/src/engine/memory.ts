// The memory of values: blocks of an engine's memory, and what is derived from their contents.

import type { DType, Spec, View } from '@sinapse/core';
import { BackendError, BYTES, bytesOf, NO_SHELF, Pool, PooledStorage } from '@sinapse/core';
import type { Engine } from './engine.ts';

/** Something computed from a storage's contents and kept with it: a filter prepared for Winograd's algorithm. */
export interface Derived {
  /** The kind of computation, and the numbers that it depends on besides the contents. */
  readonly kind: string;
  readonly numbers: readonly number[];
  /** The version of the contents it was computed from. Whoever computes it sets this when done. */
  version: number;
  readonly address: number;
  readonly bytes: number;
}

export class Block extends PooledStorage {
  readonly address: number;
  readonly derived: Derived[] = [];

  constructor(address: number, capacity: number, shelf: number) {
    super(capacity, shelf);
    this.address = address;
  }
}

function find(all: readonly Derived[], kind: string, numbers: readonly number[]): Derived | undefined {
  for (const derived of all) if (derived.kind === kind && sameNumbers(derived.numbers, numbers)) return derived;
  return undefined;
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}

/** The address of a view's first element. */
export function addressOf(view: View): number {
  const block = view.storage as Block;
  block.assertLive();
  return block.address + view.offset * BYTES[view.dtype];
}

/**
 * `addressOf` for what JavaScript reads and writes.
 * @throws BackendError unless the view lies inside its storage
 */
export function checkedAddress(view: View): number {
  const { offset, size, dtype } = view;
  if (!(offset >= 0 && size >= 0 && (offset + size) * BYTES[dtype] <= view.storage.capacity))
    throw new BackendError(`a view of ${size} elements of ${dtype} from ${offset} on does not lie inside its storage`);
  return addressOf(view);
}

const SUPPORTED: ReadonlySet<DType> = new Set<DType>(['float32', 'int32', 'uint8', 'bool']);

/** Capacities are 64 bytes times 4, 5, 6 or 7 quarters of a power of two, so that at most a fifth is unused. */
const STEPS = 4;
const SMALLEST = 64;
/** Larger blocks cannot be had: they have no class. */
const LARGEST = 2 ** 48;
const CLASSES = 43 * STEPS; // up to LARGEST

/** The first class whose capacity is at least `bytes`. */
function classOf(bytes: number): number {
  if (bytes <= SMALLEST) return 0;
  const units = (bytes - 1) / SMALLEST; // above 2^octave units
  const octave = Math.floor(Math.log2(units));
  return octave * STEPS + Math.floor((units / 2 ** octave - 1) * STEPS) + 1;
}

function capacityOf(sizeClass: number): number {
  const octave = Math.floor(sizeClass / STEPS);
  const bytes = SMALLEST * 2 ** octave * (1 + (sizeClass % STEPS) / STEPS);
  return Math.ceil(bytes / SMALLEST) * SMALLEST;
}

/** Classes of sizes up to this many bytes are looked up in a table. */
const TABLE_LIMIT = 1 << 14;

export class Memory extends Pool<Block> {
  private readonly engine: Engine;
  private readonly poison: boolean;
  /** The class of each size, in units of 64 bytes. */
  private readonly table: Uint8Array = Uint8Array.from({ length: TABLE_LIMIT / SMALLEST + 1 }, (_, units) => classOf(units * SMALLEST));
  private derivedBytes = 0;

  /**
   * @param poison for tests: blocks have the exact size, begin as NaN and are not reused, so that tools that watch the bounds of blocks see every
   * access beyond
   */
  constructor(engine: Engine, poison: boolean) {
    super(CLASSES);
    this.engine = engine;
    engine.giveBack = () => this.giveBack() + this.derivedBytes;
    this.poison = poison;
  }

  allocate(spec: Spec): Block {
    if (!SUPPORTED.has(spec.dtype)) throw new BackendError(`the CPU backend has no ${spec.dtype}`);
    if (this.poison) return this.lend(spec, NO_SHELF);
    const bytes = bytesOf(spec);
    return this.lend(spec, bytes <= TABLE_LIMIT ? this.table[Math.ceil(bytes / SMALLEST)] : bytes <= LARGEST ? classOf(bytes) : NO_SHELF);
  }

  override release(block: Block): void {
    super.release(block);
    if (block.derived.length > 0) this.dropDerived(block);
  }

  /**
   * What a computation `kind` with some `numbers` derived from a storage's contents, or room for it. It is stale if its version is not the
   * storage's. The memory may grow.
   * @param bytes size of the derived values
   */
  derive(view: View, kind: string, numbers: readonly number[], bytes: number): Derived {
    const block = view.storage as Block;
    let derived = find(block.derived, kind, numbers);
    if (derived === undefined) {
      derived = { kind, numbers, version: -1, address: this.take(`what ${kind} keeps with a storage`, bytes), bytes };
      this.derivedBytes += bytes;
      block.derived.push(derived);
    }
    return derived;
  }

  protected create(spec: Spec, shelf: number): Block {
    const capacity = shelf === NO_SHELF ? Math.max(bytesOf(spec), 1) : capacityOf(shelf);
    const block = new Block(this.take('a storage', capacity), capacity, shelf);
    if (this.poison) this.spoil(block);
    return block;
  }

  protected discard(block: Block): void {
    this.engine.free(block.address, block.capacity);
  }

  /**
   * The address of a new block, which its owner gives back to the engine.
   * @throws OutOfMemoryError when there is no memory for it even after everything kept for reuse was given back
   */
  take(what: string, bytes: number): number {
    return this.claim(what, bytes, () => this.engine.allocate(bytes));
  }

  protected workspaceBytes(): number {
    return this.derivedBytes + this.engine.workspaceBytes();
  }

  private dropDerived(block: Block): void {
    for (const derived of block.derived) {
      this.engine.free(derived.address, derived.bytes);
      this.derivedBytes -= derived.bytes;
    }
    block.derived.length = 0;
  }

  /** Fills a block with the poison, piece by piece: that takes no memory that could be refused. */
  private spoil({ address, capacity }: Block): void {
    for (let at = 0; at < capacity; at += POISON.length) this.engine.write(address + at, POISON.subarray(0, capacity - at));
  }
}

/** NaN, in a bit pattern that tests notice as integers too. */
const POISON: Uint8Array = new Uint8Array(new Int32Array(1 << 12).fill(0x7fa5a5a5).buffer);
