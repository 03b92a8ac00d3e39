// jax-js on its WebAssembly backend, everything compiled by `jit`. It keeps images and filters channels first. In Node it has one thread.

import { setFlagsFromString } from 'node:v8';
import type { Step } from '../networks/network.ts';
import { survey } from '../networks/network.ts';
import { loadPeer, peerVersion } from '../peers.ts';
import { permuted } from '../problem/permute.ts';
import type { InferenceTask, Job, OptimizerChoice, Task, TrainingTask } from '../problem/task.ts';
import type { Arrays, Contestant } from '../process/serve.ts';
import { serve } from '../process/serve.ts';
import type { Jax, JaxArray, Tree } from './jax-types.ts';

type Work = Pick<Contestant, 'run' | 'check'>;

const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];
const TO_FILTERS_FIRST = [3, 2, 0, 1];

await serve(async ({ task }: Job, arrays): Promise<Contestant> => {
  setFlagsFromString('--experimental-wasm-relaxed-simd'); // Node 20 has it, but not by itself
  const jax = await loadPeer<Jax>('@jax-js/jax');
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  return { engine: `jax-js wasm ${peerVersion('@jax-js/jax')}`, ...workOf(jax, task, arrays) };
});

function workOf(jax: Jax, task: Task, arrays: Arrays): Work {
  const { numpy: np, lax } = jax;
  const input = (name: string, shape: readonly number[], order?: readonly number[]): JaxArray => {
    const data = arrays.get(name) as Float32Array;
    return order === undefined ? array(jax, data, shape) : array(jax, permuted(data, shape, order), order.map((axis) => shape[axis]!)); // prettier-ignore
  };
  switch (task.kind) {
    case 'add': {
      const [a, b] = [input('a', [task.size]), input('b', [task.size])];
      return simple(jax, () => ({ y: a.ref.add(b.ref) }));
    }
    case 'matmul': {
      const { m, k, n, transposeA, transposeB } = task;
      const [a, b] = [input('a', transposeA ? [k, m] : [m, k]), input('b', transposeB ? [n, k] : [k, n])];
      const product = jax.jit((left: JaxArray, right: JaxArray) =>
        np.matmul(transposeA ? left.transpose() : left, transposeB ? right.transpose() : right),
      );
      return simple(jax, () => ({ y: product(a.ref, b.ref) }));
    }
    case 'convForward':
    case 'convGradients': {
      const { input: inputShape, filter: filterShape, output, stride, padding, groups } = task.convolution;
      const x = input('x', inputShape, TO_CHANNELS_FIRST);
      const filter = input('filter', filterShape, TO_FILTERS_FIRST);
      const widths = [[padding, padding], [padding, padding]] as const; // prettier-ignore
      const convolve = (image: JaxArray, kernel: JaxArray): JaxArray =>
        lax.convGeneralDilated(image, kernel, [stride, stride], widths, { featureGroupCount: groups });
      if (task.kind === 'convForward') {
        const forward = jax.jit(convolve);
        return simple(jax, () => ({ y: forward(x.ref, filter.ref) }), { y: TO_CHANNELS_LAST });
      }
      const dy = input('dy', output, TO_CHANNELS_FIRST);
      // The gradients of sum(dy y) are those sought; what only its value needs is left out by the compiler.
      const weighted = (image: JaxArray, kernel: JaxArray, weight: JaxArray): JaxArray => convolve(image, kernel).mul(weight).sum();
      const gradients = jax.jit(jax.grad<[JaxArray, JaxArray, JaxArray], [JaxArray, JaxArray]>(weighted, { argnums: [0, 1] }));
      const compute = (): Tree => {
        const [dx, dfilter] = gradients(x.ref, filter.ref, dy.ref);
        return { dx, dfilter };
      };
      return simple(jax, compute, { dx: TO_CHANNELS_LAST, dfilter: [2, 3, 1, 0] });
    }
    case 'inference':
      return inference(jax, task, arrays);
    case 'training':
      return training(jax, task, arrays);
  }
}

function array(jax: Jax, values: Float32Array, shape: readonly number[]): JaxArray {
  return jax.numpy.array(values).reshape(shape);
}

/** Work that is some arrays, made anew each time; `orders` says how their axes become channels last. */
function simple(jax: Jax, compute: () => Tree, orders: Readonly<Record<string, readonly number[]>> = {}): Work {
  const outputs = async (name: string, y: JaxArray): Promise<Float32Array> => {
    const { shape } = y;
    const data = await y.data();
    return orders[name] === undefined ? data : permuted(data, shape, orders[name]);
  };
  return {
    async run() {
      const tree = compute();
      await jax.blockUntilReady(tree);
      for (const y of Object.values(tree)) y.dispose();
    },
    check: async () =>
      Object.fromEntries(await Promise.all(Object.entries(compute()).map(async ([name, y]) => [name, await outputs(name, y)]))),
  };
}

