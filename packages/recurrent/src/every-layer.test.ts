// What holds for every recurrent layer and cell: gradients of first and second order, the same values on every engine, padding that nobody sees.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { checkGradients } from '@sinapse/backend-testkit';
import type { Backend } from '@sinapse/core';
import {
  Context,
  concat,
  full,
  meta,
  parametersOf,
  randomNormal,
  scope,
  slice,
  tensor,
  use,
  valueAndGrad,
  withBackend,
  zeros,
} from '@sinapse/core';
import type { Tensor } from '@sinapse/core';
import { summary } from '@sinapse/layers';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Bidirectional, Recurrent } from './index.ts';
import { recurrentLayers } from './index.ts';
import { recurrentCases } from '../test/cases.ts';

const float64 = reference({ precision: 'float64' });
/** The engines of this machine; of one that is missing, the reason. */
const engines: Record<string, Backend | string> = {};
for (const engine of ['native', 'wasm'] as const) engines[engine] = await cpu({ engine }).catch((error: Error) => error.message);
afterAll(async () => {
  for (const engine of Object.values(engines)) if (typeof engine !== 'string') await engine.close();
});
beforeEach(() => void use(float64));

const BATCH = 3;
const LENGTHS = [2, 4, 1];

type Layer = Recurrent | Bidirectional;

const contextOf = (training: boolean): Context => new Context({ training, seed: 1 });

/** The outputs and the last output of a layer as one tensor; both directions of the state, too. */
function everything(layer: Layer, x: Tensor, lengths: readonly number[] | undefined, training = false): Tensor {
  const { outputs, last, state } = layer.run(x, { context: contextOf(training), ...(lengths && { lengths }) });
  return concat([outputs, last, ...state].map((each) => each.flatten()));
}

describe.each(Object.entries(recurrentCases))('%s', (_, { make, inputShape, outputShape }) => {
  const builtLayer = (): Layer => {
    const layer = make();
    layer.build(inputShape, 2);
    return layer;
  };
  const input = (): Tensor => randomNormal([BATCH, ...inputShape], { seed: 3 });

  test('gives the shape that build announced', () => {
    const layer = make();
    expect(layer.build(inputShape, 2)).toEqual(outputShape);
    expect(layer.call(input(), contextOf(true)).shape).toEqual([BATCH, ...outputShape]);
  });

  test.each([
    [false, undefined],
    [true, LENGTHS],
  ] as const)('has the gradients that differences say; in training: %o, lengths: %o', async (training, lengths) => {
    const layer = builtLayer();
    const cells = parametersOf(layer).map(({ cell }) => cell);
    const f = (x: Tensor): Tensor => everything(layer, x, lengths, training);
    await checkGradients(f, [input(), ...cells], { second: lengths === undefined, elements: 3 });
  });

  for (const [engine, backend] of Object.entries(engines)) {
    const reason = typeof backend === 'string' ? ` (needs the engine: ${backend})` : '';
    test.skipIf(reason !== '')(`has the values and gradients of the reference in float64 on ${engine}${reason}`, () => {
      const run = (on: Backend): readonly Float64Array[] =>
        withBackend(on, () =>
          scope(() => {
            const layer = builtLayer();
            const cells = parametersOf(layer).map(({ cell }) => cell);
            const { value, gradients } = valueAndGrad(
              (x: Tensor) => everything(layer, x, LENGTHS, true).square().sum(),
              [input(), ...cells],
            );
            return [value, ...gradients].map((each) => Float64Array.from(each.dataSync()));
          }),
        );
      const [expected, actual] = [run(float64), run(backend as Backend)];
      expected.forEach((values, i) => {
        // Four steps of about ten ops each, whose roundings of 2^-24 of the largest value add up.
        const allowed = 512 * 2 ** -24 * Math.max(1, ...values.map(Math.abs));
        values.forEach((value, k) => expect(Math.abs(actual[i]![k]! - value), `${i}[${k}]`).toBeLessThan(allowed));
      });
    });
  }

  test('depends neither on the padding nor on the others in the batch', () => {
    const layer = builtLayer();
    const x = input();
    const whole = layer.run(x, { lengths: LENGTHS });
    LENGTHS.forEach((length, i) => {
      const one = slice(x, [{ begin: i, end: i + 1 }]);
      const [own, rest] = [slice(one, [null, { end: length }]), inputShape[0]! - length];
      const alone = layer.run(own);
      const padding = full([1, rest, ...inputShape.slice(1)], NaN);
      const padded = layer.run(concat([own, padding], 1), { lengths: [length] });
      const row = (y: Tensor): number[] => [...slice(y, [i]).dataSync()];
      expect(row(whole.last)).toEqual([...alone.last.dataSync()]);
      expect([...padded.last.dataSync()]).toEqual([...alone.last.dataSync()]);
      expect([...slice(padded.outputs, [null, { end: length }]).dataSync()]).toEqual([...alone.outputs.dataSync()]);
      expect([...slice(padded.outputs, [null, { begin: length }]).dataSync()].every((value) => value === 0)).toBe(true);
      whole.state.forEach((state, k) => expect(row(state)).toEqual([...alone.state[k]!.dataSync()]));
    });
  });

  test('goes on from a state as if the sequence were whole', () => {
    const layer = builtLayer();
    if ('forward' in layer || layer.reverse) return; // it needs the end first
    const x = input();
    const whole = layer.run(x);
    const first = layer.run(slice(x, [null, { end: 1 }]));
    const second = layer.run(slice(x, [null, { begin: 1 }]), { initialState: first.state });
    expect([...second.last.dataSync()]).toEqual([...whole.last.dataSync()]);
  });

  test('takes the lengths beside the sequences, as a tensor', () => {
    const layer = builtLayer();
    const called = layer.call([input(), tensor(Int32Array.from(LENGTHS))]);
    const { outputs, last } = layer.run(input(), { lengths: LENGTHS });
    const wanted = (('forward' in layer ? layer.forward : layer).returnSequences ? outputs : last).dataSync();
    expect([...called.dataSync()]).toEqual([...wanted]);
  });

  test('is built and called on meta, where there are no values, and is summarised', () => {
    withBackend(meta(), () => {
      const layer = make();
      expect(layer.build(inputShape, 2)).toEqual(outputShape);
      expect(layer.call(zeros([BATCH, ...inputShape]), contextOf(true)).shape).toEqual([BATCH, ...outputShape]);
    });
    const layer = builtLayer();
    const parameters = parametersOf(layer).reduce((total, { cell }) => total + cell.size, 0);
    expect(summary(layer, inputShape).trainable).toBe(parameters);
  });

  test('says the call that makes it, as data, unless its cell is not by name', () => {
    const layer = make();
    if (layer.type === 'rnn') return expect(layer.describe).toBeUndefined();
    const call = layer.describe!();
    expect(call.layer).toBe(layer.type);
    const again = recurrentLayers[call.layer]!(...(call.arguments as never[])) as Recurrent;
    expect(again.build(inputShape, 2)).toEqual(outputShape);
  });
});
