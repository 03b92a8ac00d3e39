// Outputs, states and all gradients against PyTorch, with initial states and with lengths.

import { readFileSync } from 'node:fs';
import { reference } from '@sinapse/backend-reference';
import { Context, add, mul, parametersOf, sum, use, valueAndGrad } from '@sinapse/core';
import type { Tensor } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import type { RecordedArray, RecordedArrays } from '../../layers/test/recorded.ts';
import { assignRecorded, expectRecorded, recorded } from '../../layers/test/recorded.ts';
import { bidirectional, gru, lstm, lstmCell, loadTorchWeights, rnn, simpleRnn, stackedCells } from './index.ts';
import type { Bidirectional, Recurrent } from './index.ts';

interface Recording {
  readonly lengths: readonly number[] | null;
  readonly weights: RecordedArrays;
  /** Under PyTorch's names. */
  readonly torch: RecordedArrays;
  readonly x: RecordedArray;
  readonly state: readonly RecordedArray[];
  readonly dy: RecordedArray;
  readonly dstate: readonly RecordedArray[];
  readonly y: RecordedArray;
  readonly after: readonly RecordedArray[];
  readonly dx: RecordedArray;
  readonly dbefore: readonly RecordedArray[];
  readonly gradients: RecordedArrays;
}

const fixture = new URL('../fixtures/pytorch.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: Record<string, Recording> };

const units = 3;
const layers: Readonly<Record<string, () => Recurrent | Bidirectional>> = {
  simpleRnn: () => simpleRnn({ units }),
  'simpleRnn, relu, lengths': () => simpleRnn({ units, activation: 'relu' }),
  lstm: () => lstm({ units }),
  'lstm, lengths': () => lstm({ units }),
  'lstm, projection, lengths': () => lstm({ units, projection: 2 }),
  gru: () => gru({ units }),
  'gru, lengths': () => gru({ units }),
  'bidirectional lstm, lengths': () => bidirectional(lstm({ units })),
  'bidirectional gru, lengths': () => bidirectional(gru({ units })),
  'stacked lstm, lengths': () => rnn(stackedCells([lstmCell({ units }), lstmCell({ units })])),
};

beforeAll(() => void use(reference({ precision: 'float64' })));

test('every recording has its layer', () => expect(Object.keys(layers)).toEqual(Object.keys(cases)));

test.each(Object.keys(cases))('%s', (name) => {
  const recording = cases[name]!;
  const layer = layers[name]!();
  layer.build([4, 2], 1);
  assignRecorded(layer, recording.weights);
  const given = [recorded(recording.x), ...recording.state.map(recorded)];
  const run = (x: Tensor, initialState: readonly Tensor[]) =>
    layer.run(x, { context: new Context(), initialState, ...(recording.lengths && { lengths: recording.lengths }) });

  const { outputs, state } = run(given[0]!, given.slice(1));
  expectRecorded(outputs, recording.y, 'outputs');
  state.forEach((each, i) => expectRecorded(each, recording.after[i]!, `state ${i}`));

  const parameters = parametersOf(layer);
  const weighed = (a: Tensor, by: RecordedArray): Tensor => sum(mul(a, recorded(by)));
  const loss = (x: Tensor, initial: readonly Tensor[]): Tensor => {
    const result = run(x, initial);
    return result.state.reduce((total, each, i) => add(total, weighed(each, recording.dstate[i]!)), weighed(result.outputs, recording.dy));
  };
  const { gradients } = valueAndGrad(
    (x: Tensor, ...others: readonly Tensor[]) => loss(x, others.slice(0, recording.state.length)),
    [...given, ...parameters.map(({ cell }) => cell)],
  );
  expectRecorded(gradients[0]!, recording.dx, 'dx');
  recording.dbefore.forEach((each, i) => expectRecorded(gradients[1 + i]!, each, `gradient of initial state ${i}`));
  parameters.forEach(({ path }, i) => expectRecorded(gradients[given.length + i]!, recording.gradients[path]!, path));
});

test.each(Object.keys(cases))('%s takes the weights by their names in PyTorch', (name) => {
  const { torch, weights } = cases[name]!;
  const layer = layers[name]!();
  layer.build([4, 2], 1);
  loadTorchWeights(layer, new Map(Object.entries(torch).map(([key, value]) => [`net.${key}`, value])), 'net.');
  for (const { path, cell } of parametersOf(layer)) expectRecorded(cell.value, weights[path]!, path);
});

test('weights that do not fit are refused', () => {
  const layer = lstm({ units });
  layer.build([4, 2]);
  const arrays = new Map(Object.entries(cases['lstm']!.torch));
  expect(() => loadTorchWeights(layer, new Map([...arrays].slice(1)))).toThrow(
    'loadTorchWeights: there is no weight_ih_l0; the arrays are weight_hh_l0',
  );
  expect(() => loadTorchWeights(layer, new Map([...arrays, ['other', arrays.get('bias_ih_l0')!]]))).toThrow(
    'loadTorchWeights: the layer has no place for other',
  );
  const larger = lstm({ units: 4 });
  larger.build([4, 2]);
  expect(() => loadTorchWeights(larger, arrays)).toThrow('loadTorchWeights: weight_ih_l0: the layer takes [2,16], the array gives [2,12]');
  expect(() => loadTorchWeights(lstm({ units }), arrays)).toThrow('weight_ih_l0: the layer has no such weights; build it first');
  expect(() => loadTorchWeights(rnn({ initialState: () => [], step: (x) => ({ y: x, state: [] }) }), arrays)).toThrow(
    'got one of another cell',
  );
  expect(() => loadTorchWeights({} as never, arrays)).toThrow('loadTorchWeights: expected a recurrent layer, e.g. lstm({ units: 8 })');
  expect(() => loadTorchWeights(layer, {} as never)).toThrow('loadTorchWeights: the arrays: expected a map of arrays by name');
});
