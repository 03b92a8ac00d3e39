// The networks and their training in jax-js: compiled, channels first.

import type { Step } from '../networks/network.ts';
import { survey } from '../networks/network.ts';
import { permuted } from '../problem/permute.ts';
import type { InferenceTask, OptimizerChoice, TrainingTask } from '../problem/task.ts';
import type { Arrays } from '../process/serve.ts';
import type { Jax, JaxArray, Tree } from './jax-types.ts';

export const TO_CHANNELS_FIRST: readonly number[] = [0, 3, 1, 2];
export const TO_CHANNELS_LAST: readonly number[] = [0, 2, 3, 1];
export const TO_FILTERS_FIRST: readonly number[] = [3, 2, 0, 1];

export function array(jax: Jax, values: Float32Array, shape: readonly number[]): JaxArray {
  return jax.numpy.array(values).reshape(shape);
}

/** A network's output, channels first. In training, batch normalisation uses the batch's moments. It consumes x, not the weights. */
function forward(jax: Jax, steps: readonly Step[], input: JaxArray, weights: Tree, isTraining: boolean): JaxArray {
  const { numpy: np, lax, nn } = jax;
  const after = (x: JaxArray, step: Step): JaxArray => {
    const weight = (role: string): JaxArray => weights[`${'name' in step ? step.name : ''}/${role}`]!.ref;
    const perChannel = (role: string): JaxArray => weight(role).reshape([1, -1, 1, 1]);
    switch (step.op) {
      case 'conv': {
        const { stride, padding, groups, bias } = step;
        const sides = [padding, padding] as const;
        const y = lax.convGeneralDilated(x, weight('kernel'), [stride, stride], [sides, sides], { featureGroupCount: groups });
        return bias ? y.add(perChannel('bias')) : y;
      }
      case 'batchNorm': {
        const mean = isTraining ? np.mean(x.ref, [0, 2, 3]).reshape([1, -1, 1, 1]) : perChannel('mean');
        const centred = x.sub(mean);
        const variance = isTraining ? np.mean(np.square(centred.ref), [0, 2, 3]).reshape([1, -1, 1, 1]) : perChannel('variance');
        return centred.div(np.sqrt(variance.add(step.epsilon))).mul(perChannel('scale')).add(perChannel('offset')); // prettier-ignore
      }
      case 'relu':
        return nn.relu(x);
      case 'relu6':
        return nn.relu6(x);
      case 'maxPool': {
        const { window, stride, padding, over } = step;
        // Every pooling comes after a rectifier, so padding with zeros never changes the maximum.
        const sides = [padding, padding + over] as const;
        const padded = padding + over === 0 ? x : np.pad(x, [[0, 0], [0, 0], sides, sides]); // prettier-ignore
        return lax.reduceWindow(padded, (y) => np.max(y), [window, window], [stride, stride]);
      }
      case 'avgPool':
        return lax.reduceWindow(x, (y) => np.mean(y), [step.window, step.window], [step.stride, step.stride]);
      case 'globalAvgPool':
        return np.mean(x, [2, 3]);
      case 'dense': {
        const flat = step.image ? x.transpose(TO_CHANNELS_LAST).reshape([x.shape[0]!, -1]) : x;
        return np.matmul(flat, weight('kernel')).add(weight('bias'));
      }
      case 'residual':
        return step.body.reduce(after, x.ref).add(step.shortcut.reduce(after, x));
      case 'concat': {
        const parts = step.branches.map((branch) => branch.reduce(after, x.ref));
        x.dispose();
        return np.concatenate(parts, 1);
      }
      case 'subsample': {
        const channels = x.shape[1]!;
        const every = lax.reduceWindow(x, (y) => np.max(y), [1, 1], [step.stride, step.stride]);
        return np.pad(every, [[0, 0], [0, step.channels - channels], [0, 0], [0, 0]]); // prettier-ignore
      }
    }
  };
  return steps.reduce(after, input);
}

function weightsOf(jax: Jax, { network }: InferenceTask | TrainingTask, arrays: Arrays): Tree {
  return Object.fromEntries(
    survey(network).weights.map(({ name, shape }) => {
      const data = arrays.get(name) as Float32Array;
      if (shape.length !== 4) return [name, array(jax, data, shape)];
      return [name, array(jax, permuted(data, shape, TO_FILTERS_FIRST), TO_FILTERS_FIRST.map((axis) => shape[axis]!))]; // prettier-ignore
    }),
  );
}

/** The first examples of the batch. */
function examplesOf(jax: Jax, { network, batch }: InferenceTask | TrainingTask, arrays: Arrays, count: number): JaxArray {
  const pixels = arrays.get('x') as Float32Array;
  const data = pixels.slice(0, (pixels.length / batch) * count);
  const [height, width, channels] = network.input as [number, number, number];
  if (network.input.length === 1) return array(jax, data, [count, height]);
  return array(jax, permuted(data, [count, height, width, channels], TO_CHANNELS_FIRST), [count, channels, height, width]);
}

