// Ops over sequences, images and volumes give what PyTorch gives, and so do their gradients. fixtures/record-pytorch.py made the record, which names
// the version.

import { readFileSync } from 'node:fs';
import { reference } from '@sinapse/backend-reference';
import { expect, test } from 'vitest';
import * as core from '../index.ts';
import type { Tensor } from '../index.ts';

/** `[2,3] 1 -0.5 …` */
type RecordedArray = string;

interface RecordedCase {
  readonly op: string;
  /** The input; for convolutions also the filter, and the bias if there is one. */
  readonly inputs: readonly RecordedArray[];
  readonly arguments: readonly unknown[];
  readonly y: RecordedArray;
  readonly dy: RecordedArray;
  readonly gradients: readonly RecordedArray[];
}

const file = new URL('../../fixtures/pytorch-space.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly RecordedCase[] };

function parsed(text: RecordedArray): { shape: number[]; data: Float64Array } {
  const [shape, ...data] = text.split(' ');
  return { shape: JSON.parse(shape!) as number[], data: Float64Array.from(data, Number) };
}

function recorded(text: RecordedArray): Tensor {
  const { shape, data } = parsed(text);
  return core.tensor(data, { shape });
}

/** Both are float64, so only rounding errors are allowed, relative to the largest value. */
function expectRecorded(actual: Tensor, text: RecordedArray, what: string): void {
  const { shape, data } = parsed(text);
  expect(actual.shape, `shape of ${what}`).toEqual(shape);
  const allowed = 1e-12 * data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  actual
    .dataSync()
    .forEach((value, i) => expect(Math.abs(value - data[i]!), `${what}[${i}]: ${value} for ${data[i]}`).toBeLessThanOrEqual(allowed));
}

test.each(cases.map((each, i): [string, RecordedCase] => [`${i}: ${each.op} ${JSON.stringify(each.arguments)}`, each]))('%s', (_, each) => {
  core.use(reference({ precision: 'float64' }));
  const op = (core as unknown as Record<string, (...values: unknown[]) => Tensor>)[each.op]!;
  const call = (...inputs: Tensor[]): Tensor => {
    const [x, filter, bias] = inputs;
    if (bias === undefined) return op(...inputs, ...each.arguments);
    return op(x, filter, { ...(each.arguments[0] as object), bias });
  };
  const inputs = each.inputs.map(recorded);
  expectRecorded(call(...inputs), each.y, 'y');
  const dy = recorded(each.dy);
  const { gradients } = core.valueAndGrad((...given: Tensor[]) => core.sum(core.mul(call(...given), dy)), inputs);
  gradients.forEach((gradient, i) => expectRecorded(gradient, each.gradients[i]!, `gradient ${i}`));
});

test('the record has every op that it is for', () => {
  const ops = ['conv1d', 'conv3d', 'maxPool1d', 'avgPool1d', 'maxPool3d', 'avgPool3d', 'resize', 'localResponseNorm'];
  for (const dimensions of [1, 2, 3])
    ops.push(...['convTranspose', 'adaptiveAvgPool', 'adaptiveMaxPool'].map((op) => `${op}${dimensions}d`));
  expect([...new Set(cases.map(({ op }) => op))].sort()).toEqual(ops.sort());
});
