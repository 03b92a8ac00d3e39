// Explanations by gradients: how a score changes with each value of the input.

import type { Model, OptionChecks, Tensor } from '@sinapse/core';
import {
  RandomStream,
  SinapseError,
  check,
  checkOptions,
  formatShape,
  isTensor,
  randomKey,
  sameShape,
  scope,
  sum,
  tensor,
  valueAndGrad,
} from '@sinapse/core';
import type { HostArray } from '../batch.ts';
import type { Input, TargetOption } from './score.ts';
import { TARGET, callRecorded, checkModelAndInput, hostInput, scoring } from './score.ts';

/** Values of the input's shape. */
export interface Attributions {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** The gradients of each example's score by its input; the examples of a batch do not depend on each other outside training. */
async function gradientsAt(model: Model, x: Attributions, scoreOf: (output: Tensor) => Tensor): Promise<Float32Array> {
  const gradient = scope(() => {
    const { gradients } = valueAndGrad((inputs) => sum(scoreOf(callRecorded(model, inputs))), [tensor(x.data, { shape: x.shape })]);
    return gradients[0]!;
  });
  const data = await gradient.data();
  gradient.dispose();
  return data as Float32Array;
}

/**
 * The saliency of each value of the input: |∂score / ∂x|. Simonyan, Vedaldi, Zisserman 2014, "Deep inside convolutional networks", section 3.
 * @param x float32 `[batch, …]`
 * @returns `[batch, …]`, of x's shape; of images, `heatMaps` draws the largest over the channels
 * @throws SinapseError when an argument is wrong, or the target does not fit the output
 */
export async function saliency(model: Model, x: Input, options: TargetOption = {}): Promise<Attributions> {
  checkModelAndInput('saliency', model, x);
  checkOptions('saliency', options, { target: TARGET });
  const inputs = await hostInput('saliency', x);
  const gradient = await gradientsAt(model, inputs, await scoring('saliency', model, x, options.target));
  return { data: gradient.map(Math.abs), shape: inputs.shape };
}

export interface SmoothGradOptions extends TargetOption {
  /** How many noisy copies of the input are averaged over. Default 50. */
  readonly samples?: number;
  /** The deviation of the noise, as a part of the span of each example's values. Default 0.15. */
  readonly noise?: number;
  /** The seed of the noise. Default 0. */
  readonly seed?: number;
}

const SMOOTH_GRAD: OptionChecks<SmoothGradOptions> = {
  target: TARGET,
  samples: check.count,
  noise: check.notNegative,
  seed: check.natural,
};

/**
 * The mean of the gradients of a score at the input with normal noise. Small fluctuations of the gradient cancel out. Smilkov, Thorat, Kim, Viégas,
 * Wattenberg 2017, "SmoothGrad: removing noise by adding noise".
 * @param x float32 `[batch, …]`
 * @returns `[batch, …]`, of x's shape; of either sign
 * @throws SinapseError when an argument is wrong, or the target does not fit the output
 */
export async function smoothGrad(model: Model, x: Input, options: SmoothGradOptions = {}): Promise<Attributions> {
  checkModelAndInput('smoothGrad', model, x);
  checkOptions('smoothGrad', options, SMOOTH_GRAD);
  const { samples = 50, noise = 0.15, seed = 0, target } = options;
  const { data, shape } = await hostInput('smoothGrad', x);
  const scoreOf = await scoring('smoothGrad', model, x, target);
  const deviations = spansOf(data, shape[0]!).map((span) => noise * span);
  const size = data.length / shape[0]!;
  const mean = new Float64Array(data.length);
  for (let sample = 0; sample < samples; sample++) {
    const stream = new RandomStream(randomKey(seed).fold('noise').fold(sample));
    const noisy = data.map((value, i) => value + deviations[Math.floor(i / size)]! * stream.normal());
    const gradient = await gradientsAt(model, { data: noisy, shape }, scoreOf);
    gradient.forEach((value, i) => (mean[i]! += value / samples));
  }
  return { data: Float32Array.from(mean), shape };
}

/** The largest value minus the smallest one of each example. */
function spansOf(data: Float32Array, examples: number): number[] {
  const size = data.length / examples;
  return Array.from({ length: examples }, (_, i) => {
    const own = data.subarray(i * size, (i + 1) * size);
    return own.reduce((a, b) => Math.max(a, b), -Infinity) - own.reduce((a, b) => Math.min(a, b), Infinity);
  });
}

export interface IntegratedGradientsOptions extends TargetOption {
  /** The input that stands for nothing: a number for all its values, or an array of x's shape. Default 0. */
  readonly baseline?: number | HostArray;
  /** The number of points of the integral. Default 50. */
  readonly steps?: number;
}

export interface IntegratedGradients extends Attributions {
  /** For each example, score(x) - score(baseline) minus the sum of its attributions: 0 but for the error of the integral. */
  readonly missing: Float64Array;
}

const INTEGRATED: OptionChecks<IntegratedGradientsOptions> = {
  target: TARGET,
  baseline: {
    expected: "a finite number or an array of x's shape",
    accepts: (value) => Number.isFinite(value) || (typeof value === 'object' && value !== null && 'data' in value),
  },
  steps: check.count,
};

/**
 * What each value of the input adds to the score: (x - x') ∫ ∂score(x' + α (x - x')) / ∂x dα over [0, 1], by the midpoint rule. The attributions of
 * an example add up to score(x) - score(x'), where x' is the baseline. Sundararajan, Taly, Yan 2017, "Axiomatic attribution for deep networks".
 * @param x float32 `[batch, …]`
 * @returns `[batch, …]`, of x's shape
 * @throws SinapseError when an argument is wrong, or the target does not fit the output
 */
export async function integratedGradients(model: Model, x: Input, options: IntegratedGradientsOptions = {}): Promise<IntegratedGradients> {
  checkModelAndInput('integratedGradients', model, x);
  checkOptions('integratedGradients', options, INTEGRATED);
  const { baseline = 0, steps = 50, target } = options;
  const { data, shape } = await hostInput('integratedGradients', x);
  const base = baselineOf(baseline, data, shape);
  const scoreOf = await scoring('integratedGradients', model, x, target);
  const mean = new Float64Array(data.length);
  for (let step = 0; step < steps; step++) {
    const part = (step + 0.5) / steps;
    const between = data.map((value, i) => base[i]! + part * (value - base[i]!));
    const gradient = await gradientsAt(model, { data: between, shape }, scoreOf);
    gradient.forEach((value, i) => (mean[i]! += value / steps));
  }
  const attributions = data.map((value, i) => (value - base[i]!) * mean[i]!);
  const [reached, started] = [await scoresAt(model, { data, shape }, scoreOf), await scoresAt(model, { data: base, shape }, scoreOf)];
  const size = data.length / shape[0]!;
  const missing = Float64Array.from(reached, (score, i) =>
    attributions.subarray(i * size, (i + 1) * size).reduce((left, value) => left - value, score - started[i]!),
  );
  return { data: attributions, shape, missing };
}

function baselineOf(baseline: number | HostArray, data: Float32Array, shape: readonly number[]): Float32Array {
  if (typeof baseline === 'number') return new Float32Array(data.length).fill(baseline);
  if (isTensor(baseline) || !sameShape(baseline.shape, shape))
    throw new SinapseError(
      `integratedGradients: baseline: expected an array of x's shape ${formatShape(shape)}, got ${formatShape(baseline.shape)}`,
    );
  return Float32Array.from(baseline.data);
}

/** The score of each example. */
export async function scoresAt(model: Model, x: Attributions, scoreOf: (output: Tensor) => Tensor): Promise<ArrayLike<number>> {
  const scores = scope(() => scoreOf(callRecorded(model, tensor(x.data, { shape: x.shape }))).alias());
  const data = await scores.data();
  scores.dispose();
  return data;
}
