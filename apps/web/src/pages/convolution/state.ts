// What the page "convolution" shows: the example as it was changed, the output that the worker made of it, and the place of the window.

import { effect, signal } from '@preact/signals';
import type { Failure } from '../../experiment/failure.ts';
import { caught } from '../../experiment/laboratory-error.ts';
import { backendGeneration, laboratory } from '../../experiment/laboratory.ts';
import { page, query, writeQuery } from '../../router.ts';
import type { ExampleName, Rule } from './examples.ts';
import { exampleNames, examples, kernelPresets } from './examples.ts';
import type { Convolution, Convolved } from './machine.ts';

export interface State {
  readonly example: ExampleName;
  readonly convolution: Convolution;
  readonly rule: Rule;
  /** The filter that is shown. */
  readonly filter: number;
  readonly changed: boolean;
}

/** The drawn digit, `[28][28]`, within [0, 1]; blank until the worker has drawn it. */
const digit = signal<readonly (readonly number[])[]>(Array.from({ length: 28 }, () => new Array<number>(28).fill(0)));

function exampleState(name: ExampleName): State {
  const { rule, ...convolution } =
    name === 'digit'
      ? { rule: 'correlation' as const, input: [digit.value], kernels: [[kernelPresets.edges]], bias: [0], stride: 1, padding: 0 }
      : examples[name];
  return { example: name, convolution, rule, filter: 0, changed: false };
}

const within = (text: string | null, least: number, most: number, usual: number): number => {
  const value = Number(text ?? NaN);
  return Number.isInteger(value) && value >= least && value <= most ? value : usual;
};

export const MOST_STRIDE = 4;
export const MOST_PADDING = 3;
/** Weights lie within this on either side of 0. */
export const MOST_WEIGHT = 99;

/** Reads the state from an address, which may come from anywhere. */
function stateFromQuery(given: URLSearchParams): State {
  const usual = exampleState(exampleNames.find((name) => name === given.get('example')) ?? 'sharpen');
  const { convolution } = usual;
  const [stride, padding] = [
    within(given.get('stride'), 1, MOST_STRIDE, convolution.stride),
    within(given.get('padding'), 0, MOST_PADDING, convolution.padding),
  ];
  const rule = given.get('rule') === 'convolution' ? 'convolution' : given.get('rule') === 'correlation' ? 'correlation' : usual.rule;
  const weights = (given.get('kernel') ?? '').split('_').map(Number);
  const fits = weights.length === 9 && weights.every((weight) => Math.abs(weight) <= MOST_WEIGHT);
  const kernels = fits ? [[[0, 3, 6].map((at) => weights.slice(at, at + 3))], ...convolution.kernels.slice(1)] : convolution.kernels;
  return {
    ...usual,
    rule,
    convolution: { ...convolution, stride, padding, kernels: convolution.input.length === 1 ? kernels : convolution.kernels },
  };
}

function toQuery({ example, convolution, rule }: State): Record<string, string | undefined> {
  const usual = exampleState(example);
  const unless = (value: unknown, other: unknown) => (String(value) === String(other) ? undefined : String(value));
  const kernel = unless(convolution.kernels, usual.convolution.kernels);
  return {
    example: unless(example, 'sharpen'),
    stride: unless(convolution.stride, usual.convolution.stride),
    padding: unless(convolution.padding, usual.convolution.padding),
    rule: unless(rule, usual.rule),
    kernel: convolution.input.length === 1 && kernel !== undefined ? convolution.kernels[0]!.flat(2).join('_') : undefined,
  };
}

export const state = signal<State>(stateFromQuery(page.peek() === 'convolution' ? query.peek() : new URLSearchParams()));

export const convolved = signal<Convolved | undefined>(undefined);
export const failure = signal<Failure | undefined>(undefined);

/** The place of the window, in the output. */
export const place = signal({ row: 0, column: 0 });

export function change(changes: Partial<Convolution> & Partial<Pick<State, 'rule' | 'filter'>>): void {
  const { rule = state.value.rule, filter = state.value.filter, ...rest } = changes;
  const convolution = { ...state.value.convolution, ...rest };
  state.value = { ...state.value, rule, filter, convolution, changed: state.value.changed || Object.keys(rest).length > 0 };
  writeQuery(toQuery(state.value));
}

export function showExample(name: ExampleName): void {
  place.value = { row: 0, column: 0 };
  state.value = exampleState(name);
  writeQuery(toQuery(state.value));
}

/** Changes one weight of the filter that is shown. */
export function setWeight(channel: number, row: number, column: number, weight: number): void {
  const { convolution, filter } = state.value;
  const kernels = convolution.kernels.map((channels, f) =>
    f !== filter
      ? channels
      : channels.map((kernel, c) => (c !== channel ? kernel : kernel.map((line, i) => (i !== row ? line : line.with(column, weight))))),
  );
  change({ kernels });
}

/** Moves the window to the next place of the output, row by row. */
export function next(): void {
  if (convolved.value === undefined) return;
  const { height, width } = convolved.value;
  const { row, column } = place.value;
  place.value = column + 1 < width ? { row, column: column + 1 } : { row: (row + 1) % Math.max(height, 1), column: 0 };
}

let asked = 0;

// Each change is computed anew in the worker; only the newest answer is shown.
effect(() => {
  const { convolution } = state.value;
  if (backendGeneration.value === 0 || page.value !== 'convolution') return;
  const mine = ++asked;
  laboratory.convolve(convolution).then(
    (result) => {
      if (mine !== asked) return;
      const { row, column } = place.peek();
      place.value = { row: Math.min(row, result.height - 1), column: Math.min(column, result.width - 1) };
      convolved.value = result;
      failure.value = undefined;
    },
    (error: unknown) => {
      if (mine !== asked) return;
      convolved.value = undefined;
      failure.value = caught(error);
    },
  );
});

/** Has a digit drawn by the worker. */
export async function drawDigit(seed: number): Promise<void> {
  const pixels = await laboratory.digit(seed);
  digit.value = Array.from({ length: 28 }, (_, row) =>
    Array.from(pixels.subarray(28 * row, 28 * row + 28), (value) => Math.round(value / 25.5) / 10),
  );
  if (state.value.example === 'digit') state.value = { ...state.value, convolution: { ...state.value.convolution, input: [digit.value] } };
}
