// Learning of a restricted Boltzmann machine from binary values, or from probabilities of such.

import type { RandomKey, Tensor } from '@sinapse/core';
import { add, cast, gather, less, linear, matmul, mean, mul, randomNormal, randomPermutation, randomUniform, scope, sigmoid, sub, zeros } from '@sinapse/core'; // prettier-ignore

/** The weights `[visible, hidden]` and biases `[visible]`, `[hidden]`. */
export interface BoltzmannArrays {
  readonly weights: Tensor;
  readonly visible: Tensor;
  readonly hidden: Tensor;
}

export interface DivergenceOptions {
  readonly units: number;
  readonly method: 'cd' | 'pcd';
  readonly steps: number;
  readonly learningRate: number;
  readonly epochs: number;
  readonly batchSize: number;
}

/** The probabilities that hidden units are 1, `[batch, hidden]`. */
export function hiddenOf(visible: Tensor, { weights, hidden }: BoltzmannArrays): Tensor {
  return sigmoid(linear(visible, weights, hidden));
}

/** The probabilities that visible units are 1, `[batch, visible]`. */
export function visibleOf(hidden: Tensor, { weights, visible }: BoltzmannArrays): Tensor {
  return sigmoid(add(matmul(hidden, weights, { transposeB: true }), visible));
}

/** 0 and 1, drawn with these probabilities. */
export function draw(probabilities: Tensor, key: RandomKey): Tensor {
  return cast(less(randomUniform(probabilities.shape, { seed: key }), probabilities), 'float32');
}

/** Steps of Gibbs sampling: hidden units are drawn, then visible ones. */
export function gibbs(visible: Tensor, arrays: BoltzmannArrays, steps: number, key: RandomKey): Tensor {
  let state = visible;
  for (let step = 0; step < steps; step++) {
    const hidden = draw(hiddenOf(state, arrays), key.fold(2 * step));
    state = draw(visibleOf(hidden, arrays), key.fold(2 * step + 1));
  }
  return state;
}

/**
 * Contrastive divergence: weights rise by v hᵀ of the examples and fall by that of states drawn by the machine, after some steps from the examples (CD)
 * or from where the last draws ended (PCD).
 * @param x float32 `[examples, visible]` within [0, 1]; probabilities are drawn from, anew in each step
 */
export function contrastiveDivergence(x: Tensor, options: DivergenceOptions, key: RandomKey): BoltzmannArrays {
  const { units, epochs, batchSize } = options;
  const [count, width] = x.shape as [number, number];
  return scope(() => {
    const weights = randomNormal([width, units], { seed: key.fold('weights'), deviation: 0.01 });
    let state: [BoltzmannArrays, Tensor] = [
      { weights, visible: zeros([width]), hidden: zeros([units]) },
      draw(zeros([Math.min(batchSize, count), width]).add(0.5), key.fold('particles')),
    ];
    for (let epoch = 0; epoch < epochs; epoch++) {
      const before = state;
      state = scope(() => {
        const own = key.fold('epochs').fold(epoch);
        const rows = gather(x, randomPermutation(count, { seed: own }));
        let after = before;
        for (let begin = 0; begin < count; begin += batchSize) {
          const examples = rows.slice([{ begin, end: Math.min(count, begin + batchSize) }]);
          after = step(after, examples, options, own.fold('steps').fold(begin));
        }
        return after;
      });
    }
    return state[0];
  });
}

function step(
  [arrays, particles]: [BoltzmannArrays, Tensor],
  x: Tensor,
  options: DivergenceOptions,
  key: RandomKey,
): [BoltzmannArrays, Tensor] {
  // prettier-ignore
  const { method, steps, learningRate } = options;
  const seen = draw(x, key.fold('seen'));
  const dreamt = gibbs(method === 'pcd' ? particles : seen, arrays, steps, key);
  const [positive, negative] = [hiddenOf(seen, arrays), hiddenOf(dreamt, arrays)];
  const products = (v: Tensor, h: Tensor): Tensor => mul(matmul(v, h, { transposeA: true }), 1 / v.shape[0]!);
  const raised = (old: Tensor, up: Tensor, down: Tensor): Tensor => add(old, mul(sub(up, down), learningRate));
  const rows = { axis: 0 };
  const after = {
    weights: raised(arrays.weights, products(seen, positive), products(dreamt, negative)),
    visible: raised(arrays.visible, mean(seen, rows), mean(dreamt, rows)),
    hidden: raised(arrays.hidden, mean(positive, rows), mean(negative, rows)),
  };
  return [after, method === 'pcd' ? dreamt : particles];
}
