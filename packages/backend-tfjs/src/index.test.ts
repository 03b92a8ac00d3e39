import { BackendError, OutOfMemoryError, specOf, tensor, use, withBackend } from '@sinapse/core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { enableProdMode, getKernelsForBackend, registerKernel } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { TfjsOptions } from './index.ts';
import { tfjs } from './index.ts';

enableProdMode(); // or tfjs advertises its package for Node

const given = (value: unknown, options?: TfjsOptions) => () => tfjs(value as MathBackendCPU, options);

describe('what is no backend is one line', () => {
  test.each([
    ['nothing', given(undefined), 'tfjs: takes a backend of tfjs, as new MathBackendWebGL() or tf.backend(), got undefined'],
    ['a name', given('webgl'), 'tfjs: takes a backend of tfjs, as new MathBackendWebGL() or tf.backend(), got "webgl"'],
    [
      'a promise',
      given(Promise.resolve()),
      'tfjs: takes a backend of tfjs, as new MathBackendWebGL() or tf.backend(), got a promise (await it)',
    ],
    [
      'an object',
      given({ write: () => ({}) }),
      'tfjs: takes a backend of tfjs, as new MathBackendWebGL() or tf.backend(); this object has no method read',
    ],
    [
      'a backend that is disposed of',
      given(Object.assign(new MathBackendCPU(), { disposed: true })),
      'tfjs: the backend is disposed of; make a new one',
    ],
    [
      'half floats',
      given(Object.assign(new MathBackendCPU(), { floatPrecision: () => 16 })),
      'tfjs: this device gives tfjs floats of 16 bits, and Sinapse needs 32; use the backend webgl or cpu',
    ],
    ['an unknown backend', given(Object.create(MathBackendCPU.prototype)), /^tfjs: this backend is an unknown one; name its kernels/],
    [
      'kernels that are not there',
      given(new MathBackendCPU(), { kernels: 'webgpu' }),
      /^tfjs: no kernel \w+ and \d+ more is registered for "webgpu"; import the package of that backend/,
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(BackendError);
    expect(make).toThrow(message);
  });

  test('an option that does not exist', () => {
    expect(given(new MathBackendCPU(), { memorylimit: 1 } as object)).toThrow('tfjs: memorylimit is no option; did you mean memoryLimit?');
    expect(given(new MathBackendCPU(), { memoryLimit: 0 })).toThrow('tfjs: memoryLimit: expected a finite number > 0, got 0');
    expect(given(new MathBackendCPU(), { kernels: '' })).toThrow(/^tfjs: kernels: expected the name of a backend of tfjs/);
  });
});

test('says what it is and what it keeps', () => {
  const { name, info } = tfjs(new MathBackendCPU());
  expect(name).toBe('tfjs-cpu');
  expect(info).toMatchObject({ engine: 'tfjs 4.22.0 cpu', reading: 'immediate', exactIntegerLimit: 2 ** 31 - 1, floats: { nan: true } });
});

test('an unknown backend promises only what is sure', () => {
  for (const { kernelName, kernelFunc } of getKernelsForBackend('cpu')) registerKernel({ kernelName, kernelFunc, backendName: 'unknown' });
  const { name, info } = tfjs(Object.create(new MathBackendCPU()) as MathBackendCPU, { kernels: 'unknown' });
  expect(name).toBe('tfjs-unknown');
  expect(info).toMatchObject({ reading: 'waits', exactIntegerLimit: 2 ** 24, floats: { nan: false, ties: false } });
});

test('beyond the limit memory is short, and what was there stays', async () => {
  const backend = tfjs(new MathBackendCPU(), { memoryLimit: 4096 });
  const x = withBackend(backend, () => tensor([1, 2, 3]));
  expect(() => backend.allocate(specOf('float32', [1024]))).toThrow(OutOfMemoryError);
  expect(() => backend.allocate(specOf('float32', [1024]))).toThrow(
    'memory: a float32 tensor [1024] on tfjs-cpu needs 4,096 bytes, which could not be allocated (12 bytes are in use, the limit is 4,096)',
  );
  expect([...(await x.data())]).toEqual([1, 2, 3]);
});

test('closing gives back what Sinapse holds, and leaves the backend of tfjs to its maker', async () => {
  const own = new MathBackendCPU();
  const kept = own.write(Float32Array.of(7), [1], 'float32');
  const backend = tfjs(own);
  const x = withBackend(backend, () => tensor([1, 2, 3]));
  expect(own.numDataIds()).toBe(2);
  x.dispose();
  expect(own.numDataIds()).toBe(1);
  await backend.close();
  expect(own.readSync(kept)).toEqual(Float32Array.of(7));
  expect(() => backend.allocate(specOf('float32', [1]))).toThrow('the backend is closed');
});

test('no kernel leaves data behind', () => {
  const own = new MathBackendCPU();
  use(tfjs(own));
  const before = own.numDataIds();
  const x = tensor([[1, -2], [3, 4]]); // prettier-ignore
  const y = x.matmul(x).add(1).sum({ axis: 0 });
  expect(own.numDataIds()).toBe(before + 4);
  y.dispose();
  x.dispose();
});

test('an error of tfjs names the backend and the kernel', () => {
  const backend = tfjs(new MathBackendCPU());
  const x = withBackend(backend, () => tensor([1, 2]));
  const view = { ...specOf('float32', [2]), storage: x.storage, offset: 0 };
  const wrong = { ...specOf('float32', [5]), storage: x.storage, offset: 0 };
  expect(() => backend.kernels.transpose({ in: { x: wrong }, out: { y: view }, attrs: { permutation: [0] }, scalars: {} })).toThrow(
    /^tfjs-cpu: transpose: /,
  );
});
