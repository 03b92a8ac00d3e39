// Says in a sentence when gradients vanish or explode on their way back through the layers (Hochreiter 1991; Bengio, Simard, Frasconi 1994).

import type { LayerNorms } from './gradient-norms.ts';

export interface Diagnosis {
  readonly kind: 'vanishing' | 'exploding';
  /** The layers concerned, in the order of the model. */
  readonly layers: readonly string[];
  /** What is wrong, where, and what helps. */
  readonly sentence: string;
}

/**
 * A gradient vanishes where its norm is below this part of the largest. In sound networks, also in those of 121 layers, the smallest is over a
 * thousandth.
 */
const VANISHING = 1e-4;
/** A gradient explodes where it is so many times as large as the weights: a step with a usual learning rate, 0.01, replaces them. */
const EXPLODING = 100;
/** It also explodes where it has grown so many times on its way from the last layer, and is several times as large as the weights. */
const GROWN = { sinceLast: 50, overWeights: 5 };

/** What is wrong with the gradients of an epoch; undefined if nothing is. */
export function diagnose(norms: readonly LayerNorms[]): Diagnosis | undefined {
  const { gradient: last = 0 } = norms.at(-1) ?? {};
  const exploding = norms.filter(({ gradient, weights }) => {
    if (!Number.isFinite(gradient)) return true;
    const grown = gradient > GROWN.sinceLast * last && gradient > GROWN.overWeights * weights;
    return weights > 0 && (gradient > EXPLODING * weights || (grown && last > 0));
  });
  if (exploding.length > 0) {
    const layers = exploding.map(({ layer }) => layer);
    const most = largest(exploding);
    return {
      kind: 'exploding',
      layers,
      sentence: `gradients explode in ${listed(layers, norms)} (the norm in ${most.layer} is ${short(most.gradient)}, that of its weights ${short(most.weights)}): clip them, e.g. with the optimizer's clipNorm, start from smaller weights, and in recurrent networks use an LSTM`,
    };
  }
  const most = largest(norms);
  const vanishing = norms.filter(({ gradient }) => gradient < VANISHING * most.gradient);
  if (vanishing.length === 0) return undefined;
  const layers = vanishing.map(({ layer }) => layer);
  const least = vanishing.reduce((a, b) => (b.gradient < a.gradient ? b : a));
  return {
    kind: 'vanishing',
    layers,
    sentence: `gradients vanish in ${listed(layers, norms)} (the norm in ${least.layer} is ${short(least.gradient)}, in ${most.layer} ${short(most.gradient)}), so these layers hardly learn: use ReLU instead of sigmoid or tanh, residual connections, and in recurrent networks an LSTM`,
  };
}

function largest(norms: readonly LayerNorms[]): LayerNorms {
  return norms.reduce((a, b) => (b.gradient > a.gradient || Number.isNaN(b.gradient) ? b : a));
}

/** Names of layers, in a row of the model as `dense1 to dense9`. */
function listed(layers: readonly string[], norms: readonly LayerNorms[]): string {
  const rows: string[][] = [];
  let last = -2;
  for (const layer of layers) {
    const index = norms.findIndex((norm) => norm.layer === layer);
    if (index === last + 1) rows.at(-1)!.push(layer);
    else rows.push([layer]);
    last = index;
  }
  return rows.flatMap((row) => (row.length > 2 ? [`${row[0]} to ${row.at(-1)}`] : row)).join(', ');
}

function short(value: number): string {
  return value !== 0 && (value < 0.01 || value >= 1e4) ? value.toExponential(1) : String(Number(value.toPrecision(2)));
}
