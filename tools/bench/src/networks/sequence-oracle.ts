// The right results of recurrent networks: the formulas of their cells in plain numbers, and gradients of core's ops on the reference backend. It does
// not use @sinapse/recurrent, so that it can check it.

import { reference } from '@sinapse/backend-reference';
import type { Tensor } from '@sinapse/core';
import {
  concat,
  matmul,
  scope,
  sigmoid,
  slice,
  split,
  sqrt,
  square,
  stack,
  tanh,
  tensor,
  valueAndGrad,
  withBackend,
  zeros,
} from '@sinapse/core';
import type { Arrays } from '../problem/numbers.ts';
import type { RecurrentNetwork, SequenceStepsTask, SequenceTrainingTask } from '../problem/task.ts';

const NAMES = ['kernel', 'recurrentKernel', 'bias', 'recurrentBias'];

function tensorsOf(arrays: Arrays): Map<string, Tensor> {
  return new Map(NAMES.flatMap((name) => (arrays.has(name) ? [[name, tensor(arrays.get(name)!.data, { shape: arrays.get(name)!.shape })]] : []))); // prettier-ignore
}

/** The states after all steps of x `[batch, time, inputs]`, as the papers write them. */
function statesOf({ cell, units }: RecurrentNetwork, x: Tensor, weights: ReadonlyMap<string, Tensor>): Tensor[] {
  const [batch, time] = x.shape as [number, number];
  const [kernel, recurrent, bias] = ['kernel', 'recurrentKernel', 'bias'].map((name) => weights.get(name)!) as [Tensor, Tensor, Tensor];
  let [h, c] = [zeros([batch, units]), zeros([batch, units])];
  return Array.from({ length: time }, (_, t) => {
    const ofInput = matmul(slice(x, [null, t]), kernel).add(bias);
    const ofState = matmul(h, recurrent);
    if (cell === 'rnn') return (h = tanh(ofInput.add(ofState)));
    if (cell === 'lstm') {
      const [i, f, g, o] = split(ofInput.add(ofState), 4, 1) as [Tensor, Tensor, Tensor, Tensor];
      c = sigmoid(f)
        .mul(c)
        .add(sigmoid(i).mul(tanh(g)));
      return (h = sigmoid(o).mul(tanh(c)));
    }
    const [xr, xz, xn] = split(ofInput, 3, 1) as [Tensor, Tensor, Tensor];
    const [hr, hz, hn] = split(ofState.add(weights.get('recurrentBias')!), 3, 1) as [Tensor, Tensor, Tensor];
    const [z, n] = [sigmoid(xz.add(hz)), tanh(xn.add(sigmoid(xr.add(hr)).mul(hn)))];
    return (h = n.add(z.mul(h.sub(n))));
  });
}

/** The state after the last step. */
export function lastStateOf({ network, time }: SequenceStepsTask, arrays: Arrays): number[] {
  return withBackend(reference(), () =>
    scope(() => {
      const x = tensor(arrays.get('x')!.data, { shape: [1, time, network.inputs] });
      return Array.from(concat([statesOf(network, x, tensorsOf(arrays)).at(-1)!], 0).dataSync());
    }),
  );
}

/** Losses of the task's first steps; Adam is algorithm 1 of Kingma and Ba 2015. */
export function sequenceLossesOf({ network, optimizer, checkSteps }: SequenceTrainingTask, arrays: Arrays): number[] {
  const { learningRate, beta1, beta2, epsilon } = optimizer;
  return withBackend(reference(), () => {
    const read = (name: string): Tensor => tensor(arrays.get(name)!.data, { shape: arrays.get(name)!.shape });
    const [x, target] = [read('xCheck'), read('targetCheck')];
    const weights = tensorsOf(arrays);
    const names = [...weights.keys()];
    const moments = new Map<string, { readonly m: Tensor; readonly v: Tensor }>();
    return Array.from({ length: checkSteps }, (_, step) => {
      const { value, gradients } = valueAndGrad(
        (...variables) => {
          const current = new Map(names.map((name, i) => [name, variables[i]!]));
          return square(stack(statesOf(network, x, current), 1).sub(target)).mean();
        },
        names.map((name) => weights.get(name)!),
      );
      names.forEach((name, i) => {
        const before = moments.get(name);
        const g = gradients[i]!;
        const m = before === undefined ? g.mul(1 - beta1) : before.m.mul(beta1).add(g.mul(1 - beta1));
        const v = before === undefined ? square(g).mul(1 - beta2) : before.v.mul(beta2).add(square(g).mul(1 - beta2));
        moments.set(name, { m, v });
        const [unbiased, size] = [m.div(1 - beta1 ** (step + 1)), sqrt(v.div(1 - beta2 ** (step + 1))).add(epsilon)];
        weights.set(name, weights.get(name)!.sub(unbiased.div(size).mul(learningRate)));
      });
      return value.dataSync()[0]!;
    });
  });
}
