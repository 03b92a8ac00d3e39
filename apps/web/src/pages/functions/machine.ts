// Activations with their slopes, softmax and cross-entropy, by the package's ops and gradients. It runs in the worker and knows no page.

import type { Tensor } from '@sinapse/core';
import {
  elu,
  gelu,
  leakyRelu,
  mul,
  relu,
  scope,
  selu,
  sigmoid,
  softmax,
  softmaxCrossEntropy,
  softplus,
  softsign,
  step,
  sum,
  swish,
  tanh,
  tensor,
  valueAndGrad,
} from '@sinapse/core';
import type { FunctionName } from './functions.ts';
import { REACH } from './functions.ts';

const functions: Readonly<Record<FunctionName, (x: Tensor) => Tensor>> = {
  step,
  sigmoid,
  tanh,
  relu,
  leakyRelu: (x) => leakyRelu(x),
  elu: (x) => elu(x),
  selu,
  gelu: (x) => gelu(x),
  swish: (x) => swish(x),
  softplus: (x) => softplus(x),
  softsign,
  linear: (x) => mul(x, 1),
};

/** A function and its derivative at some places. */
export interface Curve {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly slope: Float32Array;
}

/** Values and slopes. The slope is the gradient of the sum: each place has its own. */
export async function curveAt(name: FunctionName, places: readonly number[]): Promise<Curve> {
  const x = Float32Array.from(places);
  const { y, slope } = scope(() => {
    const at = tensor(x);
    const { value, gradients } = valueAndGrad(
      (input) => {
        const output = functions[name](input);
        return [sum(output), output];
      },
      [at],
    );
    return { y: value[1].data(), slope: gradients[0]!.data() };
  });
  return { x, y: Float32Array.from(await y), slope: Float32Array.from(await slope) };
}

/** Places of a curve. */
const COUNT = 241;
const places = Array.from({ length: COUNT }, (_, i) => -REACH + (2 * REACH * i) / (COUNT - 1));

/** The whole curve of a function. */
export const curveOf = (name: FunctionName): Promise<Curve> => curveAt(name, places);

/** What softmax makes of scores, and what the cross-entropy says of it. */
export interface Softened {
  readonly probabilities: Float32Array;
  /** −ln p of the right class */
  readonly loss: number;
  /** Of the loss with respect to each score. */
  readonly gradient: Float32Array;
}

/** @param target the number of the right class */
export async function soften(scores: readonly number[], target: number): Promise<Softened> {
  const [probabilities, loss, gradient] = scope(() => {
    const logits = tensor([[...scores]]);
    const labels = tensor([target], { dtype: 'int32' });
    const { value, gradients } = valueAndGrad((input) => sum(softmaxCrossEntropy(input, labels)), [logits]);
    return [softmax(logits).data(), value.data(), gradients[0]!.data()];
  });
  return {
    probabilities: Float32Array.from(await probabilities),
    loss: Number((await loss)[0]),
    gradient: Float32Array.from(await gradient),
  };
}
