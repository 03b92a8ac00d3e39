// What becomes of a sum of products: a bias and a residual are added, then an activation is applied.

import type { Activation, View } from '@sinapse/core';
import type { Parameters } from '../pass.ts';
import { floatBits } from '../words.ts';
import { activationFunction } from './activation.ts';

export interface Finish {
  readonly key: string;
  /** Functions, with `u32 finish(u32 v, u32 i, u32 column)`: the word of item i of the output, made from that of the sum. */
  readonly code: string;
  /** What it reads, after the inputs of the sum. */
  readonly inputs: readonly View[];
  readonly scalars: Parameters;
}

/** The sum as it is. */
export const NOTHING: Finish = { key: '', code: 'u32 finish(u32 v, u32 i, u32 column) {\nreturn v;\n}\n', inputs: [], scalars: {} };

/**
 * @param first the number of its first input
 * @param bias one value for each column
 * @param residual one value for each item
 */
export function finishOf(first: number, activation: Activation, alpha: number, bias?: View, residual?: View): Finish {
  const inputs = [...(bias === undefined ? [] : [bias]), ...(residual === undefined ? [] : [residual])];
  return {
    key: `${activation} ${bias !== undefined} ${residual !== undefined}`,
    code: `${activationFunction(activation)}u32 finish(u32 v, u32 i, u32 column) {
f32 total = asFloat(v);
${bias === undefined ? '' : `total += asFloat(x${first}(column));\n`}${residual === undefined ? '' : `total += asFloat(x${first + inputs.length - 1}(i));\n`}return activate(asWord(total), $alpha);
}
`,
    inputs,
    scalars: { alpha: floatBits(alpha) },
  };
}