/** A network's output, channels first; batch normalisation by the moments of the batch in training. Takes over x, not the weights. */
function forward(jax: Jax, steps: readonly Step[], input: JaxArray, weights: Tree, isTraining: boolean): JaxArray {
  const { numpy: np, lax, nn } = jax;
  const after = (x: JaxArray, step: Step): JaxArray => {
    const weight = (role: string): JaxArray => weights[`${'name' in step ? step.name : ''}/${role}`]!.ref;
    const perChannel = (role: string): JaxArray => weight(role).reshape([1, -1, 1, 1]);
    switch (step.op) {
      case 'conv': {
        const { stride, padding, bias } = step;
        const y = lax.convGeneralDilated(x, weight('kernel'), [stride, stride], [[padding, padding], [padding, padding]]); // prettier-ignore
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
      case 'maxPool': {
        const { window, stride, padding } = step;
        // Every pooling of the networks comes after a rectifier: zeros around the image never win.
        const padded = padding === 0 ? x : np.pad(x, [[0, 0], [0, 0], [padding, padding], [padding, padding]]); // prettier-ignore
        return lax.reduceWindow(padded, (y) => np.max(y), [window, window], [stride, stride]);
      }
      case 'globalAvgPool':
        return np.mean(x, [2, 3]);
      case 'dense': {
        const flat = step.image ? x.transpose(TO_CHANNELS_LAST).reshape([x.shape[0]!, -1]) : x;
        return np.matmul(flat, weight('kernel')).add(weight('bias'));
      }
      case 'residual':
        return step.body.reduce(after, x.ref).add(step.shortcut.reduce(after, x));
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

function inference(jax: Jax, task: InferenceTask, arrays: Arrays): Work {
  const weights = weightsOf(jax, task, arrays);
  const x = examplesOf(jax, task, arrays, task.batch);
  const infer = jax.jit((images: JaxArray, values: Tree) => {
    const logits = forward(jax, task.network.steps, images, values, false);
    dispose(values);
    return logits;
  });
  return simple(jax, () => ({ logits: infer(x.ref, shared(weights)) }));
}

function training(jax: Jax, task: TrainingTask, arrays: Arrays): Work {
  const stepOn = (count: number): (() => Promise<JaxArray>) => {
    const x = examplesOf(jax, task, arrays, count);
    const labels = arrays.get('labels')!;
    const oneHot = new Float32Array(count * 10);
    for (let i = 0; i < count; i++) oneHot[i * 10 + labels[i]!] = 1;
    const target = array(jax, oneHot, [count, 10]);
    const loss = (weights: Tree, images: JaxArray, classes: JaxArray): JaxArray => {
      const logits = forward(jax, task.network.steps, images, weights, true);
      dispose(weights);
      return jax.nn
        .logSoftmax(logits)
        .mul(classes)
        .sum()
        .mul(-1 / count);
    };
    const moments = (name: string): boolean => /\/(mean|variance)$/.test(name);
    let weights = Object.fromEntries(Object.entries(weightsOf(jax, task, arrays)).filter(([name]) => !moments(name)));
    const zeros = (): Tree =>
      Object.fromEntries(Object.entries(weights).map(([name, { shape, size }]) => [name, array(jax, new Float32Array(size), shape)]));
    let [first, second] = [zeros(), zeros()];
    const update = jax.jit(updateOf(jax, task.optimizer));
    const lossAndGradients = jax.jit(jax.valueAndGrad(loss));
    let steps = 0;
    return async () => {
      const [value, gradients] = lossAndGradients(shared(weights), x.ref, target.ref);
      steps++;
      const corrections = jax.numpy.array(Float32Array.from(correctionsOf(task.optimizer, steps)));
      [weights, first, second] = update(weights, gradients, first, second, corrections);
      await jax.blockUntilReady(weights);
      return value;
    };
  };
  const timed = stepOn(task.batch);
  return {
    run: async () => (await timed()).dispose(),
    async check() {
      const checked = stepOn(task.checkBatch);
      const losses: number[] = [];
      for (let i = 0; i < task.checkSteps; i++) losses.push((await (await checked()).data())[0]!);
      return { losses };
    },
  };
}

/** Kingma and Ba 2015, algorithm 1: what the running means are divided by at a step. */
function correctionsOf(optimizer: OptimizerChoice, step: number): [number, number] {
  return optimizer.name === 'adam' ? [1 / (1 - optimizer.beta1 ** step), 1 / (1 - optimizer.beta2 ** step)] : [1, 1];
}

type Update = (weights: Tree, gradients: Tree, first: Tree, second: Tree, corrections: JaxArray) => [Tree, Tree, Tree];

/** An optimizer's step over all weights; the library has optimizers in a package of their own, written in the same way. */
function updateOf({ numpy: np }: Jax, optimizer: OptimizerChoice): Update {
  return (weights, gradients, first, second, corrections) => {
    const next: [Tree, Tree, Tree] = [{}, {}, {}];
    const one = (i: number): JaxArray => corrections.ref.mul(np.array(Float32Array.from([1 - i, i]))).sum();
    for (const name of Object.keys(weights)) {
      const [w, g, m, v] = [weights[name]!, gradients[name]!, first[name]!, second[name]!];
      if (optimizer.name === 'momentum') {
        const velocity = m.mul(optimizer.momentum).add(g);
        next[1][name] = velocity.ref;
        next[2][name] = v;
        next[0][name] = w.sub(velocity.mul(optimizer.learningRate));
        continue;
      }
      const { learningRate, beta1, beta2, epsilon } = optimizer;
      const mean = m.mul(beta1).add(g.ref.mul(1 - beta1));
      const square = v.mul(beta2).add(np.square(g).mul(1 - beta2));
      next[1][name] = mean.ref;
      next[2][name] = square.ref;
      next[0][name] = w.sub(
        mean
          .mul(one(0))
          .mul(learningRate)
          .div(np.sqrt(square.mul(one(1))).add(epsilon)),
      );
    }
    corrections.dispose();
    return next;
  };
}

function shared(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([name, x]) => [name, x.ref]));
}

function dispose(tree: Tree): void {
  for (const x of Object.values(tree)) x.dispose();
}
