// State from batch to batch, truncated gradients, dropout, and what is refused.

import { reference } from '@sinapse/backend-reference';
import {
  Context,
  SinapseError,
  memory,
  parametersOf,
  randomNormal,
  scope,
  slice,
  sum,
  tensor,
  use,
  valueAndGrad,
  zeros,
} from '@sinapse/core';
import type { Tensor } from '@sinapse/core';
import { beforeEach, describe, expect, test } from 'vitest';
import * as exported from './index.ts';
import { bidirectional, gru, lstm, lstmCell, rnn, simpleRnn, stackedCells } from './index.ts';
import { leaky } from '../test/cases.ts';

beforeEach(() => void use(reference({ precision: 'float64' })));

const sequences = (time = 6): Tensor => randomNormal([2, time, 3], { seed: 5 });

describe('a stateful layer', () => {
  const built = () => {
    const layer = lstm({ units: 4, stateful: true, batchSize: 2, returnSequences: true });
    layer.build([3, 3], 1);
    return layer;
  };
  const step = (layer: ReturnType<typeof built>, x: Tensor): number[] => {
    const context = new Context();
    const y = [...layer.call(x, context).dataSync()];
    context.commit();
    return y;
  };

  test('goes on where the batch before it ended, until it is reset', () => {
    const layer = built();
    const x = sequences();
    const plain = lstm({ units: 4, returnSequences: true });
    plain.build([3, 3], 1);
    const whole = plain.call(x);
    const half = (begin: number, end: number): Tensor => slice(x, [null, { begin, end }]);
    const first = step(layer, half(0, 3));
    const second = step(layer, half(3, 6));
    expect(first).toEqual([...slice(whole, [null, { end: 3 }]).dataSync()]);
    expect(second).toEqual([...slice(whole, [null, { begin: 3 }]).dataSync()]);
    layer.resetStates();
    expect(step(layer, half(0, 3))).toEqual(first);
  });

  test('refuses a batch of another size, and to be made without one', () => {
    expect(() => built().call(zeros([3, 3, 3]))).toThrow('lstm: is stateful and keeps the states of 2 sequences, but the batch has 3');
    expect(() => lstm({ units: 1, stateful: true })).toThrow(
      'lstm: a stateful layer keeps a state for each sequence of the batch; give it batchSize',
    );
  });
});

test('a truncated gradient is that of the last steps alone', () => {
  const gradientOf = (truncation?: number): number[] => {
    const layer = simpleRnn({ units: 2, ...(truncation !== undefined && { truncation }) });
    layer.build([6, 3], 1);
    const { gradients } = valueAndGrad((x: Tensor) => sum(layer.call(x)), [sequences()]);
    return [...slice(gradients[0]!, [0]).dataSync()];
  };
  const [whole, truncated] = [gradientOf(), gradientOf(2)];
  expect(truncated.slice(12)).toEqual(whole.slice(12)); // the last two steps
  expect(truncated.slice(0, 12).every((value) => value === 0)).toBe(true);
  expect(whole.slice(0, 12).some((value) => value !== 0)).toBe(true);
});

describe('dropout', () => {
  test('drops the same features in all steps, in training only', () => {
    const layer = rnn({ initialState: () => [], step: (x) => ({ y: x, state: [] }) }, { dropout: 0.5, returnSequences: true });
    layer.build([6, 3]);
    const ones = zeros([2, 6, 3]).add(1);
    const dropped = layer.call(ones, new Context({ training: true, seed: 3 }));
    const first = slice(dropped, [null, 0]).dataSync();
    for (let t = 1; t < 6; t++) expect([...slice(dropped, [null, t]).dataSync()]).toEqual([...first]);
    expect(new Set(first)).toEqual(new Set([0, 2]));
    expect([...layer.call(ones).dataSync()]).toEqual([...ones.dataSync()]);
  });

  test('of the state changes what is learned, and depends on the seed', () => {
    const layer = gru({ units: 8, recurrentDropout: 0.5 });
    layer.build([6, 3], 1);
    const train = (seed: number): number[] => [...layer.call(sequences(), new Context({ training: true, seed })).dataSync()];
    expect(train(1)).toEqual(train(1));
    expect(train(1)).not.toEqual(train(2));
  });
});

