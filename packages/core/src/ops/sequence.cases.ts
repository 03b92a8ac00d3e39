// Three steps of each recurrent network, forwards and in reverse, whole and with examples of different lengths; every state counts.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { tensor } from '../tensor/creation.ts';
import type { SequenceOptions } from './sequence.ts';
import { gru } from './gru.ts';
import { lstm } from './lstm.ts';
import { rnn } from './rnn.ts';

const WAYS: readonly (readonly [name: string, options: () => SequenceOptions])[] = [
  ['forwards', () => ({})],
  ['in reverse, of two lengths', () => ({ lengths: tensor([3, 2], { dtype: 'int32' }), reverse: true })],
];

export const sequenceCases: OpCases = {
  rnn: WAYS.flatMap(([name, options]) =>
    (['tanh', 'relu'] as const).map((activation) =>
      gradientCase(`rnn ${activation} ${name}`, [away(3, 2, 3), away(3, 3), away(2, 3)], (x, weight, h) =>
        rnn(x, weight, h, { ...options(), activation }),
      ),
    ),
  ),
  lstm: WAYS.flatMap(([name, options]) =>
    (['h', 'c'] as const).map((output) =>
      gradientCase(
        `${output} of lstm ${name}`,
        [away(3, 2, 8), away(2, 8), away(2, 2), away(2, 2)],
        (x, weight, h, c) => lstm(x, weight, h, c, options())[output],
      ),
    ),
  ),
  gru: WAYS.map(([name, options]) =>
    gradientCase(`gru ${name}`, [away(3, 2, 6), away(2, 6), away(6), away(2, 2)], (x, weight, bias, h) =>
      gru(x, weight, bias, h, options()),
    ),
  ),
};
