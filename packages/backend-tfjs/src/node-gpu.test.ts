import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from 'vitest';
import { findNodeGpu, nodeGpu, whyNotNodeGpu } from './node-gpu.ts';

/** What Node gives to the loader: by default an old Node, a card's driver, and a package that loads. */
function sources(given: { node?: string; util?: object; gpu?: boolean; driver?: boolean; error?: object }) {
  const { node = '20.20.2', util = { isNullOrUndefined: () => false }, gpu = true, driver = true, error } = given;
  const backend = Object.assign(new MathBackendCPU(), { isUsingGpuDevice: gpu });
  const load = async (name: string): Promise<unknown> => {
    if (name === 'node:util') return util;
    if (name === 'node:fs') return { existsSync: (path: string) => driver && path === '/dev/nvidiactl' };
    if (error !== undefined) throw Object.assign(new Error(), error);
    return { default: { findBackend: () => backend } };
  };
  return { node, load };
}

describe('one line says why there is no tfjs-node-gpu', () => {
  test.each([
    [
      'not installed',
      { error: { code: 'ERR_MODULE_NOT_FOUND', message: "Cannot find package '@tensorflow/tfjs-node-gpu' imported from /app/main.js" } },
      /^the package @tensorflow\/tfjs-node-gpu is not installed; install it: npm install @tensorflow\/tfjs-node-gpu$/,
    ],
    [
      'the native part was never downloaded',
      {
        error: {
          message:
            'The Node.js native addon module (tfjs_binding.node) can not be found at path: /app/lib/napi-v8/tfjs_binding.node. \nPlease run',
        },
      },
      /was never downloaded.*run npm rebuild @tensorflow\/tfjs-node-gpu/,
    ],
    [
      'its libtensorflow is not there',
      { error: { code: 'ERR_DLOPEN_FAILED', message: 'libtensorflow.so.2: cannot open shared object file: No such file or directory' } },
      /was never downloaded/,
    ],
    ['Node is too new', { node: '24.1.0', util: {} }, /needs Node 22 or older.*this is Node 24\.1\.0$/],
    [
      'the native part is of another Node',
      { error: { code: 'ERR_DLOPEN_FAILED', message: 'The module was compiled against a different Node.js version using NODE_MODULE_VERSION 93' } },
      /was built for another version of Node than 20\.20\.2/,
    ],
    [
      'a library of CUDA is missing',
      { error: { code: 'ERR_DLOPEN_FAILED', message: 'libcudart.so.11.0: cannot open shared object file: No such file or directory' } },
      /^a library of CUDA is missing \(libcudart\.so\.11\.0: .*\); install CUDA 11\.2 and cuDNN 8\.1/,
    ],
    ['a card, and no libraries', { gpu: false }, /^TensorFlow found a graphics card and not its libraries; install CUDA 11\.2/],
    ['no card', { gpu: false, driver: false }, /^TensorFlow found no graphics card of NVIDIA/],
    ['a module of its own is missing', { error: { code: 'MODULE_NOT_FOUND', message: "Cannot find module 'tar'\nRequire stack" } }, /does not load: Cannot find module 'tar'$/],
  ])('%s', async (_, given, message) => {
    const found = await findNodeGpu(sources(given));
    expect(found).toMatch(message);
    expect(found).not.toContain('\n');
  });
}); // prettier-ignore

test('a package that loads gives its backend', async () => {
  expect(await findNodeGpu(sources({}))).toBeInstanceOf(MathBackendCPU);
});

test('outside of Node it says so', async () => {
  expect(await findNodeGpu({ node: undefined, load: () => Promise.reject(new Error('not reached')) })).toMatch(/runs in Node/);
});

test('this repository does not install it', async () => {
  const reason = await whyNotNodeGpu();
  expect(reason).toMatch(/is not installed|needs Node 22/);
  await expect(nodeGpu()).rejects.toThrow(`nodeGpu: ${reason}`);
  await expect(nodeGpu({ memoryLimt: 1 } as object)).rejects.toThrow('nodeGpu: memoryLimt is no option; did you mean memoryLimit?');
});
