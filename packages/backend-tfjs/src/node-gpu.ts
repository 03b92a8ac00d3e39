// The package @tensorflow/tfjs-node-gpu, which is loaded when it is asked for: TensorFlow's kernels on a graphics card, through CUDA.

import type { Backend, OptionChecks } from '@sinapse/core';
import { BackendError, check, checkOptions } from '@sinapse/core';
import { TfjsBackend } from './backend.ts';
import type { TfjsKernelBackend } from './kernel-backend.ts';
import { profileOf } from './profile.ts';

export interface NodeGpuOptions {
  /** Bytes that all tensors may take together. Default: no limit of our own. */
  readonly memoryLimit?: number;
}

const OPTIONS: OptionChecks<NodeGpuOptions> = { memoryLimit: check.positive };

/** What the package exports, as far as it is used. */
interface NodeGpu {
  findBackend(name: string): TfjsKernelBackend & { readonly isUsingGpuDevice: boolean };
}

/** What loading asks of Node; tests give others. */
export interface Sources {
  /** The version of Node; undefined elsewhere. */
  readonly node: string | undefined;
  /** Imports a module: the package, `node:util`, `node:fs`. */
  readonly load: (name: string) => Promise<unknown>;
}

declare const process: { readonly versions?: { readonly node?: string } } | undefined;

const here: Sources = {
  node: typeof process === 'undefined' ? undefined : process.versions?.node,
  load: (name) => import(/* @vite-ignore */ name),
};

const PACKAGE = '@tensorflow/tfjs-node-gpu';

/** Devices that the driver of a card makes, on Linux and in Windows's Linux. */
const DRIVER = ['/dev/nvidiactl', '/dev/dxg'];

const CUDA = 'CUDA 11.2 and cuDNN 8.1, and their folder belongs into LD_LIBRARY_PATH';

/**
 * A backend over @tensorflow/tfjs-node-gpu in Node: a graphics card of NVIDIA's through CUDA. The package is an optional peer, which you
 * install.
 * @throws SinapseError for unknown options, BackendError where `whyNotNodeGpu` has a reason
 */
export async function nodeGpu(options: NodeGpuOptions = {}): Promise<Backend> {
  checkOptions('nodeGpu', options, OPTIONS);
  const found = await findNodeGpu();
  if (typeof found === 'string') throw new BackendError(`nodeGpu: ${found}`);
  return new TfjsBackend(found, profileOf(found)!, options.memoryLimit ?? Infinity, () => {});
}

/** Why `nodeGpu()` makes no backend here, and what to do; undefined where it does. */
export async function whyNotNodeGpu(): Promise<string | undefined> {
  const found = await findNodeGpu();
  return typeof found === 'string' ? found : undefined;
}

/** The backend of the package, or why there is none. */
export async function findNodeGpu({ node, load }: Sources = here): Promise<TfjsKernelBackend | string> {
  if (node === undefined) return `${PACKAGE} runs in Node; in a browser use the backend webgl or webgpu`;
  if (!('isNullOrUndefined' in ((await load('node:util')) as object)))
    return `${PACKAGE} needs Node 22 or older, as it calls util.isNullOrUndefined, which Node 23 took out; this is Node ${node}`;
  let backend: TfjsKernelBackend & { readonly isUsingGpuDevice: boolean };
  try {
    const module = (await load(PACKAGE)) as NodeGpu & { readonly default?: NodeGpu };
    backend = (module.default ?? module).findBackend('tensorflow');
  } catch (error) {
    return whyNotLoaded(error, node);
  }
  if (backend.isUsingGpuDevice) return backend;
  const { existsSync } = (await load('node:fs')) as { readonly existsSync: (path: string) => boolean };
  if (DRIVER.some(existsSync)) return `TensorFlow found a graphics card and not its libraries; install ${CUDA}`;
  return 'TensorFlow found no graphics card of NVIDIA, or no driver for it (nvidia-smi lists the cards); use the backend cpu';
}

/** Why the package does not load. */
function whyNotLoaded(error: unknown, node: string): string {
  const { message = String(error) } = error as { readonly message?: string };
  const [line] = message.split('\n');
  if (new RegExp(`(Cannot find|Could not resolve) (package |module )?['"]${PACKAGE}['"]`).test(message))
    return `the package ${PACKAGE} is not installed; install it: npm install ${PACKAGE}`;
  if (/lib(cuda|cudart|cublas|cudnn|cufft|curand|cusolver|cusparse|nvrtc)/.test(message))
    return `a library of CUDA is missing (${line}); install ${CUDA}`;
  if (/NODE_MODULE_VERSION|did not self-register|N-API version|Node-API version/i.test(message))
    return `the native part of ${PACKAGE} was built for another version of Node than ${node}: run npm rebuild ${PACKAGE}, or use Node 22`;
  if (/tfjs_binding\.node|libtensorflow/.test(message))
    return `the native part of ${PACKAGE} was never downloaded, as where install scripts are off; run npm rebuild ${PACKAGE} (with pnpm, approve-builds first)`;
  return `the package ${PACKAGE} does not load: ${line}`;
}
