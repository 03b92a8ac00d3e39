// Sinapse itself, through the public surface of its packages.

import type { EngineKind } from '@sinapse/backend-cpu';
import { cpu } from '@sinapse/backend-cpu';
import type { ConvolutionOptions, Tensor } from '@sinapse/core';
import { add, conv2d, conv2dFilterGrad, conv2dInputGrad, inference, matmul, memory, scope, tensor, use } from '@sinapse/core';
import type { Convolution, Job, Task } from '../problem/task.ts';
import type { Arrays, Contestant } from '../process/serve.ts';
import { serve } from '../process/serve.ts';
import { modelOf, trainerOf } from './sinapse-models.ts';
import { sequenceSteps, sequenceTrainer } from './sinapse-sequences.ts';

type Work = Pick<Contestant, 'run' | 'check'>;

await serve(async ({ task, threads, setting }: Job, arrays): Promise<Contestant> => {
  const backend = use(await cpu({ engine: setting['engine'] as EngineKind, threads }));
  const work = workOf(task, arrays);
  return {
    engine: `Sinapse ${backend.info.engine}, ${backend.info.threads} thread${backend.info.threads === 1 ? '' : 's'}`,
    ...work,
    memory: () => {
      const { liveBytes, pooledBytes, workspaceBytes } = memory(backend).backend;
      return { tensorBytes: liveBytes, reservedBytes: pooledBytes + workspaceBytes };
    },
  };
});

function workOf(task: Task, arrays: Arrays): Work {
  const input = (name: string, shape: readonly number[]): Tensor => tensor(arrays.get(name)!, { shape });
  switch (task.kind) {
    case 'add': {
      const [a, b] = [input('a', [task.size]), input('b', [task.size])];
      return {
        run: () => scope(() => void add(a, b)),
        check: () => read({ y: add(a, b) }),
      };
    }
    case 'matmul': {
      const { m, k, n, transposeA, transposeB } = task;
      const [a, b] = [input('a', transposeA ? [k, m] : [m, k]), input('b', transposeB ? [n, k] : [k, n])];
      return simple(() => ({ y: matmul(a, b, { transposeA, transposeB }) }));
    }
    case 'convForward': {
      const { input: inputShape, filter: filterShape } = task.convolution;
      const [x, filter] = [input('x', inputShape), input('filter', filterShape)];
      return simple(() => ({ y: conv2d(x, filter, geometry(task.convolution)) }));
    }
    case 'convGradients': {
      const { input: inputShape, filter: filterShape, output } = task.convolution;
      const [x, filter, dy] = [input('x', inputShape), input('filter', filterShape), input('dy', output)];
      const options = geometry(task.convolution);
      return simple(() => ({
        dx: conv2dInputGrad(dy, filter, inputShape, options),
        dfilter: conv2dFilterGrad(x, dy, filterShape, options),
      }));
    }
    case 'inference': {
      const { model, context } = modelOf(task.network, arrays, false);
      const x = input('x', [task.batch, ...task.network.input]);
      return simple(() => ({ logits: inference(() => model.call(x, context)) }));
    }
    case 'sequenceSteps': {
      const run = sequenceSteps(task, arrays);
      return simple(() => ({ h: run() }));
    }
    case 'sequenceTraining': {
      const timed = sequenceTrainer(task, arrays, false);
      return {
        run: () => scope(() => void timed()),
        check: async () => {
          const checked = sequenceTrainer(task, arrays, true);
          return { losses: Array.from({ length: task.checkSteps }, () => scope(() => checked().dataSync()[0]!)) };
        },
      };
    }
    case 'training': {
      const timed = trainerOf(task, arrays, task.batch);
      return {
        run: () => scope(() => void timed()),
        check: async () => {
          const checked = trainerOf(task, arrays, task.checkBatch);
          return { losses: Array.from({ length: task.checkSteps }, () => scope(() => checked().dataSync()[0]!)) };
        },
      };
    }
  }
}

function geometry({ stride, padding, groups }: Convolution): ConvolutionOptions {
  return { strides: stride, padding, groups };
}

/** Work that computes some tensors anew each time. */
function simple(compute: () => Record<string, Tensor>): Work {
  return {
    run: () => scope(() => void compute()),
    check: () => read(compute()),
  };
}

async function read(outputs: Readonly<Record<string, Tensor>>): Promise<Record<string, ArrayLike<number>>> {
  const values = await Promise.all(Object.entries(outputs).map(async ([name, y]) => [name, await y.data()] as const));
  for (const y of Object.values(outputs)) y.dispose();
  return Object.fromEntries(values);
}
