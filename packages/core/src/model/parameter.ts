// The cells of a model: parameters, which are trained, and state, which is not. A cell swaps its tensor; the tensors themselves never change.

import { BackendError, DTypeError, ShapeError, SinapseError } from '../contract/errors.ts';
import { formatShape, sameShape } from '../contract/shape.ts';
import type { Shape } from '../contract/shape.ts';
import type { DType } from '../contract/dtype.ts';
import { noteMoved } from '../dispatch/record.ts';
import { Handle } from '../tensor/handle.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** What a cell holds, apart from the cell: what is left when the garbage collector has taken it. */
interface Holder {
  tensor: Tensor;
}

/** One registration for the life of a cell: to register every new value of every step would fill the collector's books. */
const collected = new FinalizationRegistry<Holder>((holder) => holder.tensor.dispose());

/** The same values under a handle that no scope and no finaliser releases, a constant to gradients. */
export function owned(value: Tensor): Tensor {
  const own = value.alias().escapeScope();
  own.node = undefined;
  return own;
}

class Cell {
  private readonly holder: Holder;
  private substituted: Tensor | undefined;

  /** @throws SinapseError when it is no tensor */
  constructor(initial: Tensor) {
    if (!(initial instanceof Handle)) throw new SinapseError('parameter: the initial value must be a tensor; make one with tensor(…)');
    this.holder = { tensor: owned(initial) };
    noteMoved(() => this.describe());
    collected.register(this, this.holder);
  }

  get shape(): Shape {
    return this.holder.tensor.shape;
  }

  get dtype(): DType {
    return this.holder.tensor.dtype;
  }

  get size(): number {
    return this.holder.tensor.size;
  }

  /** The value at this moment, under a handle of the caller's: a snapshot that later assignments leave as it is. */
  get value(): Tensor {
    return (this.substituted ?? this.holder.tensor).alias();
  }

  /** @internal Whether it reads as another tensor for the time being: a gradient is taken with respect to it, or shapes alone are computed. */
  get isSubstituted(): boolean {
    return this.substituted !== undefined;
  }

  /** @internal The cell's own handle, for optimizers: nothing else must refer to it for a step in place. */
  get tensor(): Tensor {
    return this.holder.tensor;
  }

  /**
   * Replaces the value.
   * @throws ShapeError, DTypeError, BackendError when it is of another shape or dtype, or on another backend
   */
  assign(value: Tensor): void {
    this.checkFits(value);
    if (value.backend !== this.holder.tensor.backend)
      throw new BackendError(
        `assign: a value on ${value.backend.name} does not fit a cell on ${this.holder.tensor.backend.name}; move it with await x.to(backend)`,
      );
    const next = owned(value);
    if (next.storage !== this.holder.tensor.storage) noteMoved(() => this.describe());
    this.holder.tensor.dispose();
    this.holder.tensor = next;
  }

  /** @throws ShapeError, DTypeError unless the value is of this shape and dtype */
  checkFits(value: Tensor): void {
    if (!sameShape(value.shape, this.shape))
      throw new ShapeError(`assign: a value of shape ${formatShape(value.shape)} does not fit ${formatShape(this.shape)}`);
    if (value.dtype !== this.dtype) throw new DTypeError(`assign: a ${value.dtype} value does not fit ${this.dtype}`);
  }

  private describe(): string {
    return `a parameter or state of shape ${formatShape(this.shape)}`;
  }

  /** Releases the value now. */
  dispose(): void {
    this.holder.tensor.dispose();
  }

  /** @internal Runs a callback in which cells, among other things, read as other tensors (the leaves of a gradient, shapes without values). */
  static substitute<T>(cells: readonly unknown[], tensors: readonly Tensor[], callback: () => T): T {
    const before = cells.map((cell) => (cell instanceof Cell ? cell.substituted : undefined));
    const put = (values: readonly (Tensor | undefined)[]): void =>
      cells.forEach((cell, i) => {
        if (cell instanceof Cell) cell.substituted = values[i];
      });
    put(tensors);
    try {
      return callback();
    } finally {
      put(before);
    }
  }
}

const PARAMETER: symbol = Symbol.for('sinapse.parameter');
const STATE: symbol = Symbol.for('sinapse.state');

/** A tensor that training changes. */
export class Parameter extends Cell {
  readonly brand: symbol = PARAMETER;
  /** Whether optimizers change it. */
  trainable = true;
}

/** A tensor that a model keeps but gradients do not train: running statistics, a recurrent state. Written through `Context.update`. */
export class State extends Cell {
  readonly brand: symbol = STATE;
}

/** Whether a value is a parameter, of this or another copy of the package. */
export function isParameter(value: unknown): value is Parameter {
  return typeof value === 'object' && value !== null && 'brand' in value && value.brand === PARAMETER;
}

/** Whether a value is a state, of this or another copy of the package. */
export function isState(value: unknown): value is State {
  return typeof value === 'object' && value !== null && 'brand' in value && value.brand === STATE;
}
