import { fusedReference } from '@sinapse/backend-reference/fused';
import { beforeAll, describe, expect, test } from 'vitest';
import { backendInfo, firstAvailable, use, withBackend } from './active-backend.ts';
import type { Backend } from '../contract/backend.ts';
import { tensor, zeros } from '../tensor/creation.ts';
import { intercept } from './intercept.ts';
import { cell } from '../contract/scalar.ts';
import { checkNumerics, profile } from './interceptors.ts';
import type { KernelTable } from '../contract/kernels.ts';
import { memory } from '../tensor/memory.ts';
import { meta } from './meta.ts';
import { valueAndGrad } from '../autodiff/gradient.ts';
import { Parameter } from '../model/parameter.ts';
import { conv2d } from '../ops/conv2d.ts';
import { log } from '../ops/unary.ts';
import { sgdStep } from '../ops/optimizer-steps.ts';
import { softmax } from '../ops/softmax.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

beforeAll(() => void use(fusedReference()));

/** The reference backend with some kernels replaced or removed. */
function altered(
  change: (kernels: KernelTable) => Partial<Record<keyof KernelTable, unknown>>,
  accepts?: NonNullable<Backend['accepts']>,
): Backend {
  const base = fusedReference();
  return {
    name: 'altered',
    info: base.info,
    kernels: { ...base.kernels, ...change(base.kernels) } as KernelTable,
    ...(accepts && { accepts }),
    allocate: (spec) => base.allocate(spec),
    write: (view, data) => base.write(view, data),
    read: (view) => base.read(view),
    readSync: (view) => base.readSync!(view),
    release: (storage) => base.release(storage),
    memory: () => base.memory(),
    close: () => base.close(),
    lost: base.lost,
    synchronize: () => base.synchronize(),
  };
}

describe('native or lowered', () => {
  test('a kernel the backend lacks is lowered, with the same result and nothing left behind', () => {
    const x = [1, 2, 3];
    const native = [...softmax(tensor(x)).dataSync()];
    const backend = altered(() => ({ softmax: undefined }));
    withBackend(backend, () => {
      const input = tensor(x);
      const before = memory().tensors;
      const { result, entries } = profile(() => scope(() => softmax(input)));
      expect(memory().tensors).toBe(before + 1);
      result.dataSync().forEach((value, i) => expect(value).toBeCloseTo(native[i]!, 7));
      expect(entries.find((entry) => entry.kernel === 'softmax')).toMatchObject({
        how: 'lowered',
        reason: 'the backend has no such kernel',
        calls: 1,
      });
      expect(entries.some((entry) => entry.kernel === 'reduce' && entry.how === 'native')).toBe(true);
    });
  });

  test('a case the backend refuses is lowered, with its reason', () => {
    const backend = altered(
      () => ({}),
      (kernel, _, attrs) => (kernel === 'conv2d' && (attrs as { groups: number }).groups > 1 ? 'no grouped convolution' : true),
    );
    withBackend(backend, () => {
      const x = tensor(
        Float32Array.from({ length: 32 }, (_, i) => i),
        { shape: [1, 4, 4, 2] },
      );
      const filter = tensor(
        Float32Array.from({ length: 18 }, (_, i) => i - 9),
        { shape: [3, 3, 1, 2] },
      );
      const { result, entries } = profile(() => conv2d(x, filter, { groups: 2 }));
      expect(entries.find((entry) => entry.kernel === 'conv2d')?.reason).toBe('no grouped convolution');
      expect(result.shape).toEqual([1, 2, 2, 2]);
    });
  });

  test('a derived kernel of another version is lowered, with that as the reason', () => {
    const backend = { ...altered(() => ({})), versions: { softmax: 0 } };
    withBackend(backend, () => {
      const { entries } = profile(() => softmax(tensor([1, 2])));
      expect(entries.find((entry) => entry.kernel === 'softmax')).toMatchObject({
        how: 'lowered',
        reason: 'the backend has version 0 of softmax, core version 1',
      });
    });
  });

  test('a required kernel has no lowering', () => {
    withBackend(
      altered(() => ({ matmul: undefined })),
      () => {
        expect(() => zeros([2, 2]).matmul(zeros([2, 2]))).toThrow(
          'matmul: the backend altered cannot run it (the backend has no such kernel), and it is a required kernel',
        );
      },
    );
  });

  test('a kernel that throws leaves nothing behind', () => {
    const backend = altered(() => ({
      matmul: () => {
        throw new Error('device lost');
      },
    }));
    withBackend(backend, () => {
      const x = zeros([2, 2]);
      const before = memory();
      expect(() => scope(() => x.matmul(x))).toThrow('device lost');
      expect(memory()).toMatchObject({ tensors: before.tensors, storages: before.storages, bytes: before.bytes });
    });
  });
});

