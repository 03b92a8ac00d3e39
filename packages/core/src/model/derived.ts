// Tensors worked out from a model's cells and kept until a cell changes: weights transformed once for many predictions.

import { pauseRecording } from '../autodiff/recording.ts';
import type { Storage } from '../storage.ts';
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

interface Kept {
  readonly sources: readonly Source[];
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** What is kept, apart from who keeps it: what is left when the garbage collector has taken that. */
interface Holder {
  kept: Kept | undefined;
}

const collected = new FinalizationRegistry<Holder>(releaseKept);

function releaseKept(holder: Holder): void {
  for (const tensor of Object.values(holder.kept?.tensors ?? {})) tensor.dispose();
  holder.kept = undefined;
}

/**
 * Keeps what a part of a model works out from its cells. The kept tensors stay the same storages from call to call, so what a backend caches
 * about them stays valid, too.
 */
export class Derived<R extends Readonly<Record<string, Tensor>>> {
  private readonly holder: Holder = { kept: undefined };

  constructor() {
    collected.register(this, this.holder);
  }

  /**
   * The result of `compute`, under handles of the caller's: from memory while every cell holds the values it held when they were computed. While
   * a gradient is taken with respect to one of the cells, it is computed on the spot, so that the gradient sees how.
   * @param cells all that `compute` reads
   */
  of(cells: readonly Cell[], compute: () => R): R {
    if (cells.some((cell) => cell.isSubstituted)) return compute();
    const { holder } = this;
    if (holder.kept === undefined || !isCurrent(holder.kept, cells)) {
      this.release();
      scope(() => {
        const tensors = mapTensors(pauseRecording(compute), owned);
        holder.kept = { sources: cells.map(({ tensor: { storage, offset } }) => ({ storage, offset, version: storage.version })), tensors };
      });
    }
    return mapTensors(holder.kept!.tensors, (tensor) => tensor.alias()) as R;
  }

  /** Lets go of what is kept, when it will not be asked for soon. */
  release(): void {
    releaseKept(this.holder);
  }
}

function isCurrent({ sources }: Kept, cells: readonly Cell[]): boolean {
  return cells.every(({ tensor }, i) => {
    const source = sources[i]!;
    return (
      !tensor.disposed && tensor.storage === source.storage && tensor.offset === source.offset && tensor.storage.version === source.version
    );
  });
}

function mapTensors(record: Readonly<Record<string, Tensor>>, map: (tensor: Tensor) => Tensor): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(record).map(([name, tensor]) => [name, map(tensor)]));
}
