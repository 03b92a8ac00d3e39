// The models that ONNX Runtime runs, one for each task that it can do. ONNX images and filters are channels first.

import type { Network, Step } from '../networks/network.ts';
import { survey } from '../networks/network.ts';
import type { Task } from '../problem/task.ts';
import { permuted } from '../problem/permute.ts';
import type { Attribute, Constant, Graph, Node } from './model.ts';

/**
 * The model of a task; its inputs have the names of the task's arrays.
 * @throws Error when ONNX Runtime lacks the operation
 */
export function graphOf(task: Task, arrays: ReadonlyMap<string, Float32Array>): Graph {
  switch (task.kind) {
    case 'add':
      return operator('Add', { a: [task.size], b: [task.size] }, [task.size]);
    case 'matmul': {
      const { m, k, n, transposeA, transposeB } = task;
      const inputs = { a: transposeA ? [k, m] : [m, k], b: transposeB ? [n, k] : [k, n] };
      if (!transposeA && !transposeB) return operator('MatMul', inputs, [m, n]);
      return operator('Gemm', inputs, [m, n], { transA: Number(transposeA), transB: Number(transposeB) });
    }
    case 'convForward': {
      const { input, filter, output, stride, padding, groups } = task.convolution;
      const inputs = { x: channelsFirst(input), filter: filterShape(filter) };
      return operator('Conv', inputs, channelsFirst(output), { ...window(filter[0], stride, padding), group: groups });
    }
    case 'inference':
      return networkGraph(task.network, task.batch, arrays);
    case 'sequenceSteps':
      throw new Error('the benchmark writes no recurrent model for ONNX Runtime');
    case 'convGradients':
    case 'training':
    case 'sequenceTraining':
      throw new Error('ONNX Runtime for JavaScript runs models and does not train them');
  }
}

const channelsFirst = ([batch, height, width, channels]: readonly [number, number, number, number]): number[] => [
  batch,
  channels,
  height,
  width,
];

const filterShape = ([height, width, channels, filters]: readonly [number, number, number, number]): number[] => [
  filters,
  channels,
  height,
  width,
];

function operator(
  name: string,
  inputs: Readonly<Record<string, readonly number[]>>,
  output: readonly number[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Graph {
  return {
    name,
    inputs: Object.entries(inputs).map(([input, shape]) => ({ name: input, shape })),
    outputs: [{ name: 'y', shape: output }],
    constants: [],
    nodes: [{ operator: name, inputs: Object.keys(inputs), output: 'y', attributes }],
  };
}

/** @param over zeros below and on the right, beside the padding */
function window(size: number, stride: number, padding: number, over = 0): Record<string, Attribute> {
  return { kernel_shape: [size, size], strides: [stride, stride], pads: [padding, padding, padding + over, padding + over] };
}

/** A whole network with its weights. Batch normalisation has its own nodes; ONNX Runtime's optimizer folds them. */
function networkGraph(network: Network, batch: number, arrays: ReadonlyMap<string, Float32Array>): Graph {
  const nodes: Node[] = [];
  const constants = new Map<string, Constant>();
  const node = (name: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string => {
    const output = `v${nodes.length}`;
    nodes.push({ operator: name, inputs, output, attributes });
    return output;
  };
  const { weights, output: outputShape } = survey(network);
  const shapes = new Map(weights.map(({ name, shape }) => [name, shape]));
  const weight = (name: string, order?: readonly number[]): string => {
    const data = arrays.get(name)!;
    const shape = shapes.get(name)!;
    constants.set(
      name,
      order ? { name, shape: order.map((axis) => shape[axis]!), data: permuted(data, shape, order) } : { name, shape, data },
    );
    return name;
  };

  const scalar = (name: string, value: number): string => {
    constants.set(name, { name, shape: [], data: Float32Array.of(value) });
    return name;
  };

  const through = (steps: readonly Step[], x: string): string => steps.reduce((value, step) => after(step, value), x);
  const after = (step: Step, x: string): string => {
    switch (step.op) {
      case 'conv': {
        const inputs = [x, weight(`${step.name}/kernel`, [3, 2, 0, 1]), ...(step.bias ? [weight(`${step.name}/bias`)] : [])];
        return node('Conv', inputs, { ...window(step.kernel, step.stride, step.padding), group: step.groups });
      }
      case 'batchNorm': {
        const moments = ['scale', 'offset', 'mean', 'variance'].map((role) => weight(`${step.name}/${role}`));
        return node('BatchNormalization', [x, ...moments], { epsilon: { float: step.epsilon } });
      }
      case 'relu':
        return node('Relu', [x]);
      case 'relu6':
        return node('Clip', [x, scalar('zero', 0), scalar('six', 6)]);
      case 'maxPool':
        return node('MaxPool', [x], window(step.window, step.stride, step.padding, step.over));
      case 'avgPool':
        return node('AveragePool', [x], window(step.window, step.stride, 0));
      case 'globalAvgPool':
        return node('Flatten', [node('GlobalAveragePool', [x])], { axis: 1 });
      case 'dense': {
        const flat = step.image ? node('Flatten', [node('Transpose', [x], { perm: [0, 2, 3, 1] })], { axis: 1 }) : x;
        return node('Gemm', [flat, weight(`${step.name}/kernel`), weight(`${step.name}/bias`)]);
      }
      case 'residual':
        return node('Add', [through(step.body, x), through(step.shortcut, x)]);
      case 'concat':
        return node('Concat', step.branches.map((branch) => through(branch, x)), { axis: 1 }); // prettier-ignore
      case 'subsample':
        throw new Error('no network that is only run has a shortcut by subsampling');
    }
  };

  const [height, width, channels] = network.input as [number, number, number];
  const last = through(network.steps, 'x');
  return {
    name: network.name,
    inputs: [{ name: 'x', shape: channelsFirst([batch, height, width, channels]) }],
    outputs: [{ name: last, shape: [batch, ...outputShape] }],
    constants: [...constants.values()],
    nodes,
  };
}
