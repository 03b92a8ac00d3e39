// Rules about storages: reads give what was written, views touch nothing else, reads are snapshots, versions grow, memory is counted.

import type { Backend, Storage, TypedArray } from '@sinapse/core';
import { bytesOf, hostArray, scope, specOf, tensor, withBackend } from '@sinapse/core';
import type { Rule } from './rule.ts';
import { counting, demand, demandSame, viewOf, withStorage } from './rule.ts';

/** Reads a view with `read`, and with `readSync` if the backend has it. */
async function reads(backend: Backend, view: ReturnType<typeof viewOf>): Promise<TypedArray[]> {
  const later = await backend.read(view);
  return backend.readSync === undefined ? [later] : [later, backend.readSync(view)];
}

export const storageRules: readonly Rule[] = [
  {
    name: 'reads what was written, in arrays that are the caller’s',
    run: async ({ backend }) => {
      for (const dtype of backend.info.dtypes.storage) {
        for (const size of [0, 1, 7, 1000]) {
          const { spec, data } = counting(dtype, [size]);
          await withStorage(backend, spec, async (storage) => {
            const view = viewOf(storage, spec);
            const given = data.slice();
            backend.write(view, given);
            given.fill(0);
            for (const values of await reads(backend, view)) {
              const kind = values.constructor.name;
              demand(values.constructor === data.constructor || values instanceof Float64Array, `${dtype} is read as ${kind}`);
              demandSame(`${dtype} [${size}]`, values, data);
              values.fill(0);
            }
            for (const values of await reads(backend, view)) demandSame(`${dtype} [${size}], read again`, values, data);
          });
        }
      }
    },
  },
  {
    name: 'views with an offset read and write their own elements only',
    run: async ({ backend }) => {
      if (!backend.info.offsets) return;
      for (const dtype of backend.info.dtypes.storage) {
        const { spec, data } = counting(dtype, [4, 5]);
        const rows = specOf(dtype, [2, 5]);
        await withStorage(backend, spec, async (storage) => {
          backend.write(viewOf(storage, spec), data);
          const middle = viewOf(storage, rows, 5);
          for (const values of await reads(backend, middle)) demandSame(`rows 1 and 2 of ${dtype} [4,5]`, values, data.subarray(5, 15));
          const replaced = counting(dtype, [2, 5], 100).data;
          backend.write(middle, replaced);
          const expected = data.slice();
          expected.set(replaced, 5);
          for (const values of await reads(backend, viewOf(storage, spec)))
            demandSame(`${dtype} [4,5] after a write to its rows 1 and 2`, values, expected);
        });
      }
    },
  },
  {
    name: 'a read gives the values at the time of the call, whatever is written or released later',
    run: async ({ backend }) => {
      const { spec, data } = counting('float32', [3, 700]);
      const other = counting('float32', [3, 700], 50).data;
      const storage = backend.allocate(spec);
      const view = viewOf(storage, spec);
      backend.write(view, data);
      const beforeWrite = backend.read(view);
      backend.write(view, other);
      const beforeRelease = backend.read(view);
      backend.release(storage);
      await withStorage(backend, spec, async (next) => {
        backend.write(viewOf(next, spec), hostArray('float32', spec.size).fill(-1));
        demandSame('a read before a write', await beforeWrite, data);
        demandSame('a read before a release', await beforeRelease, other);
      });
    },
  },
  {
    name: 'data() of a result outlives the result',
    run: async ({ backend }) => {
      const pending = withBackend(backend, () =>
        scope(() => {
          const x = tensor([1, 2, 3, 4]);
          const result = x.mul(x).data();
          for (let i = 0; i < 5; i++) x.add(i).sqrt();
          return { read: result.then((values) => values) };
        }),
      );
      await withStorage(backend, specOf('float32', [4]), async (storage) => {
        backend.write(viewOf(storage, specOf('float32', [4])), Float32Array.of(9, 9, 9, 9));
        demandSame('data() of a tensor whose scope has ended', await pending.read, [1, 4, 9, 16]);
      });
    },
  },
  {
    name: 'a storage handed out again has a version that no cache has seen',
    run: ({ backend }) => {
      const seen = new Map<Storage, number>();
      for (let round = 0; round < 20; round++) {
        const { spec, data } = counting('float32', [64]);
        const storage = backend.allocate(spec);
        const last = seen.get(storage);
        demand(last === undefined || storage.version > last, `a recycled storage has version ${storage.version}, it had ${last} before`);
        backend.write(viewOf(storage, spec), data);
        seen.set(storage, ++storage.version);
        backend.release(storage);
      }
    },
  },
  {
    name: 'the version grows with everything that core writes',
    run: ({ backend }) => {
      withBackend(backend, () =>
        scope(() => {
          const x = tensor([1, 2, 3]);
          demand(x.storage.version > 0, 'a tensor of host values has version 0');
          demand(x.add(1).storage.version > 0, 'the result of an op has version 0');
        }),
      );
    },
  },
  {
    name: 'a storage says what was asked for, and what it takes',
    run: ({ backend }) => {
      for (const size of [1, 100, 90, 0, 1000]) {
        const storage = backend.allocate(specOf('float32', [size]));
        const { bytes, capacity } = storage;
        backend.release(storage);
        demand(bytes === 4 * size, `a storage for ${4 * size} bytes says that ${bytes} were asked for`);
        demand(capacity >= bytes, `a storage for ${4 * size} bytes takes ${capacity}`);
      }
    },
  },
  {
    name: 'memory() counts storages and bytes',
    run: ({ backend }) => {
      const before = backend.memory();
      const specs = [specOf('float32', [5, 7]), specOf('float32', [1000]), specOf('int32', [3])];
      const storages = specs.map((spec) => backend.allocate(spec));
      const during = backend.memory();
      const asked = specs.reduce((total, spec) => total + bytesOf(spec), 0);
      demand(
        during.liveStorages === before.liveStorages + 3,
        `3 storages were allocated, liveStorages grew by ${during.liveStorages - before.liveStorages}`,
      );
      demand(
        during.liveBytes === before.liveBytes + asked,
        `${asked} bytes were asked for, liveBytes grew by ${during.liveBytes - before.liveBytes}`,
      );
      for (const storage of storages) backend.release(storage);
      const after = backend.memory();
      demand(
        after.liveBytes === before.liveBytes && after.liveStorages === before.liveStorages,
        'releasing everything does not bring memory() back',
      );
    },
  },
];
