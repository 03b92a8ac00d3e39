import { expect, it } from 'vitest';
import {
  arbitrary,
  compute,
  EXACT,
  expectClose,
  float,
  inBothPrecisions,
  ONE_ULP,
  run,
  testRecorded,
  type Values,
} from '../test/harness.ts';

testRecorded('activation');

inBothPrecisions((backend) => {
  it('works without a bias', () => {
    const call = { in: { x: float([3], [-2, 0, 3]) }, attrs: { activation: 'relu' }, scalars: { alpha: 0 } };
    expect(compute(backend, 'biasActivation', call, 'float32', [3])).toEqual([0, 0, 3]);
    const grad = {
      in: { y: float([3], [0, 0, 3]), dy: float([3], [5, 6, 7]) },
      attrs: { activation: 'relu', bias: false },
      scalars: { alpha: 0 },
    };
    const out = { dx: float([3], []), dbias: float([0], []) };
    expect(run(backend, 'biasActivationGrad', { ...grad, out })).toEqual({ dx: float([3], [0, 0, 7]), dbias: float([0], []) });
  });

  it('takes the branch below zero for a gradient at zero', () => {
    const grad = { in: { y: float([2], [0, -0]), dy: float([2], [5, 6]) }, scalars: { alpha: 0.5 } };
    const out = { dx: float([2], []), dbias: float([0], []) };
    const dx = (activation: string): readonly number[] =>
      (run(backend, 'biasActivationGrad', { ...grad, attrs: { activation, bias: false }, out })['dx'] as Values).data;
    expect(dx('relu')).toEqual([0, 0]);
    expect(dx('leakyRelu')).toEqual([2.5, 3]);
  });

  it.each(['linear', 'relu', 'leakyRelu', 'sigmoid', 'tanh'])('%s passes NaN on', (activation) => {
    const call = { in: { x: float([1], [NaN]) }, attrs: { activation }, scalars: { alpha: 0.5 } };
    expect(compute(backend, 'biasActivation', call, 'float32', [1])).toEqual([NaN]);
  });

  it('covers tensors of many rows', () => {
    const [x, bias] = [arbitrary([300, 7], 1), arbitrary([7], 2)];
    const call = { in: { x, bias }, attrs: { activation: 'tanh' }, scalars: { alpha: 0 } };
    const expected = x.data.map((value, i) => Math.tanh(value + bias.data[i % 7]));
    expectClose(compute(backend, 'biasActivation', call, 'float32', [300, 7]), expected, ONE_ULP);
    const dx = x.data.map((dy, i) => (bias.data[i % 7] > 0 ? dy : 0));
    const dbias = bias.data.map((_, c) => dx.reduce((sum, value, i) => (i % 7 === c ? sum + value : sum), 0));
    const y = float(
      [300, 7],
      x.data.map((_, i) => bias.data[i % 7]),
    );
    const grad = { in: { y, dy: x }, attrs: { activation: 'relu', bias: true }, scalars: { alpha: 0 }, out: { dx: x, dbias: bias } };
    const found = run(backend, 'biasActivationGrad', grad) as Record<string, Values>;
    expectClose(found['dx'].data, dx, EXACT, 'dx');
    expectClose(found['dbias'].data, dbias, EXACT, 'dbias');
  });
});
