// The backends that this program knows by name. Only the one that is opened is loaded.

import type { Backend } from '@sinapse/core';
import { tryBackend } from './trial.ts';

/** A backend that Node may run, and how to open it. */
export interface NodeBackend {
  readonly what: string;
  /** Rejects with one line that says why it cannot run on this machine, and what to do. */
  readonly open: () => Promise<Backend>;
}

/** A backend that never runs in Node. */
export interface ElsewhereBackend {
  readonly what: string;
  readonly status: 'for browsers' | 'not in this version';
  /** What follows its name when somebody asks for it. */
  readonly reason: string;
}

export type KnownBackend = NodeBackend | ElsewhereBackend;

const browser = { status: 'for browsers', reason: 'runs in browsers, not in Node; use cpu' } as const;

export const backendList: Readonly<Record<string, KnownBackend>> = {
  cpu: {
    what: 'the processor, with the fastest of the three engines below that this machine has; auto, the default, takes it',
    open: async () => (await import('@sinapse/backend-cpu')).cpu(),
  },
  native: {
    what: 'the processor, in compiled C++',
    open: async () => (await import('@sinapse/backend-cpu')).cpu({ engine: 'native' }),
  },
  wasm: {
    what: 'the processor, in WebAssembly',
    open: async () => (await import('@sinapse/backend-cpu')).cpu({ engine: 'wasm' }),
  },
  reference: {
    what: 'the processor, in plain TypeScript; what the other backends are checked against',
    open: async () => (await import('@sinapse/backend-reference')).reference(),
  },
  webgpu: {
    what: 'the graphics card, through WebGPU',
    open: async () => {
      await tryBackend('webgpu');
      return (await import('@sinapse/backend-webgpu')).webgpu();
    },
  },
  'tfjs-node-gpu': {
    what: "NVIDIA graphics cards, through TensorFlow's kernels",
    open: async () => {
      await tryBackend('tfjs-node-gpu');
      return (await import('@sinapse/backend-tfjs')).nodeGpu();
    },
  },
  webgl: { what: 'the graphics card, through WebGL', ...browser },
  'tfjs-webgl': { what: "the graphics card, through TensorFlow.js's kernels", ...browser },
  cuda: { what: 'NVIDIA graphics cards', status: 'not in this version', reason: 'is not available in this version; use cpu' },
};
