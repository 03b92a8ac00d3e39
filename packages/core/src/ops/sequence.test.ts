import { reference } from '@sinapse/backend-reference';
import { beforeEach, describe, expect, test } from 'vitest';
import { valueAndGrad } from '../autodiff/gradient.ts';
import { use } from '../dispatch/active-backend.ts';
import { ones, randomNormal, tensor, zeros } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gru } from './gru.ts';
import { lstm } from './lstm.ts';
import { lstmCell } from './lstm-cell.ts';
import { matmul } from './matmul.ts';
import { rnn } from './rnn.ts';
import { slice } from './slice.ts';
import { concat } from './concat.ts';
import type { SequenceOptions } from './sequence.ts';

beforeEach(() => void use(reference()));

const lengthsOf = (...lengths: number[]): Tensor => tensor(lengths, { dtype: 'int32' });

describe('a sequence', () => {
  test('of an LSTM is its cell, step by step', () => {
    const [x, weight] = [randomNormal([3, 2, 8], { seed: 1 }), randomNormal([2, 8], { seed: 2 })];
    let [h, c] = [ones([2, 2]), ones([2, 2])];
    const { h: states, c: memories } = lstm(x, weight, h, c);
    for (const t of [0, 1, 2]) {
      ({ h, c } = lstmCell(slice(x, [t]).add(matmul(h, weight)), c));
      expect(slice(states, [t]).dataSync()).toEqual(h.dataSync());
      expect(slice(memories, [t]).dataSync()).toEqual(c.dataSync());
    }
  });

  /** Each network, from the sums of 4 units: the last states, and the gradients of the first example's sums. */
  const networks: Readonly<Record<string, (x: Tensor, options: SequenceOptions) => Tensor>> = {
    rnn: (x, options) => rnn(x, randomNormal([4, 4], { seed: 3 }), zeros([x.shape[1]!, 4]), options),
    lstm: (x, options) => lstm(x, randomNormal([1, 4], { seed: 3 }), zeros([x.shape[1]!, 1]), ones([x.shape[1]!, 1]), options).h,
    gru: (x, options) =>
      gru(x.slice([null, null, { end: 3 }]), randomNormal([1, 3], { seed: 3 }), zeros([3]), ones([x.shape[1]!, 1]), options),
  };

  describe.each(Object.entries(networks))('%s', (_, network) => {
    test.each([false, true])('does not depend on padding, nor on the others in the batch (reverse: %s)', (reverse) => {
      const alone = randomNormal([2, 1, 4], { seed: 1 });
      const padded = tensor([...alone.dataSync(), NaN, NaN, NaN, NaN]).reshape([3, 1, 4]);
      const together = concat([padded, randomNormal([3, 1, 4], { seed: 2 })], 1);
      const run = (x: Tensor, lengths?: Tensor) =>
        valueAndGrad(
          (leaf: Tensor) =>
            network(leaf, { reverse, ...(lengths && { lengths }) })
              .slice([reverse ? 0 : -1, 0])
              .sum(),
          [x],
        );
      const [one, two] = [run(alone), run(together, lengthsOf(2, 3))];
      expect(two.value.dataSync()[0]).toBe(one.value.dataSync()[0]);
      const gradient = two.gradients[0]!.dataSync();
      for (const t of [0, 1]) expect(gradient.slice(t * 8, t * 8 + 4)).toEqual(one.gradients[0]!.dataSync().slice(t * 4, t * 4 + 4));
      expect(gradient.slice(16, 20)).toEqual(new Float32Array(4));
    });
  });

  test('refuses what does not fit, in one line', () => {
    expect(() => rnn(zeros([2, 3, 4]), zeros([3, 4]), zeros([3, 4]))).toThrow('rnn: weight must be [units, units], got [3,4]');
    expect(() => lstm(zeros([2, 3, 9]), zeros([2, 8]), zeros([3, 2]), zeros([3, 2]))).toThrow(
      'lstm: x must be [2,3,8], [steps, batch, columns of weight]; got [2,3,9]',
    );
    expect(() => lstm(zeros([3, 8]), zeros([2, 8]), zeros([3, 2]), zeros([3, 2]))).toThrow('lstm: x must be [steps, batch, 8], got [3,8]');
    expect(() => gru(zeros([0, 3, 6]), zeros([2, 6]), zeros([6]), zeros([3, 2]))).toThrow('gru: a sequence has at least one step');
    expect(() => gru(zeros([1, 3, 6]), zeros([2, 6]), zeros([6]), zeros([2, 2]))).toThrow(
      'gru: h must be [3,2], [batch, units]; got [2,2]',
    );
    const options = { lengths: lengthsOf(1, 2) };
    expect(() => rnn(zeros([2, 3, 4]), zeros([4, 4]), zeros([3, 4]), options)).toThrow(
      'rnn: lengths must be [3], one for each example; got [2]',
    );
    expect(() => rnn(zeros([2, 2, 4]), zeros([4, 4]), zeros([2, 4]), { lengths: ones([2]) })).toThrow(
      'rnn: lengths must be int32, got float32',
    );
    expect(() => rnn(zeros([2, 2, 4]), zeros([4, 4]), zeros([2, 4]), { revers: true } as never)).toThrow('did you mean reverse?');
  });
});
