// Tensors worked out from a model's cells and kept until a cell changes: weights transformed once for many predictions.

import { pauseRecording } from '../autodiff/recording.ts';
import type { Storage } from '../contract/storage.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Parameter, State } from './parameter.ts';
import { owned } from './parameter.ts';

type Cell = Parameter | State;

/** What a cell held, without a handle to it: an optimizer may still step in place. */
interface Source {
  readonly storage: Storage;
  readonly offset: number;
  readonly version: number;
}

interface Kept<R> {
  readonly sources: readonly (Source | undefined)[];
  readonly tensors: R;
}

/** What is kept, apart from who keeps it: what is left when the garbage collector has taken that. */
interface Holder<R = Readonly<Record<string, Tensor>>> {
  kept: Kept<R> | undefined;
}

const collected = new FinalizationRegistry<Holder>(releaseKept);

function releaseKept(holder: Holder): void {
  if (holder.kept === undefined) return;
  for (const tensor of Object.values(holder.kept.tensors)) tensor.dispose();
  holder.kept = undefined;
}

/**
 * Keeps what a part of a model works out from its cells. The kept tensors stay the same storages from call to call, so what a backend caches
 * about them stays valid, too.
 */
export class Derived<R extends Readonly<Record<string, Tensor>>> {
  private readonly holder: Holder<R> = { kept: undefined };

  constructor() {
    collected.register(this, this.holder);
  }

  /**
   * The result of `compute`, from memory while every cell holds the values it held when they were computed. The tensors stay the keeper's, which
   * disposes of them when a cell has changed: what must live on needs a handle of its own (`alias()`). While a gradient is taken with respect to
   * one of the cells, the result is computed on the spot, so that the gradient sees how: the caller's own.
   * @param cells all that `compute` reads; undefined for one that is not there
   */
  of(cells: readonly (Cell | undefined)[], compute: () => R): R {
    for (const cell of cells) if (cell?.isSubstituted === true) return compute();
    const { holder } = this;
    if (holder.kept === undefined || !isCurrent(holder.kept, cells)) {
      this.release();
      scope(() => {
        const computed = Object.entries(pauseRecording(compute));
        const tensors = Object.fromEntries(computed.map(([name, tensor]) => [name, owned(tensor)])) as unknown as R;
        holder.kept = { sources: cells.map((cell) => cell && sourceOf(cell)), tensors };
      });
    }
    return holder.kept!.tensors;
  }

  /** Lets go of what is kept, when it will not be asked for soon. */
  release(): void {
    releaseKept(this.holder);
  }
}

function sourceOf({ tensor: { storage, offset } }: Cell): Source {
  return { storage, offset, version: storage.version };
}

// Predictions ask this of every layer, with caches that the layer before has filled: a loop that makes nothing.
function isCurrent({ sources }: Kept<unknown>, cells: readonly (Cell | undefined)[]): boolean {
  for (let i = 0; i < sources.length; i++) {
    const source = sources[i];
    const tensor = cells[i]?.tensor;
    if (tensor?.storage !== source?.storage) return false;
    if (source === undefined || tensor === undefined) continue;
    if (tensor.disposed || tensor.offset !== source.offset || source.storage.version !== source.version) return false;
  }
  return true;
}
