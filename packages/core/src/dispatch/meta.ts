// The meta backend computes shapes only. Summaries, counts of parameters and operations, and memory estimates run a model on it.

import type { Backend } from '../contract/backend.ts';
import { IEEE_754 } from '../contract/backend.ts';
import type { DType } from '../contract/dtype.ts';
import { BYTES, isNumeric } from '../contract/dtype.ts';
import { BackendError } from '../contract/errors.ts';
import { printsAsBackend } from '../contract/inspect.ts';
import { checkIsBackend } from '../contract/check-backend.ts';
import type { KernelTable } from '../contract/kernels.ts';
import { Storage, bytesOf } from '../contract/storage.ts';
import type { View } from '../contract/storage.ts';

/** A table in which every kernel does nothing: dispatch has already inferred the outputs' specs. */
const nothing = new Proxy({}, { get: () => (): void => {} }) as KernelTable;

const ALL = Object.keys(BYTES) as DType[];

function unreadable(view: View): never {
  throw new BackendError(`meta: a tensor of shape [${view.shape.join(',')}] has no values; run the model on a real backend to read them`);
}

/** A backend whose tensors have a shape and a dtype but no values. */
export function meta(): Backend {
  let liveBytes = 0;
  let liveStorages = 0;
  const backend: Backend = {
    name: 'meta',
    info: {
      engine: 'shapes only',
      threads: 0,
      dtypes: { storage: ALL, arithmetic: ALL.filter(isNumeric) },
      offsets: true,
      reading: 'immediate',
      exactIntegerLimit: 2 ** 31,
      floats: IEEE_754,
      notes: [],
    },
    kernels: nothing,
    allocate(spec) {
      const storage = new Storage(bytesOf(spec));
      liveBytes += storage.bytes;
      liveStorages++;
      return storage;
    },
    write() {},
    read: async (view) => unreadable(view),
    release(storage) {
      liveBytes -= storage.bytes;
      liveStorages--;
    },
    memory: () => ({ liveBytes, liveStorages, pooledBytes: 0, workspaceBytes: 0 }),
    close: async () => {},
    lost: new Promise(() => {}),
    synchronize: async () => {},
  };
  printsAsBackend({ prototype: backend }, 'meta');
  return backend;
}

/** Whether tensors on a backend have no values. */
export function isMeta(backend: Backend): boolean {
  checkIsBackend('isMeta', backend);
  return backend.kernels === nothing;
}
