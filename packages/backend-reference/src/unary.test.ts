import { expect, it } from 'vitest';
import { compute, float, inBothPrecisions, testRecorded } from '../test/harness.ts';

testRecorded('unary');

inBothPrecisions((backend) => {
  it.each(['neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'expm1', 'log1p', 'sqrt', 'sin', 'tanh', 'erf'])(
    '%s keeps the sign of zero',
    (op) => {
      const y = compute(backend, 'unary', { in: { x: float([2], [0, -0]) }, attrs: { op } }, 'float32', [2]);
      const negatives: Record<string, number[]> = { neg: [-0, 0], abs: [0, 0] };
      expect(y).toEqual(negatives[op] ?? [0, -0]);
    },
  );

  it('refuses an op that the dtype does not have', () => {
    const call = { in: { x: { dtype: 'uint8', shape: [1], data: [1] } }, attrs: { op: 'exp' } } as const;
    expect(() => compute(backend, 'unary', call, 'uint8', [1])).toThrow('unary exp is not defined on uint8');
  });
});
