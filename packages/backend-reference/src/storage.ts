// Storages: one typed array each.

import type { DType, Spec, TypedArray, View } from '@sinapse/core';
import { BackendError, BYTES, NO_SHELF, Pool, PooledStorage } from '@sinapse/core';
import { productBytes } from './product.ts';
import { workspaceBytes } from './workspace.ts';

/** The precision in which float32 tensors are stored. float64 is for tests: for gradient checks, and to compare other backends with. */
export type ReferencePrecision = 'float32' | 'float64';

export class CpuStorage extends PooledStorage {
  /** At least as long as the values it was allocated for. */
  readonly data: TypedArray;

  constructor(data: TypedArray, shelf: number) {
    super(data.byteLength, shelf);
    this.data = data;
  }
}

/** The array that holds a view, from `view.offset` on. Core counts the writes: `storage.version` is left alone. */
export function valuesOf(view: View): TypedArray {
  const storage = view.storage as CpuStorage;
  storage.assertLive();
  return storage.data;
}

/** Capacities are powers of two from 2^SMALLEST to 2^LARGEST elements; larger arrays have the exact size and are not kept for reuse. */
const SMALLEST = 3;
const LARGEST = 26;

/** How values of one dtype are stored. Shelf `first + c` holds arrays of 2^c elements. */
interface Kind {
  readonly create: (size: number) => TypedArray;
  readonly first: number;
}

/** Allocates and reuses arrays. Capacities are those of the arrays: in float64 mode twice those of the specs. */
export class Memory extends Pool<CpuStorage> {
  private readonly kinds: Readonly<Partial<Record<DType, Kind>>>;
  private readonly poison: boolean;

  constructor(precision: ReferencePrecision, poison: boolean) {
    super(4 * (LARGEST + 1));
    const kind = (index: number, create: Kind['create']): Kind => ({ create, first: index * (LARGEST + 1) });
    this.kinds = {
      float32: kind(0, precision === 'float64' ? (size) => new Float64Array(size) : (size) => new Float32Array(size)),
      int32: kind(1, (size) => new Int32Array(size)),
      uint8: kind(2, (size) => new Uint8Array(size)),
      bool: kind(3, (size) => new Uint8Array(size)),
    };
    this.poison = poison;
  }

  allocate(spec: Spec): CpuStorage {
    const kind = this.kinds[spec.dtype];
    if (kind === undefined) throw new BackendError(`the CPU backend has no ${spec.dtype}`);
    const sizeClass = spec.size <= 1 << SMALLEST ? SMALLEST : 32 - Math.clz32(spec.size - 1);
    return this.lend(spec, spec.size <= 1 << LARGEST ? kind.first + sizeClass : NO_SHELF);
  }

  override release(storage: CpuStorage): void {
    super.release(storage);
    if (this.poison) spoil(storage.data);
  }

  protected create({ dtype, size }: Spec, shelf: number): CpuStorage {
    const { create, first } = this.kinds[dtype]!;
    const room = shelf === NO_SHELF ? size : 1 << (shelf - first);
    const storage = new CpuStorage(
      this.claim('a storage', room * BYTES[dtype], () => create(room)),
      shelf,
    );
    if (this.poison) spoil(storage.data);
    return storage;
  }

  /** Nothing to do: the garbage collector frees the array. */
  protected discard(): void {}

  protected workspaceBytes(): number {
    return workspaceBytes() + productBytes();
  }
}

/** Fills an array with values that a test notices. */
function spoil(data: TypedArray): void {
  if (data instanceof Int32Array) data.fill(0x5a5a5a5a);
  else data.fill(data instanceof Uint8Array ? 0xa5 : NaN);
}