describe('choosing a backend', () => {
  test('a backend with another version of a required kernel is refused', () => {
    expect(() => use({ ...meta(), versions: { matmul: 2 } })).toThrow(
      'use: meta: the backend has version 2 of matmul, core version 1, and it is a required kernel; update the older of the two',
    );
  });

  test('backendInfo tells what runs the kernels, of the backend in use or of another', () => {
    const other = meta();
    expect(backendInfo()).toMatchObject({ name: 'reference', engine: 'TypeScript', threads: 1 });
    expect(backendInfo(other)).toEqual({ name: other.name, ...other.info });
    expect(withBackend(other, () => backendInfo().name)).toBe('meta');
    expect(() => backendInfo(Promise.resolve(other) as never)).toThrow('backendInfo: got a promise of a backend; write use(await cpu())');
    expect(() => backendInfo(null as never)).toThrow('backendInfo: takes a backend, got null');
  });

  test('the first that can be made is taken; when none can, every reason is told', async () => {
    const fail = async (): Promise<Backend> => {
      throw new Error('no WebGL here');
    };
    expect((await firstAvailable([fail, meta])).name).toBe('meta');
    await expect(firstAvailable([fail, fail])).rejects.toThrow('no backend is available: no WebGL here; no WebGL here');
  });
});

describe('interceptors', () => {
  test('compose, the outer one outside', () => {
    const order: string[] = [];
    const named =
      (name: string) =>
      (_: unknown, run: () => void): void => {
        order.push(`${name} in`);
        run();
        order.push(`${name} out`);
      };
    intercept(named('outer'), () => intercept(named('inner'), () => tensor([1]).add(1)));
    expect(order).toEqual(['outer in', 'inner in', 'inner out', 'outer out']);
  });

  test('one may set the outputs itself instead of running the kernel', () => {
    const x = tensor([1, 2]);
    const doubled = (): Tensor =>
      intercept(
        (call, run) => {
          if (call.definition.name !== 'unary') run();
          else call.out = { y: (call.in as { x: Tensor }).x.mul(2) };
        },
        () => log(x),
      );
    expect([...doubled().dataSync()]).toEqual([2, 4]);
  });

  test('one that neither runs a call nor gives its outputs is named', () => {
    expect(() =>
      intercept(
        () => {},
        () => log(tensor([1])),
      ),
    ).toThrow('unary: an interceptor neither ran the call nor gave its outputs');
  });

  test('sees a cell as a cell, and the kernel its value', () => {
    const rate = cell(2);
    const seen: unknown[] = [];
    const y = intercept(
      (call, run) => {
        run();
        seen.push(call.scalars);
      },
      () => tensor([3]).mul(rate),
    );
    expect(seen).toEqual([{ value: rate }]);
    expect([...y.dataSync()]).toEqual([6]);
  });

  test('a product is counted in multiply-accumulates', () => {
    const { entries } = profile(() => withBackend(meta(), () => zeros([8, 784]).matmul(zeros([784, 10]))));
    expect(entries.find((entry) => entry.kernel === 'matmul')?.macs).toBe(8 * 784 * 10);
  });

  test('the first NaN is caught where it arises', () => {
    const x = tensor([-1, 1]);
    expect(() => checkNumerics(() => log(x).add(1))).toThrow('unary: NaN from inputs that have none (shapes [2], attributes {"op":"log"})');
    expect(() => checkNumerics(() => log(tensor([NaN])).add(1))).not.toThrow();
  });
});

