// ONNX Runtime, for Node and for the web, which only runs models.

import { graphOf } from '../onnx/graphs.ts';
import { openGraph } from '../onnx/session.ts';
import { peerVersion } from '../peers.ts';
import { permuted } from '../problem/permute.ts';
import type { Task } from '../problem/task.ts';
import type { Arrays, Contestant } from '../process/serve.ts';
import { serve } from '../process/serve.ts';

/** Order of axes that makes images channels first. */
const CHANNELS_FIRST = [0, 3, 1, 2];
const CHANNELS_LAST = [0, 2, 3, 1];

await serve(async ({ task, threads, setting }, arrays): Promise<Contestant> => {
  const packageName = setting['package'] as string;
  const graph = graphOf(task, arrays as ReadonlyMap<string, Float32Array>);
  const { check, run } = await openGraph(packageName, graph, (name) => input(task, name, arrays), threads);
  const { shape } = graph.outputs[0]!;
  return {
    engine: `${packageName} ${peerVersion(packageName)}`,
    async check() {
      const data = await check();
      if (task.kind === 'inference') return { logits: data };
      return { y: shape.length === 4 ? permuted(data, shape, CHANNELS_LAST) : data };
    },
    run,
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