describe('what is refused, before any kernel runs', () => {
  const layer = lstm({ units: 2 });
  beforeEach(() => void layer.build([6, 3], 1));

  test.each([
    [[1, 7], 'lstm: lengths: sequence 1 has 7; a length is an integer from 1 to 6, the steps of the batch'],
    [[0, 6], 'lstm: lengths: sequence 0 has 0; a length is an integer from 1 to 6'],
    [[1.5, 6], 'lstm: lengths: sequence 0 has 1.5; a length is an integer'],
    [[6], 'lstm: lengths: expected int32 [2] or a list of 2 integers, one for each sequence, got '],
    ['x', 'lstm: lengths: expected int32 [2] or a list of 2 integers'],
  ])('lengths %j', (lengths, message) => {
    expect(() => layer.run(sequences(), { lengths: lengths as number[] })).toThrow(message);
  });

  test('lengths in a tensor', () => {
    expect(() => layer.call([sequences(), tensor(Int32Array.of(3, 9))])).toThrow(
      'lstm: lengths: sequence 1 has 9; a length is an integer from 1 to 6',
    );
    expect(() => layer.call([sequences(), tensor([3, 3])])).toThrow('lstm: lengths: expected int32 [2]');
    expect(() => layer.call([sequences(), tensor(Int32Array.of(3))])).toThrow('one for each sequence, got [1]');
  });

  test('a state of another shape', () => {
    const states = (...shapes: number[][]) => ({ initialState: shapes.map((shape) => zeros(shape)) });
    expect(() => layer.run(sequences(), states([2, 2]))).toThrow('lstm: the state must be [2,2], [2,2], got [2,2]');
    expect(() => layer.run(sequences(), states([2, 3], [2, 2]))).toThrow('lstm: the state must be [2,2], [2,2], got [2,3], [2,2]');
    expect(() => layer.run(sequences(), { initialState: 1 as never })).toThrow('lstm: initialState: expected a list of tensors');
  });

  test('sequences without steps, or that are none', () => {
    expect(() => layer.call(zeros([2, 0, 3]))).toThrow('lstm: takes [batch, time, features] with at least one step, got [2,0,3]');
    expect(() => layer.call(zeros([2, 3]))).toThrow('lstm: takes [batch, time, features]');
    expect(() => layer.call(undefined as never)).toThrow('lstm: call: expected a tensor [batch, …], got undefined');
    expect(() => layer.build([3])).toThrow('lstm: each example must be [time, features], got [3]');
    expect(() => layer.build('x' as never)).toThrow('lstm: build: inputShape: expected the shape of one example');
    expect(() => lstm({ units: 2 }).call(sequences())).toThrow(
      'lstmCell: has no parameters yet; build the model first: model.build(inputShape)',
    );
  });

  test('cells and layers that are none', () => {
    expect(() => rnn({} as never)).toThrow('rnn: cell: expected a cell with initialState(batch) and step(x, state), got');
    expect(() => stackedCells([])).toThrow('stackedCells: expected a list of at least one cell');
    expect(() => stackedCells([1 as never])).toThrow('stackedCells: entry 0: expected a cell');
    expect(() => bidirectional(lstmCell({ units: 1 }) as never)).toThrow(
      'bidirectional: expected a recurrent layer, e.g. lstm({ units: 8 }), got',
    );
    expect(() => bidirectional(lstm({ units: 1, reverse: true }))).toThrow('bidirectional: its first layer reads from the beginning');
    expect(() => bidirectional(rnn(leaky))).toThrow('bidirectional: a layer with a cell of your own needs another one');
    const backward = lstm({ units: 1, reverse: true, returnSequences: true });
    expect(() => bidirectional(lstm({ units: 1 }), { backward })).toThrow('bidirectional: both layers must have the same returnSequences');
  });

  test('cells whose steps give something else', () => {
    const wrong = (step: () => unknown): (() => unknown) => {
      const made = rnn({ initialState: (batch) => [zeros([batch, 2])], step: step as never });
      return () => made.build([2, 2]);
    };
    expect(wrong(() => undefined)).toThrow('rnn: step must give { y, state }, a tensor and a list of tensors, got undefined');
    expect(wrong(() => ({ y: zeros([1, 2]), state: [] }))).toThrow('rnn: step must give a state of the same shapes as before, [1,2], got ');
  });

  test('options', () => {
    expect(() => lstm({ unit: 3 } as never)).toThrow('lstm: unit is no option; did you mean units');
    expect(() => lstm({} as never)).toThrow('lstm: units');
    expect(() => gru({ units: 0 })).toThrow('gru: units: expected an integer >= 1, got 0');
    expect(() => simpleRnn({ units: 1, activation: 'tan' as never })).toThrow('did you mean tanh?');
  });

  const junk = [undefined, null, 0, -1.5, NaN, 'junk', true, {}, { junk: 1 }, [], [null], () => {}, Symbol('junk')];
  const functions = Object.entries(exported).filter(([name, value]) => typeof value === 'function' && !/^[A-Z]/.test(name));
  test.each(functions)('%s given what it cannot take', async (_, made) => {
    for (const value of junk) {
      try {
        await (made as (given: unknown) => unknown)(value);
      } catch (error) {
        expect(error).toBeInstanceOf(SinapseError);
        expect((error as Error).message).not.toContain('\n');
      }
    }
  });
});

test('no memory is left behind by a training step', () => {
  const layer = bidirectional(lstm({ units: 2, returnSequences: true }));
  layer.build([6, 3], 1);
  const cells = parametersOf(layer).map(({ cell }) => cell);
  const step = (): void => scope(() => void valueAndGrad(() => sum(layer.call(sequences())), cells));
  step();
  const before = memory().tensors;
  step();
  expect(memory().tensors).toEqual(before);
});