/** Makes a function that returns the logits of the batch. */
export function inferenceOf(jax: Jax, task: InferenceTask, arrays: Arrays): () => JaxArray {
  const weights = weightsOf(jax, task, arrays);
  const x = examplesOf(jax, task, arrays, task.batch);
  const infer = jax.jit((images: JaxArray, values: Tree) => {
    const logits = forward(jax, task.network.steps, images, values, false);
    dispose(values);
    return logits;
  });
  return () => infer(x.ref, shared(weights));
}

/** Makes a function that does one step on the first `examples` of the batch, and returns its loss. */
export function trainerOf(jax: Jax, task: TrainingTask, arrays: Arrays, examples: number): () => Promise<JaxArray> {
  const x = examplesOf(jax, task, arrays, examples);
  const target = oneHot(jax, task, arrays, examples);
  const loss = (values: Tree, images: JaxArray, classes: JaxArray): JaxArray => {
    const logits = forward(jax, task.network.steps, images, values, true);
    dispose(values);
    return jax.nn.logSoftmax(logits).mul(classes).sum().mul(-1 / examples); // prettier-ignore
  };
  const lossAndGradients = jax.jit(jax.valueAndGrad(loss));
  const update = jax.jit(updateOf(jax, task.optimizer));

  const isMoment = (name: string): boolean => /\/(mean|variance)$/.test(name);
  let weights = Object.fromEntries(Object.entries(weightsOf(jax, task, arrays)).filter(([name]) => !isMoment(name)));
  const zeros = (): Tree =>
    Object.fromEntries(Object.entries(weights).map(([name, { shape, size }]) => [name, array(jax, new Float32Array(size), shape)]));
  let [first, second] = [zeros(), zeros()];
  let steps = 0;
  return async () => {
    const [value, gradients] = lossAndGradients(shared(weights), x.ref, target.ref);
    steps++;
    [weights, first, second] = update(weights, gradients, first, second, corrections(jax, task.optimizer, steps));
    await jax.blockUntilReady(weights);
    return value;
  };
}

/** 1 in the column of each example's class: float32 `[examples, classes]`. */
function oneHot(jax: Jax, { network }: TrainingTask, arrays: Arrays, examples: number): JaxArray {
  const labels = arrays.get('labels')!;
  const classes = survey(network).output[0]!;
  const values = new Float32Array(examples * classes);
  for (let i = 0; i < examples; i++) values[i * classes + labels[i]!] = 1;
  return array(jax, values, [examples, classes]);
}

/** Factors on the running means at a step, which correct their bias towards zero: Kingma and Ba 2015, algorithm 1. */
function corrections(jax: Jax, optimizer: OptimizerChoice, step: number): Tree {
  const after = (decay: number): JaxArray => jax.numpy.array(Float32Array.of(1 / (1 - decay ** step)));
  return optimizer.name === 'adam' ? { first: after(optimizer.beta1), second: after(optimizer.beta2) } : {};
}

type Update = (weights: Tree, gradients: Tree, first: Tree, second: Tree, corrections: Tree) => [Tree, Tree, Tree];

/** An optimizer's step over all weights, written like the library's own optimizers, which are in a separate package. */
function updateOf({ numpy: np }: Jax, optimizer: OptimizerChoice): Update {
  return (weights, gradients, first, second, corrected) => {
    const next: [Tree, Tree, Tree] = [{}, {}, {}];
    for (const name of Object.keys(weights)) {
      const [w, g, m, v] = [weights[name]!, gradients[name]!, first[name]!, second[name]!];
      if (optimizer.name === 'momentum') {
        const velocity = m.mul(optimizer.momentum).add(g);
        next[0][name] = w.sub(velocity.ref.mul(optimizer.learningRate));
        next[1][name] = velocity;
        next[2][name] = v;
        continue;
      }
      const { learningRate, beta1, beta2, epsilon } = optimizer;
      const mean = m.mul(beta1).add(g.ref.mul(1 - beta1));
      const square = v.mul(beta2).add(np.square(g).mul(1 - beta2));
      const deviation = np.sqrt(square.ref.mul(corrected['second']!.ref)).add(epsilon);
      next[0][name] = w.sub(mean.ref.mul(corrected['first']!.ref).div(deviation).mul(learningRate));
      next[1][name] = mean;
      next[2][name] = square;
    }
    dispose(corrected);
    return next;
  };
}

function shared(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([name, x]) => [name, x.ref]));
}

function dispose(tree: Tree): void {
  for (const x of Object.values(tree)) x.dispose();
}
