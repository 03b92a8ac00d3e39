// Activations of straight pieces: every piece, away from the corners.

import type { Draw, OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, within } from '../cases/gradient-case.ts';
import { hardShrink, hardSigmoid, hardSwish, hardTanh, relu6, softShrink, threshold } from './piecewise-activation.ts';

const below: Draw = within([3], -5, -3.5);
const inside: Draw = within([2, 3], 0.2, 0.8);
const above: Draw = within([3], 6.5, 8);

function inEveryPiece(name: string, f: (x: Parameters<typeof relu6>[0]) => ReturnType<typeof relu6>): OpCases {
  return { [name]: [below, inside, above].map((draw, i) => gradientCase(`${name} piece ${i + 1}`, [draw], f)) };
}

export const piecewiseActivationCases: OpCases = {
  ...inEveryPiece('relu6', (x) => relu6(x)),
  ...inEveryPiece('hardSigmoid', (x) => hardSigmoid(x)),
  ...inEveryPiece('hardSwish', (x) => hardSwish(x)),
  ...inEveryPiece('hardTanh', (x) => hardTanh(x)),
  hardShrink: [gradientCase('hardShrink', [away(3, 4)], (x) => hardShrink(x, 0.1))],
  softShrink: [gradientCase('softShrink', [away(3, 4)], (x) => softShrink(x, 0.2))],
  threshold: [gradientCase('threshold', [away(3, 4)], (x) => threshold(x, 0.1, -2))],
};
