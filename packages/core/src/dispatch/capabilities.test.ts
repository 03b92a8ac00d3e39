import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { use, withBackend } from './active-backend.ts';
import type { Backend } from '../contract/backend.ts';
import type { DType } from '../contract/dtype.ts';
import { DTypeError } from '../contract/errors.ts';
import { range, zeros } from '../tensor/creation.ts';
import { meta } from './meta.ts';

beforeAll(() => void use(reference()));

describe('what a backend can do is said, and obeyed', () => {
  const storing = (arithmetic: readonly DType[]): Backend => {
    const shapes = meta();
    return { ...shapes, name: 'half', info: { ...shapes.info, dtypes: { ...shapes.info.dtypes, arithmetic } } };
  };

  test('values of a dtype without arithmetic are moved, not computed with', () => {
    withBackend(storing(['float32', 'int32']), () => {
      const x = zeros([2, 3], 'bfloat16');
      expect(x.transpose().slice([0]).cast('float32').add(1).dtype).toBe('float32');
      const message = 'add: the backend half stores bfloat16 but does not compute with it; cast it to float32 first';
      expect(() => x.add(1)).toThrow(new DTypeError(message));
      expect(() => x.matmul(x.transpose())).toThrow('matmul: the backend half stores bfloat16');
    });
    withBackend(storing(['float32', 'int32', 'bfloat16']), () => expect(zeros([2], 'bfloat16').add(1).dtype).toBe('bfloat16'));
  });

  test('a dtype that it does not store is one error', () => {
    expect(() => zeros([2], 'float16')).toThrow(
      new DTypeError('the backend reference has no float16 tensors; it has float32, int32, uint8, bool'),
    );
  });

  test('integers are counted as far as it has them exact', () => {
    const right = reference();
    const coarse = Object.assign(Object.create(right) as Backend, { info: { ...right.info, exactIntegerLimit: 8 } });
    withBackend(coarse, () => {
      expect([...range(8).dataSync()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(() => range(9)).toThrow('range: needs integers up to 8, the backend reference has them exact below 8');
    });
  });
});
