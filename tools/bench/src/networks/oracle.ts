// The right results of a network: its steps written in ops, on the reference backend. It does not use the layers, zoo or optimizers, so
// that it can check them.

import { reference } from '@sinapse/backend-reference';
import type { Tensor } from '@sinapse/core';
import {
  avgPool2d,
  concat,
  conv2d,
  globalAvgPool2d,
  matmul,
  maxPool2d,
  mean,
  minimum,
  pad,
  relu,
  rsqrt,
  scope,
  slice,
  softmaxCrossEntropy,
  sqrt,
  square,
  tensor,
  valueAndGrad,
  variance,
  withBackend,
} from '@sinapse/core';
import type { Arrays } from '../problem/numbers.ts';
import type { InferenceTask, OptimizerChoice, TrainingTask } from '../problem/task.ts';
import type { Network, Step } from './network.ts';
import { survey } from './network.ts';

type Weights = ReadonlyMap<string, Tensor>;

/** Logits `[batch, classes]`. With `training`, batch normalisation uses the moments of the batch. */
function forward(network: Network, x: Tensor, weights: Weights, training: boolean): Tensor {
  const weight = (name: string): Tensor => weights.get(name)!;

  const normalized = (name: string, epsilon: number, y: Tensor): Tensor => {
    const batch = { axis: y.shape.map((_, axis) => axis).slice(0, -1) };
    const centre = training ? mean(y, batch) : weight(`${name}/mean`);
    const deviation = training ? variance(y, batch) : weight(`${name}/variance`);
    const factor = rsqrt(deviation.add(epsilon)).mul(weight(`${name}/scale`));
    return y
      .sub(centre)
      .mul(factor)
      .add(weight(`${name}/offset`));
  };

  const through = (steps: readonly Step[], y: Tensor): Tensor => steps.reduce((value, step) => after(step, value), y);
  const after = (step: Step, y: Tensor): Tensor => {
    switch (step.op) {
      case 'conv': {
        const { name, stride, padding, groups, bias } = step;
        return conv2d(y, weight(`${name}/kernel`), { strides: stride, padding, groups, ...(bias && { bias: weight(`${name}/bias`) }) });
      }
      case 'batchNorm':
        return normalized(step.name, step.epsilon, y);
      case 'relu':
        return relu(y);
      case 'relu6':
        return minimum(relu(y), 6);
      case 'maxPool': {
        const { window, stride, padding, over } = step;
        const sides = [padding, padding + over] as const;
        return maxPool2d(y, { window, strides: stride, padding: [sides, sides] });
      }
      case 'avgPool':
        return avgPool2d(y, { window: step.window, strides: step.stride });
      case 'globalAvgPool':
        return globalAvgPool2d(y);
      case 'dense':
        return matmul(y.reshape([y.shape[0]!, -1]), weight(`${step.name}/kernel`)).add(weight(`${step.name}/bias`));
      case 'subsample': {
        const every = { step: step.stride };
        const none = [0, 0] as const;
        return pad(slice(y, [null, every, every]), [none, none, none, [0, step.channels - y.shape[3]!]]);
      }
      case 'residual':
        return through(step.body, y).add(through(step.shortcut, y));
      case 'concat':
        return concat(step.branches.map((branch) => through(branch, y)), 3); // prettier-ignore
    }
  };
  return through(network.steps, x);
}

function tensors(network: Network, arrays: Arrays): Map<string, Tensor> {
  return new Map(survey(network).weights.map(({ name, shape }) => [name, tensor(arrays.get(name)!.data, { shape })]));
}

/** Logits of the first `images` of the batch. */
export function logitsOf({ network }: InferenceTask, arrays: Arrays, images: number): number[] {
  return withBackend(reference(), () =>
    scope(() => Array.from(forward(network, firstExamples(arrays, images), tensors(network, arrays), false).dataSync())),
  );
}

/** Losses of the task's first steps, on `checkBatch` examples. */
export function lossesOf({ network, optimizer, checkBatch, checkSteps }: TrainingTask, arrays: Arrays): number[] {
  return withBackend(reference(), () => {
    const weights = tensors(network, arrays);
    const trained = survey(network).weights.filter(({ role }) => role !== 'mean' && role !== 'variance');
    const x = firstExamples(arrays, checkBatch);
    const labels = tensor(arrays.get('labels')!.data.slice(0, checkBatch), { shape: [checkBatch] });
    const update = updateOf(optimizer);
    return Array.from({ length: checkSteps }, (_, step) => {
      const { value, gradients } = valueAndGrad(
        (...variables) => {
          const current = new Map([...weights, ...trained.map(({ name }, i) => [name, variables[i]!] as const)]);
          return softmaxCrossEntropy(forward(network, x, current, true), labels).mean();
        },
        trained.map(({ name }) => weights.get(name)!),
      );
      trained.forEach(({ name }, i) => weights.set(name, update(name, weights.get(name)!, gradients[i]!, step + 1)));
      return value.dataSync()[0]!;
    });
  });
}

function firstExamples(arrays: Arrays, count: number): Tensor {
  const { shape, data } = arrays.get('x')!;
  return tensor(data.slice(0, (data.length / shape[0]!) * count), { shape: [count, ...shape.slice(1)] });
}

/** The formulas of Kingma and Ba 2015, algorithm 1, and of Polyak 1964. */
function updateOf(optimizer: OptimizerChoice): (name: string, parameter: Tensor, gradient: Tensor, step: number) => Tensor {
  const first = new Map<string, Tensor>();
  const second = new Map<string, Tensor>();
  const decayed = (slots: Map<string, Tensor>, name: string, decay: number, addition: Tensor): Tensor => {
    const next = slots.get(name)?.mul(decay).add(addition) ?? addition;
    slots.set(name, next);
    return next;
  };
  if (optimizer.name === 'momentum') {
    return (name, parameter, gradient) => parameter.sub(decayed(first, name, optimizer.momentum, gradient).mul(optimizer.learningRate));
  }
  const { learningRate, beta1, beta2, epsilon } = optimizer;
  return (name, parameter, gradient, step) => {
    const m = decayed(first, name, beta1, gradient.mul(1 - beta1)).div(1 - beta1 ** step);
    const v = decayed(second, name, beta2, square(gradient).mul(1 - beta2)).div(1 - beta2 ** step);
    return parameter.sub(m.div(sqrt(v).add(epsilon)).mul(learningRate));
  };
}
