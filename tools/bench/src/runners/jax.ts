// jax-js on its WebAssembly backend, compiled by `jit`. Images and filters are channels first. In Node it has one thread.

import { setFlagsFromString } from 'node:v8';
import { loadPeer, peerVersion } from '../peers.ts';
import { permuted } from '../problem/permute.ts';
import type { Job, Task } from '../problem/task.ts';
import type { Arrays, Contestant } from '../process/serve.ts';
import { serve } from '../process/serve.ts';
import { array, inferenceOf, TO_CHANNELS_FIRST, TO_CHANNELS_LAST, TO_FILTERS_FIRST, trainerOf } from './jax-models.ts';
import type { Jax, JaxArray, Tree } from './jax-types.ts';

type Work = Pick<Contestant, 'run' | 'check'>;

await serve(async ({ task }: Job, arrays): Promise<Contestant> => {
  setFlagsFromString('--experimental-wasm-relaxed-simd'); // Node 20 needs this flag
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
      // The gradients of sum(dy y) are the ones asked for; the compiler drops the computation of its unused value.
      const weighted = (image: JaxArray, kernel: JaxArray, weight: JaxArray): JaxArray => convolve(image, kernel).mul(weight).sum();
      const gradients = jax.jit(jax.grad<[JaxArray, JaxArray, JaxArray], [JaxArray, JaxArray]>(weighted, { argnums: [0, 1] }));
      const compute = (): Tree => {
        const [dx, dfilter] = gradients(x.ref, filter.ref, dy.ref);
        return { dx, dfilter };
      };
      return simple(jax, compute, { dx: TO_CHANNELS_LAST, dfilter: [2, 3, 1, 0] });
    }
    case 'sequenceTraining':
    case 'sequenceSteps':
      throw new Error('jax-js has no recurrent layers');
    case 'inference': {
      const compute = inferenceOf(jax, task, arrays);
      return simple(jax, () => ({ logits: compute() }));
    }
    case 'training': {
      const timed = trainerOf(jax, task, arrays, task.batch);
      return {
        run: async () => (await timed()).dispose(),
        async check() {
          const checked = trainerOf(jax, task, arrays, task.checkBatch);
          const losses: number[] = [];
          for (let i = 0; i < task.checkSteps; i++) losses.push((await (await checked()).data())[0]!);
          return { losses };
        },
      };
    }
  }
}

/** Work that computes some arrays anew each time; `orders` permutes their axes to channels last. */
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
