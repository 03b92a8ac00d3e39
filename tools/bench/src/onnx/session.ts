// Opens a model in ONNX Runtime, for Node or for the web.

import { loadPeer } from '../peers.ts';
import type { Graph } from './model.ts';
import { encodeModel } from './model.ts';

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

/** A model with its inputs. */
export interface OpenedGraph {
  /** The values of the output, computed anew. */
  readonly check: () => Promise<Float32Array>;
  /** Computes the output into memory that is there already, which is faster. */
  readonly run: () => Promise<void>;
}

/**
 * @param packageName `onnxruntime-node` or `onnxruntime-web`
 * @param valuesOf the values of an input, in the order of its axes
 */
export async function openGraph(
  packageName: string,
  graph: Graph,
  valuesOf: (input: string) => Float32Array,
  threads: number,
): Promise<OpenedGraph> {
  const ort = await loadPeer<OnnxRuntime>(packageName);
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(encodeModel(graph), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    executionProviders: [packageName === 'onnxruntime-web' ? 'wasm' : 'cpu'],
  });
  const feeds = Object.fromEntries(graph.inputs.map(({ name, shape }) => [name, new ort.Tensor('float32', valuesOf(name), shape)]));
  const { name: output, shape } = graph.outputs[0]!;
  const outputSize = shape.reduce((product, length) => product * length, 1);
  const fetches = { [output]: new ort.Tensor('float32', new Float32Array(outputSize), shape) };
  return {
    check: async () => (await session.run(feeds))[output]!.data,
    run: async () => void (await session.run(feeds, fetches)),
  };
}
