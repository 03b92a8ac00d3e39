// Recurrent layers of every kind, small, for the tests that hold for all.

import type { Shape, Tensor } from '@sinapse/core';
import { zeros } from '@sinapse/core';
import type { Bidirectional, Recurrent, RecurrentCell } from '../src/index.ts';
import {
  bidirectional,
  gru,
  gruCell,
  layerNormLstmCell,
  lstm,
  lstmCell,
  rnn,
  simpleRnn,
  simpleRnnCell,
  stackedCells,
} from '../src/index.ts';

export interface RecurrentCase {
  readonly make: () => Recurrent | Bidirectional;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
}

/** A cell of one's own: a running mean of what came, without parameters. */
export const leaky: RecurrentCell = {
  initialState: (batch) => [zeros([batch, 2])],
  step: (x: Tensor, [mean]) => {
    const y = mean!.mul(0.9).add(x.mul(0.1));
    return { y, state: [y] };
  },
};

const last = (make: () => Recurrent | Bidirectional, units = 3): RecurrentCase => ({ make, inputShape: [4, 2], outputShape: [units] });
const all = (make: () => Recurrent | Bidirectional, units = 3): RecurrentCase => ({ make, inputShape: [4, 2], outputShape: [4, units] });

const units = 3;
const returnSequences = true;

export const recurrentCases: Readonly<Record<string, RecurrentCase>> = {
  simpleRnn: last(() => simpleRnn({ units })),
  'simpleRnn, sigmoid, no bias, reversed': all(() =>
    simpleRnn({ units, activation: 'sigmoid', useBias: false, reverse: true, returnSequences }),
  ),
  lstm: last(() => lstm({ units })),
  'lstm, peepholes, dropped': all(() => lstm({ units, peepholes: true, dropout: 0.4, recurrentDropout: 0.4, returnSequences })),
  'lstm, projection': all(() => lstm({ units, projection: 2, returnSequences }), 2),
  gru: last(() => gru({ units })),
  'gru, reset before, dropped': all(() => gru({ units, resetAfter: false, recurrentDropout: 0.4, returnSequences })),
  'bidirectional lstm': all(() => bidirectional(lstm({ units, returnSequences })), 6),
  'bidirectional gru, added': last(() => bidirectional(gru({ units }), { merge: 'add' })),
  'a stack of cells': last(() => rnn(stackedCells([lstmCell({ units: 2 }), gruCell({ units: 2 }), simpleRnnCell({ units })]))),
  'layer-norm lstm': last(() => rnn(layerNormLstmCell({ units, recurrentDropout: 0.4 }))),
  'a cell of one’s own': last(() => rnn(leaky), 2),
};
