// The variables of a model: parameters, which are trained, and states, which are not. Assigning to a variable replaces its tensor.

import { BackendError, DTypeError, ShapeError, SinapseError } from '../contract/errors.ts';
import { formatShape, sameShape } from '../contract/shape.ts';
import type { Shape } from '../contract/shape.ts';
import type { DType } from '../contract/dtype.ts';
import { printsAs } from '../contract/inspect.ts';
import { isMeta } from '../dispatch/meta.ts';
import { noteMoved } from '../dispatch/record.ts';
import { formatTensor } from '../tensor/format.ts';
import { Handle } from '../tensor/handle.ts';
import type { Tensor, TensorJSON } from '../tensor/tensor.ts';

/** The tensor of a variable: a separate object, as it must outlive the variable for its finaliser. */
interface Holder {
  tensor: Tensor;
}

/** Each variable is registered once. Registering every new value of every step would burden the garbage collector. */
const collected = new FinalizationRegistry<Holder>((holder) => holder.tensor.dispose());

/** A handle to the same values that no scope or finaliser releases, and that is a constant to gradients. */
export function owned(value: Tensor): Tensor {
  if ('runForAll' in value)
    throw new SinapseError(
      'parameter: inside vmap a tensor stands for every example, and a variable holds one value; return it, and assign it after',
    );
  const own = value.alias().escapeScope();
  own.node = undefined;
  return own;
}

abstract class Variable {
  /** What texts call it. */
  protected abstract get kind(): string;
  /** What follows the shape in texts. */
  protected get note(): string {
    return '';
  }
  private readonly holder: Holder;
  private substituted: Tensor | undefined;

  /** @throws SinapseError when the initial value is not a tensor */
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

  /** The current value, as a new handle that belongs to the caller: a snapshot that later assignments do not change. */
  get value(): Tensor {
    return (this.substituted ?? this.holder.tensor).alias();
  }

  /** @internal Whether it temporarily reads as another tensor: while a gradient is taken with respect to it, or only shapes are computed. */
  get isSubstituted(): boolean {
    return this.substituted !== undefined;
  }

  /** @internal The variable's own handle, for optimizers: they can step in place only if nothing else refers to its storage. */
  get tensor(): Tensor {
    return this.holder.tensor;
  }

  /**
   * Replaces the value. A variable made on `meta()` has none yet; its first one may lie on any backend.
   * @throws ShapeError, DTypeError, BackendError when the new value has another shape or dtype, or lies on another backend
   */
  assign(value: Tensor): void {
    this.checkFits(value);
    const { backend } = this.holder.tensor;
    if (value.backend !== backend && !isMeta(backend))
      throw new BackendError(
        `assign: a value on ${value.backend.name} does not fit a cell on ${backend.name}; move it with await x.to(backend)`,
      );
    const next = owned(value);
    if (next.storage !== this.holder.tensor.storage) noteMoved(() => this.describe());
    this.holder.tensor.dispose();
    this.holder.tensor = next;
  }

  /** @throws ShapeError, DTypeError unless the value has this shape and dtype */
  checkFits(value: Tensor): void {
    if (!sameShape(value.shape, this.shape))
      throw new ShapeError(`assign: a value of shape ${formatShape(value.shape)} does not fit ${formatShape(this.shape)}`);
    if (value.dtype !== this.dtype) throw new DTypeError(`assign: a ${value.dtype} value does not fit ${this.dtype}`);
  }

  /** Its kind, dtype, shape and values; many values are shortened. */
  toString(): string {
    return this.print(formatTensor);
  }

  /** What `JSON.stringify` writes: that of its tensor. */
  toJSON(): TensorJSON {
    return this.holder.tensor.toJSON();
  }

  /** @internal Writes it with a formatter of tensors. */
  print(format: typeof formatTensor): string {
    return `${this.kind} ${this.holder.tensor.print(format, this.note)}`;
  }

  private describe(): string {
    return `a parameter or state of shape ${formatShape(this.shape)}`;
  }

  /** Releases the value now. */
  dispose(): void {
    this.holder.tensor.dispose();
  }

  /** @internal Runs a callback in which each variable among `targets` reads as its entry of `tensors` (gradient leaves, or tensors without values). */
  static substitute<T>(targets: readonly unknown[], tensors: readonly Tensor[], callback: () => T): T {
    const before = targets.map((target) => (target instanceof Variable ? target.substituted : undefined));
    const put = (values: readonly (Tensor | undefined)[]): void =>
      targets.forEach((target, i) => {
        if (target instanceof Variable) target.substituted = values[i];
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
export class Parameter extends Variable {
  readonly brand: symbol = PARAMETER;
  /** Whether optimizers change it. */
  trainable = true;
  /** What training adds to the loss for it: a function of its value that gives a scalar. `penaltyOf` adds those of many. */
  penalty: ((value: Tensor) => Tensor) | undefined;
  /** What training makes of its value after each step, e.g. a value of at most a certain norm. `constrain` applies those of many. */
  constraint: ((value: Tensor) => Tensor) | undefined;

  protected get kind(): string {
    return 'Parameter';
  }

  protected override get note(): string {
    return this.trainable ? ' trainable' : ' frozen';
  }
}

/** A tensor that a model keeps but gradients do not train: running statistics, a recurrent state. `Context.update` changes it. */
export class State extends Variable {
  readonly brand: symbol = STATE;

  protected get kind(): string {
    return 'State';
  }
}

const withoutValues = (dtype: DType, shape: Shape, _: unknown, note = ''): string => `${dtype} ${formatShape(shape)}${note}`;
printsAs(Parameter, 'Parameter', String, (parameter) => parameter.print(withoutValues));
printsAs(State, 'State', String, (state) => state.print(withoutValues));

/** Whether a value is a parameter, of any copy of the package. */
export function isParameter(value: unknown): value is Parameter {
  return typeof value === 'object' && value !== null && 'brand' in value && value.brand === PARAMETER;
}

/** Whether a value is a state, of any copy of the package. */
export function isState(value: unknown): value is State {
  return typeof value === 'object' && value !== null && 'brand' in value && value.brand === STATE;
}
