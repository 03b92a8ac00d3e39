// TensorFlow.js on its backends for the processor. They compute synchronously, so a returned tensor is already computed.

import type { Step } from '../networks/network.ts';
import { survey } from '../networks/network.ts';
import { loadPeer, peerVersion } from '../peers.ts';
import type { Convolution, InferenceTask, Job, OptimizerChoice, Task, TrainingTask } from '../problem/task.ts';
import type { Arrays, Contestant } from '../process/serve.ts';
import { serve } from '../process/serve.ts';
import { sequenceSteps, sequenceTraining } from './tfjs-sequences.ts';
import type { TensorFlow, Tensor, Variable } from './tfjs-types.ts';

type Work = Pick<Contestant, 'run' | 'check'>;
type Weights = ReadonlyMap<string, Tensor>;

await serve(async ({ task, setting }: Job, arrays): Promise<Contestant> => {
  const tf = await loadPeer<TensorFlow>('@tensorflow/tfjs');
  const backend = setting['backend'] as string;
  await loadPeer(`@tensorflow/tfjs-backend-${backend}`);
  await tf.setBackend(backend);
  await tf.ready();
  return {
    engine: `TensorFlow.js ${backend} ${peerVersion(`@tensorflow/tfjs-backend-${backend}`)}`,
    ...workOf(tf, task, arrays),
    memory: () => ({ tensorBytes: tf.memory().numBytes }),
  };
});

function workOf(tf: TensorFlow, task: Task, arrays: Arrays): Work {
  const input = (name: string, shape: readonly number[]): Tensor => tf.tensor(arrays.get(name)!, shape);
  switch (task.kind) {
    case 'add': {
      const [a, b] = [input('a', [task.size]), input('b', [task.size])];
      return { ...simple(tf, () => ({ y: tf.add(a, b) })), run: () => tf.add(a, b).dispose() };
    }
    case 'matmul': {
      const { m, k, n, transposeA, transposeB } = task;
      const [a, b] = [input('a', transposeA ? [k, m] : [m, k]), input('b', transposeB ? [n, k] : [k, n])];
      return simple(tf, () => ({ y: tf.matMul(a, b, transposeA, transposeB) }));
    }
    case 'convForward': {
      const { input: shape, filter, stride, padding, groups } = task.convolution;
      const x = input('x', shape);
      if (groups === 1) {
        const kernel = input('filter', filter);
        return simple(tf, () => ({ y: tf.conv2d(x, kernel, stride, padding) }));
      }
      const kernel = input('filter', depthwiseFilter(task.convolution));
      return simple(tf, () => ({ y: tf.depthwiseConv2d(x, kernel, stride, padding) }));
    }
    case 'convGradients':
      return simple(tf, convolutionGradients(tf, task.convolution, input));
    case 'inference':
      return inference(tf, task, arrays);
    case 'training':
      return training(tf, task, arrays);
    case 'sequenceTraining':
      return sequenceTraining(tf, task, arrays);
    case 'sequenceSteps':
      return sequenceSteps(tf, task, arrays);
  }
}

/** Work that computes some tensors anew each time. */
function simple(tf: TensorFlow, compute: () => Record<string, Tensor>): Work {
  return {
    run: () => tf.tidy(() => void compute()),
    check: async () => Object.fromEntries(Object.entries(compute()).map(([name, y]) => [name, y.dataSync()])),
  };
}

/** The shape `[height, width, channels, 1]` of a depthwise filter; its numbers keep their order. */
function depthwiseFilter({ filter: [height, width, , filters] }: Convolution): number[] {
  return [height, width, filters, 1];
}

/** Calls the kernels of a convolution's gradients, without the forward pass. */
function convolutionGradients(
  tf: TensorFlow,
  convolution: Convolution,
  input: (name: string, shape: readonly number[]) => Tensor,
): () => Record<string, Tensor> {
  const { stride, padding, groups, input: inputShape, output } = convolution;
  const filterShape = groups === 1 ? convolution.filter : depthwiseFilter(convolution);
  const [x, filter, dy] = [input('x', inputShape), input('filter', filterShape), input('dy', output)];
  const attributes = { strides: [stride, stride], dilations: [1, 1], pad: padding, dataFormat: 'NHWC' };
  const prefix = groups === 1 ? 'Conv2D' : 'DepthwiseConv2dNative';
  const engine = tf.engine();
  return () => ({
    dx: engine.runKernel(`${prefix}BackpropInput`, { dy, filter }, { ...attributes, inputShape }),
    dfilter: engine.runKernel(`${prefix}BackpropFilter`, { x, dy }, { ...attributes, filterShape }),
  });
}

