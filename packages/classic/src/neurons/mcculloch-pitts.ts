// Threshold neurons of 1943, which compute the logical functions.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, check, checkOptions, greater, greaterEqual, logicalAnd, logicalNot, matmul, scope, tensor } from '@sinapse/core';
import { checkRows } from '../inputs.ts';

/** A neuron of a network: the numbers of the values that excite it and of those that inhibit it, and how many must excite it. */
export interface ThresholdNeuron {
  readonly excitatory: readonly number[];
  /** Any of these silences the neuron. Default none. */
  readonly inhibitory?: readonly number[];
  /** The least number of active excitatory inputs with which it fires; an integer >= 0. */
  readonly threshold: number;
}

export interface McCullochPittsOptions {
  /** The number of inputs. */
  readonly inputs: number;
  /** Layers of neurons; each reads the values of the layer before, the first the inputs. */
  readonly layers: readonly (readonly ThresholdNeuron[])[];
}

const isPlaces = (value: unknown): boolean => Array.isArray(value) && value.every((place) => check.natural.accepts(place));

function isNeuron(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { excitatory, inhibitory = [], threshold } = value as Partial<ThresholdNeuron>;
  return isPlaces(excitatory) && isPlaces(inhibitory) && check.natural.accepts(threshold);
}

const OPTIONS: OptionChecks<McCullochPittsOptions> = {
  inputs: check.required(check.count),
  layers: check.required({
    expected: 'layers of neurons, [[{ excitatory: [0, 1], inhibitory: [], threshold: 1 }]]',
    accepts: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((layer) => Array.isArray(layer) && layer.length > 0 && layer.every((neuron) => isNeuron(neuron))),
  }),
};

/** A network of McCulloch-Pitts neurons. Its connections are chosen, not learnt. */
export class McCullochPitts {
  readonly type = 'mcCullochPitts';

  readonly options: McCullochPittsOptions;

  constructor(options: McCullochPittsOptions) {
    this.options = options;
  }

  /**
   * The values of the last layer: a neuron is 1 when at least `threshold` of its excitatory inputs are 1 and none of its inhibitory ones.
   * @param x float32 `[batch, inputs]` of 0 and 1
   * @returns `[batch, neurons]` of 0 and 1
   */
  predict(x: Tensor): Tensor {
    checkRows(this.type, x, this.options.inputs);
    return scope(() => this.options.layers.reduce((values, layer) => fire(values, layer), x.alias()));
  }
}

function fire(values: Tensor, layer: readonly ThresholdNeuron[]): Tensor {
  const inputs = values.shape[1]!;
  const connections = (of: (neuron: ThresholdNeuron) => readonly number[]): Tensor =>
    tensor(Array.from({ length: inputs }, (_, i) => layer.map((neuron) => of(neuron).filter((place) => place === i).length)));
  const excited = matmul(values, connections((neuron) => neuron.excitatory)); // prettier-ignore
  const inhibited = matmul(values, connections((neuron) => neuron.inhibitory ?? [])); // prettier-ignore
  const reached = greaterEqual(excited, tensor(layer.map(({ threshold }) => threshold)));
  return logicalAnd(reached, logicalNot(greater(inhibited, 0))).cast('float32');
}

/**
 * A network of threshold neurons with absolute inhibition. McCulloch, Pitts 1943, "A logical calculus of the ideas immanent in nervous activity".
 * @throws SinapseError when a neuron reads a value that the layer before does not have
 */
export function mcCullochPitts(options: McCullochPittsOptions): McCullochPitts {
  checkOptions('mcCullochPitts', options, OPTIONS);
  let values = options.inputs;
  for (const [number, layer] of options.layers.entries()) {
    const places = layer.flatMap(({ excitatory, inhibitory = [] }) => [...excitatory, ...inhibitory]);
    const outside = places.find((place) => place >= values);
    if (outside !== undefined)
      throw new SinapseError(`mcCullochPitts: a neuron of layer ${number} reads value ${outside}, and there are ${values}, from 0`);
    values = layer.length;
  }
  return new McCullochPitts(options);
}

/** The gates of two inputs as networks: one neuron each, and `xor` with two before it (`not` has one input). */
export const LOGIC: Readonly<Record<'and' | 'or' | 'not' | 'xor', McCullochPittsOptions>> = {
  and: { inputs: 2, layers: [[{ excitatory: [0, 1], threshold: 2 }]] },
  or: { inputs: 2, layers: [[{ excitatory: [0, 1], threshold: 1 }]] },
  not: { inputs: 1, layers: [[{ excitatory: [], inhibitory: [0], threshold: 0 }]] },
  xor: {
    inputs: 2,
    layers: [
      [
        { excitatory: [0], inhibitory: [1], threshold: 1 },
        { excitatory: [1], inhibitory: [0], threshold: 1 },
      ],
      [{ excitatory: [0, 1], threshold: 1 }],
    ],
  },
};
