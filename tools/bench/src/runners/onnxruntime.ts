// ONNX Runtime, for Node and for the web, which only runs models.

import { graphOf } from '../onnx/graphs.ts';
import { encodeModel } from '../onnx/model.ts';
import { loadPeer, peerVersion } from '../peers.ts';
import { permuted } from '../problem/permute.ts';
import type { Task } from '../problem/task.ts';
import type { Arrays, Contestant } from '../process/serve.ts';
import { serve } from '../process/serve.ts';

/** The used part of the packages, which are not installed at compile time. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number } };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => OnnxTensor;
  readonly InferenceSession: { create(model: Uint8Array, options: Record<string, unknown>): Promise<Session> };
}

interface OnnxTensor {
  readonly data: Float32Array;
}

interface Session {
  run(feeds: Record<string, OnnxTensor>, fetches?: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>>;
}

/** Order of axes that makes images channels first. */
const CHANNELS_FIRST = [0, 3, 1, 2];
const CHANNELS_LAST = [0, 2, 3, 1];

await serve(async ({ task, threads, setting }, arrays): Promise<Contestant> => {
  const packageName = setting['package'] as string;
  const ort = await loadPeer<OnnxRuntime>(packageName);
  ort.env.wasm.numThreads = threads;
  const graph = graphOf(task, arrays as ReadonlyMap<string, Float32Array>);
  const session = await ort.InferenceSession.create(encodeModel(graph), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    executionProviders: [packageName === 'onnxruntime-web' ? 'wasm' : 'cpu'],
  });

  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, shape }) => [name, new ort.Tensor('float32', input(task, name, arrays), shape)]),
  );
  const { name: output, shape } = graph.outputs[0]!;
  const outputSize = shape.reduce((product, length) => product * length, 1);
  const fetches = { [output]: new ort.Tensor('float32', new Float32Array(outputSize), shape) };
  return {
    engine: `${packageName} ${peerVersion(packageName)}`,
    async check() {
      const { data } = (await session.run(feeds))[output]!;
      if (task.kind === 'inference') return { logits: data };
      return { y: shape.length === 4 ? permuted(data, shape, CHANNELS_LAST) : data };
    },
    async run() {
      await session.run(feeds, fetches); // into existing memory, which is faster
    },
  };
});

function input(task: Task, name: string, arrays: Arrays): Float32Array {
  const data = arrays.get(name) as Float32Array;
  if (name === 'x') {
    const shape =
      task.kind === 'convForward' ? task.convolution.input : task.kind === 'inference' ? [task.batch, ...task.network.input] : [];
    return permuted(data, shape, CHANNELS_FIRST);
  }
  return name === 'filter' && task.kind === 'convForward' ? permuted(data, task.convolution.filter, [3, 2, 0, 1]) : data;
}
