import { expect, it } from 'vitest';
import { arbitrary, compute, expectClose, float, inBothPrecisions, run, testRecorded, type Values } from '../test/harness.ts';

testRecorded('batch-norm');

inBothPrecisions((backend, precision) => {
  const statistics = (shape: number[]) => ({ y: float(shape, []), mean: float(shape.slice(-1), []), variance: float(shape.slice(-1), []) });
  const batchNorm = (x: Values, activation = 'linear'): Record<string, readonly number[]> => {
    const channels = x.shape.at(-1)!;
    const [scale, offset] = [2, 3].map((value) => float([channels], Array(channels).fill(value)));
    const outputs = run(backend, 'batchNorm', {
      in: { x, scale, offset },
      attrs: { activation },
      scalars: { alpha: 0, epsilon: 1e-5 },
      out: statistics([...x.shape]),
    });
    return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, (values as Values).data]));
  };

  it('gives the offset where a channel has one value, or equal ones', () => {
    expect(batchNorm(float([1, 2], [7, -9]))).toEqual({ y: [3, 3], mean: [7, -9], variance: [0, 0] });
    expect(batchNorm(float([4, 1], [5, 5, 5, 5]))).toEqual({ y: [3, 3, 3, 3], mean: [5], variance: [0] });
  });

  it('has no statistics of an empty batch', () => {
    expect(batchNorm(float([0, 2], []))).toEqual({ y: [], mean: [NaN, NaN], variance: [NaN, NaN] });
    expect(batchNorm(float([3, 0], []))).toEqual({ y: [], mean: [], variance: [] });
  });

  it.each(['linear', 'relu'])('a NaN spoils its channel and no other (%s)', (activation) => {
    const { y, mean, variance } = batchNorm(float([3, 2], [NaN, 1, 2, 1, 3, 1]), activation);
    expect(y).toEqual([NaN, 3, NaN, 3, NaN, 3]);
    expect([mean, variance]).toEqual([
      [NaN, 1],
      [NaN, 0],
    ]);
  });

  it('keeps the digits of the variance far from 0', () => {
    const { variance } = batchNorm(float([4, 1], [1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3]));
    expect(variance).toEqual([1.25]);
  });

  it('the gradient covers tensors of many rows, and sums to 0 over a channel, also along x', () => {
    const shape = [300, 7];
    const [x, dy] = [arbitrary(shape, 1), arbitrary(shape, 2)];
    const scale = float([7], Array(7).fill(1.5));
    const forward = run(backend, 'batchNorm', {
      in: { x, scale, offset: scale },
      attrs: { activation: 'linear' },
      scalars: { alpha: 0, epsilon: 1e-5 },
      out: statistics(shape),
    }) as Record<string, Values>;
    const { dx } = run(backend, 'batchNormGrad', {
      in: { x, y: forward['y'], dy, scale, mean: forward['mean'], variance: forward['variance'] },
      attrs: { activation: 'linear', residual: false },
      scalars: { alpha: 0, epsilon: 1e-5 },
      out: { dx: x, dscale: scale, doffset: scale, dresidual: float([0], []) },
    }) as Record<string, Values>;
    const sums = (factor: (i: number) => number): number[] =>
      scale.data.map((_, c) => dx.data.reduce((sum, value, i) => (i % 7 === c ? sum + value * factor(i) : sum), 0));
    // Moving or stretching a channel changes nothing but what epsilon does: 1e-5 of Σ dx x ≈ 1e-5 · Σ dz · normalised x / variance.
    expect(Math.max(...sums(() => 1).map(Math.abs))).toBeLessThan(precision === 'float64' ? 1e-11 : 1e-4);
    expect(Math.max(...sums((i) => x.data[i] - forward['mean'].data[i % 7]).map(Math.abs))).toBeLessThan(1e-2);
    expect(Math.max(...dx.data.map(Math.abs))).toBeGreaterThan(0.5);
  });

  it('adds the residual of a convolution before its activation', () => {
    const call = {
      in: { x: float([1, 1, 2, 1], [1, -2]), filter: float([1, 1, 1, 2], [1, 3]), residual: float([1, 1, 2, 2], [0.5, -4, 3, 6]) },
      attrs: {
        strides: [1, 1],
        padding: [0, 0, 0, 0],
        dilation: [1, 1],
        groups: 1,
        activation: 'relu',
        precision: { output: 'float32', accumulation: 'float32' },
      },
      scalars: { alpha: 0 },
    };
    expectClose(compute(backend, 'conv2d', call, 'float32', [1, 1, 2, 2]), [1.5, 0, 1, 0], { relative: 0, absolute: 0 });
  });
});
