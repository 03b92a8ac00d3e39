// Rules about core and a backend together: exact integers, errors that leave nothing behind, two backends kept apart, closing.

import type { Tensor } from '@sinapse/core';
import { BackendError, add, isTensor, matmul, maximum, mul, scope, ShapeError, sub, tensor, withBackend } from '@sinapse/core';
import { aliveOn, checkNothingLeaked } from '../subject.ts';
import { tensorOn } from '../tolerances/expectation.ts';
import { hostTensor } from '../grid/values.ts';
import type { Rule } from './rule.ts';
import { demand, demandSame, thrownBy } from './rule.ts';

export const dispatchRules: readonly Rule[] = [
  {
    name: 'int32 is exact below exactIntegerLimit',
    run: async ({ backend }) => {
      const most = backend.info.exactIntegerLimit - 1;
      const values = [most, -most, most - 1, 1 - most, 12345, 0];
      const results = withBackend(backend, () =>
        scope(() => {
          const x = tensor(values, { dtype: 'int32' });
          const away = tensor(values.map((value) => Math.sign(value)), { dtype: 'int32' }); // prettier-ignore
          return [x, sub(x, away), mul(x, 1), add(sub(x, away), away), maximum(x, x)] as Tensor[];
        }),
      );
      const nearer = values.map((value) => value - Math.sign(value));
      const expected = [values, nearer, values, values, values];
      for (const [i, result] of results.entries()) {
        demandSame(`int32 arithmetic near ${most}, result ${i}`, await result.data(), expected[i]!);
        result.dispose();
      }
    },
  },
  {
    name: 'a refused call leaves nothing behind',
    run: ({ backend }) => {
      const before = aliveOn(backend);
      withBackend(backend, () => {
        const error = thrownBy(() => scope(() => matmul(tensor([[1, 2]]), tensor([[1, 2, 3]]))));
        demand(error instanceof ShapeError, `matmul of [1,2] and [1,3] gave ${String(error)}, not a ShapeError`);
      });
      checkNothingLeaked(backend, before);
    },
  },
  {
    name: 'tensors of two backends do not mix',
    run: ({ backend, oracle }) => {
      scope(() => {
        const [mine, other] = [backend, oracle].map((each) => tensorOn(each, hostTensor('float32', [2], [1, 2]))) as [Tensor, Tensor];
        const error = thrownBy(() => add(mine, other));
        demand(
          error instanceof BackendError,
          `an op of tensors on two backends gave ${isTensor(error) ? 'a result' : String(error)}, not a BackendError`,
        );
      });
    },
  },
  {
    name: 'close() gives everything back, and closes no other instance',
    run: async ({ create, backend }) => {
      const other = await create();
      if (other === backend) return; // `create` gives one instance to all: the suite closes it at the end.
      const spec = { dtype: 'float32', shape: [1000], size: 1000 } as const;
      other.release(other.allocate(spec));
      await other.close();
      const { liveBytes, pooledBytes } = other.memory();
      demand(liveBytes === 0 && pooledBytes === 0, `after close(), ${liveBytes} bytes are live and ${pooledBytes} kept`);
      const x = withBackend(backend, () => tensor([1, 2]));
      demandSame('another instance after close()', await x.data(), [1, 2]);
      x.dispose();
    },
  },
];
