// The contestants: the engines of Sinapse, and the libraries it is compared with.

import { fileURLToPath } from 'node:url';
import type { Program } from './process/contestant-process.ts';
import type { Task } from './problem/task.ts';
import type { Setting } from './setting.ts';
import { handicapOf, otherCoreTypes, processorFlags, withCoreTypes } from './blas.ts';
import { blasOf, pythonWith } from './python.ts';

export interface Contestant {
  /** Its name on the command line. */
  readonly name: string;
  readonly title: string;
  readonly ours: boolean;
  /** The kind of code that it runs; contestants of one kind are compared. */
  readonly kind: 'native' | 'wasm' | 'javascript';
  /** Whether it can use more than one thread. */
  readonly threaded: boolean;
  /** Whether it is one of the packages in peers/. */
  readonly installed: boolean;
  settings(task: Task): readonly Setting[];
  /** Why ratios to it are not counted here, in a few words; undefined if they are. */
  handicap(): string | undefined;
  /**
   * The program that runs a job.
   * @throws Error when it cannot run here
   */
  program(job: string, threads: number, environment?: Setting['environment']): Program;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A contestant in JavaScript: a file of runners/, whose options say which library to load. */
function inNode(
  about: Pick<Contestant, 'name' | 'title' | 'ours' | 'kind' | 'threaded'>,
  runner: string,
  options: Readonly<Record<string, string | boolean>>,
): Contestant {
  return {
    ...about,
    installed: !about.ours,
    settings: () => [{ label: '', options }],
    handicap: () => undefined,
    program: (job) => ({ command: process.execPath, args: [here(`runners/${runner}.js`), job], environment: {} }),
  };
}

function inPython(name: string, title: string, module: string, settings: Contestant['settings']): Contestant {
  return {
    name,
    title,
    ours: false,
    kind: 'native',
    threaded: true,
    installed: false,
    settings: (task) => withCoreTypes(settings(task), otherCoreTypes(blasOf(module), processorFlags())),
    handicap: () => handicapOf(blasOf(module)),
    program: (job, threads, chosen) => {
      const python = pythonWith(module);
      if (python === undefined) throw new Error(`neither python3 nor /usr/bin/python3 can import ${module}`);
      const environment = {
        OPENBLAS_CORETYPE: undefined, // an inherited value would hide OpenBLAS's own choice
        OMP_NUM_THREADS: String(threads),
        OPENBLAS_NUM_THREADS: String(threads),
        ...chosen,
      };
      return { command: python, args: ['-u', here(`../python/${name}_contestant.py`), job], environment };
    },
  };
}

const plain: Setting = { label: '', options: {} };
/** Its threads do not spin between the many small products of a sequence. */
const passive: Setting = { label: 'OMP_WAIT_POLICY=passive', options: {}, environment: { OMP_WAIT_POLICY: 'passive' } };
const channelsLast: Setting = { label: 'channels last', options: { channelsLast: true } };
const channelsFirst: Setting = { label: 'default', options: { channelsLast: false } };

function pytorchSettings(task: Task): readonly Setting[] {
  switch (task.kind) {
    case 'add':
    case 'matmul':
      return [plain];
    case 'sequenceTraining':
    case 'sequenceSteps':
      return [passive, plain];
    case 'convForward':
    case 'convGradients':
      return [channelsLast, channelsFirst];
    case 'training':
      return task.network.input.length === 3 ? [channelsLast, channelsFirst] : [plain];
    case 'inference':
      return [channelsLast, channelsFirst].flatMap(({ label, options }) => [
        { label, options },
        { label: `${label}, optimize_for_inference`, options: { ...options, optimized: true } },
      ]);
  }
}

/** The engines of Sinapse; each one is the contestant `sinapse-` and its name. */
export const engines = ['native', 'wasm', 'reference'] as const;

const ours = engines.map((engine) =>
  inNode(
    {
      name: `sinapse-${engine}`,
      title: `Sinapse ${engine}`,
      ours: true,
      kind: engine === 'reference' ? 'javascript' : engine,
      threaded: engine !== 'reference',
    },
    'sinapse',
    { engine },
  ),
);

export const contestants: readonly Contestant[] = [
  ...ours,
  inPython('pytorch', 'PyTorch', 'torch', pytorchSettings),
  inPython('numpy', 'NumPy', 'numpy', () => [plain]),
  inNode({ name: 'onnxruntime-node', title: 'ONNX Runtime', ours: false, kind: 'native', threaded: true }, 'onnxruntime', {
    package: 'onnxruntime-node',
  }),
  inNode({ name: 'onnxruntime-web', title: 'ONNX Runtime Web', ours: false, kind: 'wasm', threaded: true }, 'onnxruntime', {
    package: 'onnxruntime-web',
  }),
  inNode({ name: 'tfjs-wasm', title: 'TensorFlow.js wasm', ours: false, kind: 'wasm', threaded: false }, 'tfjs', { backend: 'wasm' }),
  inNode({ name: 'jax-js', title: 'jax-js', ours: false, kind: 'wasm', threaded: false }, 'jax', {}),
  inNode({ name: 'tfjs-cpu', title: 'TensorFlow.js cpu', ours: false, kind: 'javascript', threaded: false }, 'tfjs', { backend: 'cpu' }),
];
