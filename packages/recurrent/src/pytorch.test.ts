// Outputs, states and all gradients against PyTorch, with initial states and with lengths.

import { readFileSync } from 'node:fs';
import { reference } from '@sinapse/backend-reference';
import { Context, add, mul, parametersOf, sum, use, valueAndGrad } from '@sinapse/core';
import type { Tensor } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import type { RecordedArray, RecordedArrays } from '../../layers/test/recorded.ts';
import { assignRecorded, expectRecorded, recorded } from '../../layers/test/recorded.ts';
import { bidirectional, gru, lstm, lstmCell, rnn, simpleRnn, stackedCells } from './index.ts';
import type { Bidirectional, Recurrent } from './index.ts';

interface Recording {
  readonly lengths: readonly number[] | null;
  readonly weights: RecordedArrays;
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
