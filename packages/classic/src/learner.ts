// What all learners share: their options, the arrays that they have learnt, and the way into a file and back.

import type { Tensor } from '@sinapse/core';
import { SinapseError, formatShape, tensor } from '@sinapse/core';

/** The call that makes a learner, as data: `{ learner: 'kMeans', options: { clusters: 3 } }`. */
export interface LearnerCall {
  /** The name of the function. */
  readonly learner: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Values on the host, as a file holds them. */
export interface LearntArray {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** The shape of each learnt array; a name stands for a length that is the same wherever it appears: `{ centres: [3, 'features'] }`. */
export type Layout = Readonly<Record<string, readonly (number | string)[]>>;

/** Something that learns from examples: it is made with options, and `fit` gives it arrays, all of them float32. */
export abstract class Learner<Options extends object = object> {
  /** The name of the function that makes it. */
  abstract readonly type: string;
  readonly options: Options;
  private learnt: ReadonlyMap<string, Tensor> = new Map();

  constructor(options: Options) {
    this.options = options;
  }

  /** The arrays that `fit` learns, by name. */
  abstract layout(): Layout;

  /** Whether it has been fitted, or comes from a file of one that was. */
  get fitted(): boolean {
    return this.learnt.size > 0;
  }

  /**
   * What it has learnt, by name; empty before `fit`. The tensors stay the learner's own.
   */
  arrays(): ReadonlyMap<string, Tensor> {
    return this.learnt;
  }

  describe(): LearnerCall {
    return { learner: this.type, options: Object.fromEntries(Object.entries(this.options)) };
  }

  /**
   * Takes over what another of its kind has learnt.
   * @throws SinapseError when an array is missing, unknown, or has another shape than its options say
   */
  restore(arrays: ReadonlyMap<string, LearntArray>): void {
    const layout = this.layout();
    for (const name of arrays.keys())
      if (!Object.hasOwn(layout, name))
        throw new SinapseError(`${this.type}: ${name} is none of its arrays, ${Object.keys(layout).join(', ')}`);
    const lengths = new Map<string, number>();
    const restored: Record<string, Tensor> = {};
    for (const [name, expected] of Object.entries(layout)) {
      const array = arrays.get(name);
      if (array === undefined) throw new SinapseError(`${this.type}: the array ${name} is missing`);
      checkLayout(`${this.type}: ${name}`, array.shape, expected, lengths);
      restored[name] = tensor(array.data, { shape: array.shape });
    }
    this.learn(restored);
  }

  /** Keeps arrays as what has been learnt, in place of earlier ones; no scope releases them. */
  protected learn(arrays: Readonly<Record<string, Tensor>>): void {
    for (const old of this.learnt.values()) old.dispose();
    this.learnt = new Map(Object.entries(arrays).map(([name, array]) => [name, array.keep()]));
  }

  /** @throws SinapseError before `fit` */
  protected array(name: string): Tensor {
    const array = this.learnt.get(name);
    if (array === undefined) throw new SinapseError(`${this.type}: it has learnt nothing yet; call fit first`);
    return array;
  }
}

function checkLayout(owner: string, shape: readonly number[], expected: readonly (number | string)[], lengths: Map<string, number>): void {
  const fits = (length: number, axis: number): boolean => {
    const wanted = expected[axis]!;
    if (typeof wanted === 'number') return length === wanted;
    if (!lengths.has(wanted)) lengths.set(wanted, length);
    return length === lengths.get(wanted);
  };
  if (shape.length !== expected.length || !shape.every(fits))
    throw new SinapseError(`${owner}: expected the shape [${expected.join(', ')}], got ${formatShape(shape)}`);
}
