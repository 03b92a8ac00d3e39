// Attention: each query is answered with a mean of the values, weighted by how well their keys fit.

import * as check from '../contract/checks.ts';
import { isHalf } from '../contract/dtype.ts';
import { DTypeError, ShapeError, SinapseError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import type { Scalar } from '../contract/scalar.ts';
import { formatShape, lastLength } from '../contract/shape.ts';
import type { Seed } from '../random/key.ts';
import { checkTensors, onTwoBackends } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mul } from './arithmetic.ts';
import { greaterEqual } from './comparison.ts';
import { dropout } from './dropout.ts';
import { rangeAt } from './gather.ts';
import { matmul } from './matmul.ts';
import { checkFloats } from './operands.ts';
import { expandDims } from './reshape.ts';
import { where } from './select.ts';
import { softmax } from './softmax.ts';

export interface AttentionOptions {
  /** bool, broadcasts to `[…, queries, keys]`: false where a query must not see a key. */
  readonly mask?: Tensor | undefined;
  /** Whether query i sees only the keys 0 to i. Default false. */
  readonly causal?: boolean | undefined;
  /** The rate at which weights are dropped, within [0, 1); it needs a seed. Default 0. */
  readonly dropout?: Scalar | undefined;
  /** Decides which weights are dropped. */
  readonly seed?: Seed | undefined;
}

const ATTENTION: OptionChecks<AttentionOptions> = { mask: check.tensor, causal: check.flag, dropout: check.scalar, seed: check.seed };

/** The score of what is masked: its weight is exactly 0, unless a query sees nothing; then all weights are equal, and not NaN. */
function lowest({ dtype }: Tensor): number {
  return isHalf(dtype) ? -6e4 : -3.4028234663852886e38;
}

/**
 * softmax(query keyᵀ / √size) value: scaled dot-product attention. Vaswani et al. 2017, equation 1.
 * @param query float32 `[…, queries, size]`
 * @param key float32 `[…, keys, size]`
 * @param value float32 `[…, keys, outputs]`
 * @returns `[…, queries, outputs]`
 * @throws ShapeError when sizes or numbers of keys differ, DTypeError when the mask is not bool
 */
export function attention(query: Tensor, key: Tensor, value: Tensor, options: AttentionOptions = {}): Tensor {
  checkTensors('attention', [query, key, value]);
  checkOptions('attention', options, ATTENTION);
  checkFloats('attention', query, key, value);
  const [size, keySize] = [lastLength(query.shape), lastLength(key.shape)];
  const [keys, values] = [lastLength(key.shape, 2), lastLength(value.shape, 2)];
  if (Math.min(query.shape.length, key.shape.length, value.shape.length) < 2 || size !== keySize || keys !== values)
    throw new ShapeError(
      `attention: takes a query […, queries, size], a key […, keys, size] and a value […, keys, outputs], got ${[query, key, value].map(({ shape }) => formatShape(shape)).join(', ')}`,
    );
  const { mask, causal = false, dropout: rate = 0, seed } = options;
  for (const x of [key, value, mask])
    if (x !== undefined && x.backend !== query.backend) throw onTwoBackends('attention', query.backend, x.backend);
  if (mask !== undefined && mask.dtype !== 'bool') throw new DTypeError(`attention: the mask must be bool, got ${mask.dtype}; compare it`);
  if (rate !== 0 && seed === undefined) throw new SinapseError('attention: dropout needs a seed');
  let scores = matmul(mul(query, 1 / Math.sqrt(Math.max(1, size!))), key, { transposeB: true });
  if (mask !== undefined) scores = where(mask, scores, lowest(scores));
  if (causal) scores = where(seesBack(scores), scores, lowest(scores));
  const weights = softmax(scores);
  return matmul(seed === undefined || rate === 0 ? weights : dropout(weights, rate, seed), value);
}

/** bool `[queries, keys]`: true where the key is not after the query. */
function seesBack(scores: Tensor): Tensor {
  return greaterEqual(expandDims(rangeAt(scores, lastLength(scores.shape, 2)!), 1), rangeAt(scores, lastLength(scores.shape)!));
}
