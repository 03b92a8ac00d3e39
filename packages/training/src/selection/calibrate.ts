// Temperature scaling: one number that makes a classifier as sure as it is right.

import type { LayerCall, Model, Seed, Shape, Tensor } from '@sinapse/core';
import { Context, SinapseError, check, checkOptions, checkValue, div, scope, shown } from '@sinapse/core';
import { MODEL } from '../arguments.ts';
import type { HostArray } from '../batch.ts';
import { predict } from '../predict.ts';
import { EXAMPLES } from './examples.ts';
import type { GivenExamples } from './given-examples.ts';
import { gatherExamples } from './given-examples.ts';
import { buildMembers, callPart, inputShapeOf } from './members.ts';
import type { Reliability, ReliabilityOptions } from './reliability.ts';
import { checkClassScores, checkScores, probabilitiesOf, reliability } from './reliability.ts';

/** A classifier whose logits are divided by a temperature. It decides as before. */
export class TemperatureScaled implements Model {
  readonly type = 'temperatureScaled';
  readonly model: Model;
  readonly temperature: number;

  constructor(model: Model, temperature: number) {
    this.model = model;
    this.temperature = temperature;
  }

  get inputShape(): Shape | undefined {
    return inputShapeOf([this.model]);
  }

  build(inputShape: Shape, seed: Seed = 0): Shape {
    return buildMembers(this.type, new Map([['model', this.model]]), inputShape, seed);
  }

  call(x: Tensor, context: Context = new Context()): Tensor {
    return scope(() => div(callPart('model', this.model, x, context), this.temperature));
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [this.model, { temperature: this.temperature }] };
  }
}

/**
 * Divides a classifier's logits by a temperature, which `calibrate` finds.
 * @throws SinapseError unless the temperature is a finite number > 0
 */
export function temperatureScaled(model: Model, options: { readonly temperature: number }): TemperatureScaled {
  if (typeof model !== 'object' || model === null || !('call' in model))
    throw new SinapseError(`temperatureScaled: the model: expected ${MODEL.expected}, got ${shown(model)}`);
  checkOptions('temperatureScaled', options, { temperature: check.required(check.positive) });
  return new TemperatureScaled(model, options.temperature);
}

/** The temperatures that are considered. A model that is right everywhere on the data would otherwise get 0. */
const [LEAST, MOST] = [0.01, 100];

/**
 * The temperature T at which the softmax of logits / T has the lowest negative log-likelihood; within [0.01, 100]. Guo and others 2017, section 4.2.
 *
 * The likelihood is convex in a = 1 / T, with the derivative mean(E_p[z] - z_y) and the second derivative mean(Var_p[z]): Newton's steps, kept within
 * the bracket that the signs give, find the root in float64.
 * @param logits `[examples, classes]`
 * @param labels the right class of each example
 * @throws SinapseError when an argument is wrong or a label is no class
 */
export function fitTemperature(logits: HostArray, labels: ArrayLike<number>): number {
  checkScores('fitTemperature', 'logits', logits, labels);
  let [low, high] = [1 / MOST, 1 / LEAST];
  if (slopeOf(logits, labels, low).slope >= 0) return MOST;
  if (slopeOf(logits, labels, high).slope <= 0) return LEAST;
  let a = 1;
  for (let step = 0; step < 200 && high - low > 1e-14 * a; step++) {
    const { slope, curvature } = slopeOf(logits, labels, a);
    if (slope === 0) break;
    if (slope < 0) low = a;
    else high = a;
    const next = a - slope / curvature;
    if (Math.abs(next - a) <= 1e-15 * a) break;
    a = next > low && next < high ? next : (low + high) / 2;
  }
  return 1 / a;
}

/** The derivatives of the negative log-likelihood of softmax(a z) by a. */
function slopeOf(logits: HostArray, labels: ArrayLike<number>, a: number): { slope: number; curvature: number } {
  const [examples, classes] = logits.shape as [number, number];
  const probabilities = probabilitiesOf(logits, 1 / a).data as ArrayLike<number>;
  const z = logits.data as ArrayLike<number>;
  let [slope, curvature] = [0, 0];
  for (let i = 0; i < examples; i++) {
    let [mean, square] = [0, 0];
    for (let k = i * classes; k < (i + 1) * classes; k++) mean += probabilities[k]! * z[k]!;
    for (let k = i * classes; k < (i + 1) * classes; k++) square += probabilities[k]! * (z[k]! - mean) ** 2;
    slope += (mean - z[i * classes + labels[i]!]!) / examples;
    curvature += square / examples;
  }
  return { slope, curvature };
}

export interface Calibration {
  readonly temperature: number;
  /** The given model with its logits divided by the temperature; both share their weights. */
  readonly model: TemperatureScaled;
  /** On the given examples. */
  readonly before: Reliability;
  readonly after: Reliability;
}

export interface CalibrateOptions extends ReliabilityOptions {
  /** The number of examples in a batch. Default 32. */
  readonly batchSize?: number;
}

/**
 * Calibrates a classifier by a temperature: afterwards its confidence is about the share of right predictions, and the classes that it predicts are
 * the same. Guo, Pleiss, Sun, Weinberger 2017, "On calibration of modern neural networks".
 * @param model gives logits `[batch, classes]`
 * @param data examples that the model was not trained on, with class numbers
 * @throws SinapseError when an argument is wrong; TrainingError when the data is invalid
 */
export async function calibrate(model: Model, data: GivenExamples, options: CalibrateOptions = {}): Promise<Calibration> {
  checkValue('calibrate: the model', model, MODEL);
  checkValue('calibrate: the data', data, EXAMPLES);
  checkOptions('calibrate', options, { bins: check.count, batchSize: check.count });
  const { bins = 15, batchSize = 32 } = options;
  const table = await gatherExamples('calibrate', data);
  const labels = table.labels('calibrate: needs');
  const rows = Int32Array.from({ length: table.count }, (_, i) => i);
  const logits = await predict(model, table.batches(rows, batchSize) as never);
  checkClassScores('calibrate', logits);
  const temperature = fitTemperature(logits, labels);
  return {
    temperature,
    model: new TemperatureScaled(model, temperature),
    before: reliability(probabilitiesOf(logits), labels, { bins }),
    after: reliability(probabilitiesOf(logits, temperature), labels, { bins }),
  };
}
