// Convolutions of residual networks: forward, and both gradients together.

import { slid } from '../networks/network.ts';
import { convolved, filterGradient, inputGradient } from '../problem/convolve.ts';
import { uniform } from '../problem/numbers.ts';
import { sampleIndices } from '../problem/samples.ts';
import type { Convolution } from '../problem/task.ts';
import type { BenchCase, Expected } from './bench-case.ts';

/**
 * Sums of up to 10^5 products in float32 stay below 3e-5 of the result's deviation. Winograd's F(4x4, 3x3) loses about one decimal digit against
 * direct summation (Lavin and Gray 2016; Barabasz et al. 2020, "Error analysis and improving the accuracy of Winograd convolution").
 */
const TOLERANCE = 2e-4;

interface Form {
  readonly name: string;
  readonly title: string;
  readonly batch: number;
  readonly size: number;
  readonly channels: number;
  readonly filters: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly groups?: number;
}

function convolutions({ name, title, batch, size, channels, filters, kernel, stride = 1, groups = 1 }: Form): BenchCase[] {
  const padding = (kernel - 1) / 2;
  const after = slid(size, kernel, stride, padding);
  const convolution: Convolution = {
    input: [batch, size, size, channels],
    filter: [kernel, kernel, channels / groups, filters],
    output: [batch, after, after, filters],
    stride,
    padding,
    groups,
  };
  const { input, filter, output } = convolution;
  const flops = (2 * count(output) * count(filter)) / filters;
  const common = { unit: 'GFLOP/s', tolerance: TOLERANCE } as const;
  const inputs = { x: input, filter };
  return [
    {
      ...common,
      name: `conv-${name}`,
      title: `conv ${title}, forward`,
      task: { kind: 'convForward', convolution },
      flops,
      bytes: 4 * (count(input) + count(filter) + count(output)),
      arrays: () => numbers(inputs),
      expected: (arrays) => ({
        y: sampled(output, flops / 2 / count(output), (index) =>
          convolved(convolution, arrays.get('x')!.data, arrays.get('filter')!.data, index),
        ),
      }),
    },
    {
      ...common,
      name: `conv-${name}-gradients`,
      title: `conv ${title}, both gradients`,
      task: { kind: 'convGradients', convolution },
      flops: 2 * flops,
      bytes: 4 * (2 * count(input) + 2 * count(filter) + count(output)),
      arrays: () => numbers({ ...inputs, dy: output }),
      expected: (arrays) => {
        const [x, w, dy] = ['x', 'filter', 'dy'].map((array) => arrays.get(array)!.data) as [Float32Array, Float32Array, Float32Array];
        return {
          dx: sampled(input, flops / 2 / count(input), (index) => inputGradient(convolution, w, dy, index)),
          dfilter: sampled(filter, flops / 2 / count(filter), (index) => filterGradient(convolution, x, dy, index)),
        };
      },
    },
  ];
}

function numbers(shapes: Readonly<Record<string, readonly number[]>>): ReturnType<BenchCase['arrays']> {
  return new Map(Object.entries(shapes).map(([name, shape]) => [name, { shape, data: uniform(name, shape) }]));
}

function sampled(shape: readonly number[], work: number, value: (index: number) => number): Expected {
  const indices = sampleIndices(count(shape), work);
  return { indices, values: indices.map(value) };
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

export const convolutionCases: readonly BenchCase[] = [
  { name: '56x64', title: '32x56x56x64→64 3x3', batch: 32, size: 56, channels: 64, filters: 64, kernel: 3 },
  { name: '14x256', title: '32x14x14x256→256 3x3', batch: 32, size: 14, channels: 256, filters: 256, kernel: 3 },
  { name: 'stem', title: '32x224x224x3→64 7x7/2', batch: 32, size: 224, channels: 3, filters: 64, kernel: 7, stride: 2 },
  { name: 'depthwise', title: '32x56x56x128 depthwise 3x3', batch: 32, size: 56, channels: 128, filters: 128, kernel: 3, groups: 128 },
].flatMap(convolutions);
