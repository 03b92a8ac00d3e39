// Tensors computed from a model's variables and kept until a variable changes, e.g. weights transformed once for many predictions.

import { pauseRecording } from '../autodiff/recording.ts';
import type { Storage } from '../contract/storage.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Parameter, State } from './parameter.ts';
import { owned } from './parameter.ts';

type Variable = Parameter | State;

/** Identifies the value of a variable without a handle to it, so that an optimizer can still step in place. */
interface Source {
  readonly storage: Storage;
  readonly offset: number;
  readonly version: number;
}

interface Kept<R> {
  readonly sources: readonly (Source | undefined)[];
  readonly tensors: R;
}

/** The kept tensors: a separate object, as it must outlive the `Derived` for its finaliser. */
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
 * Keeps tensors that a part of a model computes from its variables. They keep their storages from call to call, so what a backend caches
 * about them stays valid.
 */
export class Derived<R extends Readonly<Record<string, Tensor>>> {
  private readonly holder: Holder<R> = { kept: undefined };

  constructor() {
    collected.register(this, this.holder);
  }

  /**
   * The result of `compute`, kept until a variable changes. This object owns the tensors and then disposes of them; a caller that needs them for
   * longer makes handles with `alias()`. While a gradient is taken with respect to one of the variables, the result is computed anew, so that the
   * gradient flows through it, and belongs to the caller.
   * @param variables all that `compute` reads; undefined for an absent one
   */
  of(variables: readonly (Variable | undefined)[], compute: () => R): R {
    for (const variable of variables) if (variable?.isSubstituted === true) return compute();
    const { holder } = this;
    if (holder.kept === undefined || !isCurrent(holder.kept, variables)) {
      this.release();
      scope(() => {
        const computed = Object.entries(pauseRecording(compute));
        const tensors = Object.fromEntries(computed.map(([name, tensor]) => [name, owned(tensor)])) as unknown as R;
        holder.kept = { sources: variables.map((variable) => variable && sourceOf(variable)), tensors };
      });
    }
    return holder.kept!.tensors;
  }

  /** Releases the kept tensors, if they will not be needed soon. */
  release(): void {
    releaseKept(this.holder);
  }
}

function sourceOf({ tensor: { storage, offset } }: Variable): Source {
  return { storage, offset, version: storage.version };
}

// A plain loop that allocates nothing, as every prediction runs this for every layer.
function isCurrent({ sources }: Kept<unknown>, variables: readonly (Variable | undefined)[]): boolean {
  for (let i = 0; i < sources.length; i++) {
    const source = sources[i];
    const tensor = variables[i]?.tensor;
    if (tensor?.storage !== source?.storage) return false;
    if (source === undefined || tensor === undefined) continue;
    if (tensor.disposed || tensor.offset !== source.offset || source.storage.version !== source.version) return false;
  }
  return true;
}