describe('donation', () => {
  const step = (p: Parameter, grad: number): void =>
    scope(() => {
      const { param } = sgdStep(
        { param: [p.tensor], grad: [tensor([grad])] },
        { nesterov: false },
        { learningRate: 1, weightDecay: 0, momentum: 0 },
      );
      p.assign(param[0]!);
    });

  test('an update writes into the storage of the parameter when nothing else refers to it', () => {
    const p = scope(() => new Parameter(tensor([1])));
    const { storage } = p.tensor;
    step(p, 0.25);
    expect(p.tensor.storage).toBe(storage);
    expect([...p.value.dataSync()]).toEqual([0.75]);
  });

  test('a snapshot stays what it was', () => {
    const p = new Parameter(tensor([1]));
    const snapshot = p.value;
    step(p, 0.25);
    expect([...snapshot.dataSync(), ...p.value.dataSync()]).toEqual([1, 0.75]);
  });

  test('every write raises the version of the storage', () => {
    const p = scope(() => new Parameter(tensor([1])));
    const { storage } = p.tensor;
    const version = storage.version;
    step(p, 1);
    expect(p.tensor.storage).toBe(storage);
    expect(storage.version).toBeGreaterThan(version);
  });

  describe('of the residual of a convolution', () => {
    const pixels = (...values: number[]): Tensor => tensor(new Float32Array(values), { shape: [1, 1, values.length, 1] });
    const convolved = (x: Tensor, residual: Tensor): Tensor =>
      conv2d(x, tensor(Float32Array.of(2), { shape: [1, 1, 1, 1] }), { residual: residual.spend() });

    test('the result takes its storage, and it is gone', () =>
      scope(() => {
        const residual = pixels(10, 20);
        const { storage } = residual;
        const y = convolved(pixels(1, 2), residual);
        expect([y.storage === storage, ...y.dataSync()]).toEqual([true, 12, 24]);
        expect(() => residual.dataSync()).toThrow('was disposed of');
        expect([storage.references, storage.version > 1]).toEqual([1, true]);
      }));

    test('what anything else refers to stays what it was', () =>
      scope(() => {
        const residual = pixels(10, 20);
        const view = residual.reshape([2]);
        expect([...convolved(pixels(1, 2), residual).dataSync(), ...view.dataSync(), ...residual.dataSync()]).toEqual([
          12, 24, 10, 20, 10, 20,
        ]);
        const x = pixels(1, 2);
        expect([...convolved(x, x).dataSync(), ...x.dataSync()]).toEqual([3, 6, 1, 2]);
      }));

    test('one that was not spent stays', () =>
      scope(() => {
        const residual = pixels(10, 20);
        const y = conv2d(pixels(1, 2), tensor(Float32Array.of(2), { shape: [1, 1, 1, 1] }), { residual });
        expect([y.storage === residual.storage, ...residual.dataSync()]).toEqual([false, 10, 20]);
      }));

    test('one that no scope releases stays', () =>
      scope(() => {
        const residual = pixels(10, 20).keep();
        expect([...convolved(pixels(1, 2), residual).dataSync(), ...residual.dataSync()]).toEqual([12, 24, 10, 20]);
      }));

    test('a kernel that fails half way leaves it to its scope, as a new version', () => {
      const failing = altered((kernels) => ({
        conv2d: (call: never) => {
          kernels.conv2d!(call);
          throw new Error('half way');
        },
      }));
      const held = () => {
        const { tensors, storages, bytes } = memory(failing);
        return { tensors, storages, bytes }; // the backend keeps a workspace
      };
      const before = held();
      withBackend(failing, () =>
        scope(() => {
          const residual = pixels(10, 20);
          const { storage } = residual;
          const { version } = storage;
          expect(() => convolved(pixels(1, 2), residual)).toThrow('half way');
          expect([residual.disposed, storage.references, storage.version > version]).toEqual([false, 1, true]);
        }),
      );
      expect(held()).toEqual(before);
    });

    test('gradients go through it', () =>
      scope(() => {
        const [x, at] = [pixels(1, 2), pixels(10, 20)];
        let taken = false;
        const { value, gradients } = valueAndGrad(
          (t) => {
            const square = t.mul(t);
            const y = convolved(x, square);
            taken = y.storage === square.storage;
            return y.sum();
          },
          [at],
        );
        expect([taken, ...value.dataSync(), ...gradients[0]!.dataSync()]).toEqual([true, 506, 20, 40]);
      }));

    test('gradients that read it find it', () =>
      scope(() => {
        const [x, at] = [pixels(1, 2), pixels(10, 20)];
        const { value, gradients } = valueAndGrad((t) => convolved(x, t.mul(t).relu()).sum(), [at]);
        expect([...value.dataSync(), ...gradients[0]!.dataSync()]).toEqual([506, 20, 40]);
      }));
  });
});