/** A network's output. In training, batch normalisation uses the batch's moments. */
function forward(tf: TensorFlow, steps: readonly Step[], input: Tensor, weights: Weights, isTraining: boolean): Tensor {
  const after = (x: Tensor, step: Step): Tensor => {
    const weight = (role: string): Tensor => weights.get(`${'name' in step ? step.name : ''}/${role}`)!;
    switch (step.op) {
      case 'conv': {
        const { stride, padding, groups } = step;
        const [height, width, , filters] = weight('kernel').shape as [number, number, number, number];
        const y =
          groups === 1
            ? tf.conv2d(x, weight('kernel'), stride, padding)
            : tf.depthwiseConv2d(x, tf.reshape(weight('kernel'), [height, width, filters, 1]), stride, padding);
        return step.bias ? tf.add(y, weight('bias')) : y;
      }
      case 'batchNorm': {
        const { mean, variance } = isTraining ? tf.moments(x, [0, 1, 2]) : { mean: weight('mean'), variance: weight('variance') };
        return tf.batchNorm(x, mean, variance, weight('offset'), weight('scale'), step.epsilon);
      }
      case 'relu':
        return tf.relu(x);
      case 'relu6':
        return tf.relu6(x);
      case 'maxPool': {
        const { window, stride, padding, over } = step;
        if (over === 0) return tf.maxPool(x, window, stride, padding);
        // Every pooling comes after a rectifier, so padding with zeros never changes the maximum.
        const sides = [padding, padding + over] as const;
        return tf.maxPool(tf.pad(x, [[0, 0], sides, sides, [0, 0]]), window, stride, 0); // prettier-ignore
      }
      case 'avgPool':
        return tf.avgPool(x, step.window, step.stride, 'valid');
      case 'globalAvgPool':
        return tf.mean(x, [1, 2]);
      case 'dense':
        return tf.add(tf.matMul(tf.reshape(x, [x.shape[0]!, -1]), weight('kernel')), weight('bias'));
      case 'residual':
        return tf.add(step.body.reduce(after, x), step.shortcut.reduce(after, x));
      case 'concat':
        return tf.concat(step.branches.map((branch) => branch.reduce(after, x)), 3); // prettier-ignore
      case 'subsample': {
        // Pooling with a window of one pixel has a gradient; a slice with steps has none.
        const every = tf.avgPool(x, 1, step.stride, 'valid');
        return tf.pad(every, [[0, 0], [0, 0], [0, 0], [0, step.channels - x.shape[3]!]]); // prettier-ignore
      }
    }
  };
  return steps.reduce(after, input);
}

function inference(tf: TensorFlow, { network, batch }: InferenceTask, arrays: Arrays): Work {
  const x = tf.tensor(arrays.get('x')!, [batch, ...network.input]);
  const weights = new Map(survey(network).weights.map(({ name, shape }) => [name, tf.tensor(arrays.get(name)!, shape)]));
  return simple(tf, () => ({ logits: tf.tidy(() => forward(tf, network.steps, x, weights, false)) }));
}

function training(tf: TensorFlow, task: TrainingTask, arrays: Arrays): Work {
  const { network, batch } = task;
  const stepOn = (examples: number): (() => Tensor) => {
    const pixels = arrays.get('x')!;
    const x = tf.tensor(pixels.slice(0, (pixels.length / batch) * examples), [examples, ...network.input]);
    const labels = tf.oneHot(tf.tensor(arrays.get('labels')!.slice(0, examples), [examples], 'int32'), survey(network).output[0]!);
    const weights = new Map<string, Variable>(
      survey(network)
        .weights.filter(({ role }) => role !== 'mean' && role !== 'variance')
        .map(({ name, shape }) => [name, tf.variable(tf.tensor(arrays.get(name)!, shape))]),
    );
    const optimizer = optimizerOf(tf, task.optimizer);
    const loss = (): Tensor => tf.losses.softmaxCrossEntropy(labels, forward(tf, network.steps, x, weights, true));
    return () => optimizer.minimize(loss, true, [...weights.values()]);
  };
  const timed = stepOn(batch);
  return {
    run: () => tf.tidy(() => void timed()),
    check: async () => {
      const checked = stepOn(task.checkBatch);
      return { losses: Array.from({ length: task.checkSteps }, () => checked().dataSync()[0]!) };
    },
  };
}

function optimizerOf(tf: TensorFlow, choice: OptimizerChoice): ReturnType<TensorFlow['train']['adam']> {
  return choice.name === 'adam'
    ? tf.train.adam(choice.learningRate, choice.beta1, choice.beta2, choice.epsilon)
    : tf.train.momentum(choice.learningRate, choice.momentum);
}
