// Rules about a device's life that can be tried without harming it: waiting for it, asking for too much memory, compiling ahead, timing.

import type { KernelSignature, Tensor } from '@sinapse/core';
import { isHalf, OutOfMemoryError, scope, tensor, withBackend, zeros } from '@sinapse/core';
import { aliveOn, checkNothingLeaked } from '../subject.ts';
import type { Rule } from './rule.ts';
import { demand, demandSame, thrownBy } from './rule.ts';

/** Elements: more than any machine can hold, but few enough for a valid shape. */
const TOO_MANY = 2 ** 48;

export const lifecycleRules: readonly Rule[] = [
  {
    name: 'synchronize() waits for what was issued, and a device that is here is not lost',
    run: async ({ backend }) => {
      const y = withBackend(backend, () => scope(() => tensor([1, 2, 3]).add(1).mul(2)));
      await backend.synchronize();
      await backend.synchronize();
      const first = await Promise.race([backend.lost, y.data()]);
      demand(!(first instanceof Error), `lost has resolved: ${String(first)}`);
      demandSame('a result after synchronize()', first, [4, 6, 8]);
      y.dispose();
    },
  },
  {
    name: 'memory that is not there is an OutOfMemoryError, and everything is usable afterwards',
    run: async ({ backend }) => {
      const x = withBackend(backend, () => tensor([1, 2, 3]));
      const before = aliveOn(backend);
      const error = withBackend(backend, () => thrownBy(() => zeros([TOO_MANY])));
      demand(error instanceof OutOfMemoryError, `${TOO_MANY} elements gave ${String(error)}, not an OutOfMemoryError`);
      demand(error.asked >= 4 * TOO_MANY, `the error says that ${error.asked} bytes were asked for, not ${4 * TOO_MANY}`);
      checkNothingLeaked(backend, before);
      const y = x.add(1);
      demandSame('what was there before', await x.data(), [1, 2, 3]);
      demandSame('what is computed afterwards', await y.data(), [2, 3, 4]);
      x.dispose();
      y.dispose();
    },
  },
  {
    name: 'prepare() compiles ahead, says how far it is, and changes nothing',
    run: async ({ backend }) => {
      if (backend.prepare === undefined) return;
      const [a, b] = [
        { dtype: 'float32', shape: [2, 3], size: 6 },
        { dtype: 'float32', shape: [3], size: 3 },
      ] as const;
      const calls: KernelSignature[] = [
        { kernel: 'binary', inputs: { a, b }, attrs: { op: 'add' } },
        { kernel: 'unary', inputs: { x: a }, attrs: { op: 'neg' } },
      ];
      const before = aliveOn(backend);
      const progress: string[] = [];
      await backend.prepare(calls, (ready, of) => progress.push(`${ready} of ${of}`));
      demand(progress.at(-1) === '2 of 2', `the progress of two calls was ${progress.join(', ') || 'not reported'}`);
      await backend.prepare([]);
      checkNothingLeaked(backend, before);
      const y = withBackend(backend, () => scope(() => tensor([[1, 2, 3], [4, 5, 6]]).add(tensor([1, 0, 1])).neg())); // prettier-ignore
      demandSame('a prepared call', await y.data(), [-2, -2, -4, -5, -5, -7]);
      y.dispose();
    },
  },
  {
    name: 'time() times one kernel, and runs it',
    run: async ({ backend }) => {
      if (backend.time === undefined) return;
      const x = withBackend(backend, () => tensor([1, 2, 3]));
      let y: Tensor | undefined;
      const milliseconds = await backend.time(() => void (y = x.add(1)));
      demand(milliseconds >= 0 && milliseconds < Infinity, `a kernel took ${milliseconds} ms`);
      demandSame('the result of a timed kernel', await y!.data(), [2, 3, 4]);
      const failure = thrownBy(() => void backend.time!(() => {
        throw new RangeError('not issued');
      })); // prettier-ignore
      demand(failure instanceof RangeError, `what issue() throws came out as ${String(failure)}`);
      x.dispose();
      y!.dispose();
    },
  },
  {
    name: 'half-precision dtypes that it lists can be moved and cast, and computed with where it says so',
    run: async ({ backend }) => {
      const { storage, arithmetic } = backend.info.dtypes;
      for (const dtype of storage.filter(isHalf)) {
        const y = withBackend(backend, () =>
          scope(() => {
            const x = tensor([1, 2, 3, 4])
              .cast(dtype)
              .slice([{ begin: 1 }]);
            return (arithmetic.includes(dtype) ? x.add(1) : x.cast('float32').add(1).cast(dtype)).cast('float32');
          }),
        );
        demandSame(`${dtype} [2, 3, 4] + 1`, await y.data(), [3, 4, 5]);
        y.dispose();
      }
    },
  },
];
