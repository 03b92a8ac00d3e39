// What one can try on the page "convolution".

import type { Task } from '../../experiment/tasks.tsx';
import type { ExampleName } from './examples.ts';
import type { Convolution } from './machine.ts';
import { outputSize } from './terms.ts';

/** What the tasks look at. */
export interface ConvolutionProgress {
  readonly example: ExampleName;
  readonly convolution: Convolution;
  /** Whether the user has changed anything of the example. */
  readonly changed: boolean;
}

const sizes = ({ convolution: { input, kernels, stride, padding } }: ConvolutionProgress): [input: number, output: number] => {
  const size = input[0]!.length;
  return [size, outputSize(size, kernels[0]![0]!.length, stride, padding)];
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Whether a kernel sees only changes from left to right: what lies on its left weighs as much as what lies on its right, with the other sign. */
export function showsVerticalEdges(kernel: readonly (readonly number[])[]): boolean {
  const columns = kernel[0]!.map((_, column) => sum(kernel.map((row) => row[column]!)));
  const opposite = columns.every((value, column) => value === -columns[columns.length - 1 - column]!);
  return opposite && columns.some((value) => value !== 0) && kernel.every((row) => sum(row) === 0);
}

/** Whether a kernel is the same after half a turn. */
export const isSymmetric = (kernel: readonly (readonly number[])[]): boolean => {
  const values = kernel.flat();
  return values.every((value, i) => value === values[values.length - 1 - i]);
};

export const convolutionTasks: readonly Task<ConvolutionProgress>[] = [
  {
    id: 'vertical',
    isDone: ({ example, convolution }) => example === 'digit' && showsVerticalEdges(convolution.kernels[0]![0]!),
  },
  {
    id: 'same',
    isDone: (progress) => progress.changed && progress.convolution.stride === 1 && sizes(progress)[0] === sizes(progress)[1],
  },
  {
    id: 'equal',
    isDone: ({ changed, convolution: { kernels } }) =>
      changed && kernels.flat().every((kernel) => isSymmetric(kernel) && kernel.flat().some((weight) => weight !== 0)),
  },
  {
    id: 'half',
    isDone: (progress) => progress.changed && sizes(progress)[1] === Math.ceil(sizes(progress)[0] / 2),
  },
];
