// The loss of a model along a line and over a plane of its weights.

import type { Model, OptionChecks, Parameter, RandomKey, State, Tensor } from '@sinapse/core';
import {
  RandomStream,
  SinapseError,
  add,
  check,
  checkOptions,
  checkValue,
  isFloat,
  mul,
  parametersOf,
  randomKey,
  scope,
  tensor,
  walk,
} from '@sinapse/core';
import { FIT, MODEL, SOURCE } from '../arguments.ts';
import type { BatchOf, BatchSource } from '../batch.ts';
import { evaluate } from '../evaluate.ts';
import type { EvaluateOptions } from '../fit-options.ts';
import { KeptValues } from '../kept-values.ts';

interface LandscapeOptions<Out, Target> {
  readonly loss: EvaluateOptions<Out, Target>['loss'];
  /** The seed of random directions. Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

export interface LossLineOptions<Out = Tensor, Target = Tensor> extends LandscapeOptions<Out, Target> {
  /**
   * A model of the same architecture, to whose weights and states the line leads: position 0 is the given model, 1 this one. Without it the
   * direction is random, and 1 is as far as the weights are long.
   */
  readonly towards?: object;
  /** The first position. Default -1; with `towards` 0. */
  readonly from?: number;
  /** The last position. Default 1. */
  readonly to?: number;
  /** The number of positions, at least 2. Default 21. */
  readonly points?: number;
}

export interface LossPlaneOptions<Out = Tensor, Target = Tensor> extends LandscapeOptions<Out, Target> {
  /** The plane reaches from -extent to extent in both directions. Default 1. */
  readonly extent?: number;
  /** The number of positions in each direction, at least 2. Default 11. */
  readonly points?: number;
}

export interface LossLine {
  readonly positions: Float64Array;
  readonly losses: Float64Array;
}

export interface LossPlane {
  /** The positions in each of the two directions. */
  readonly positions: Float64Array;
  /** `[points, points]`, row by row: a row for each position in the first direction. */
  readonly losses: Float64Array;
}

const POINTS = { expected: 'an integer >= 2', accepts: (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 2 };
const COMMON = {
  loss: FIT.loss,
  seed: check.natural,
  signal: FIT.signal,
  points: POINTS,
};
const LINE: OptionChecks<LossLineOptions<never, never>> = {
  ...COMMON,
  towards: { expected: 'a model', accepts: (value) => typeof value === 'object' && value !== null },
  from: check.finite,
  to: check.finite,
};
const PLANE: OptionChecks<LossPlaneOptions<never, never>> = { ...COMMON, extent: check.positive };

/** How a cell changes from position 0 to 1. */
interface Move {
  readonly cell: Parameter | State;
  readonly difference: Tensor;
}

/**
 * The loss along a line through the weights: between two models (Goodfellow, Vinyals, Saxe 2015, "Qualitatively characterizing neural network
 * optimization problems"), or in a random direction of which every filter has the length of the model's filter (Li, Xu, Taylor, Studer, Goldstein
 * 2018, "Visualizing the loss landscape of neural nets", section 4). The model is afterwards as before.
 * @param data on which the loss is measured at each position
 * @throws SinapseError when an argument is wrong, or `towards` has other parameters; what `evaluate` throws
 */
export async function lossLine<In = Tensor, Out = Tensor, Target = Tensor>(
  model: Model<In, Out>,
  data: BatchSource<NoInfer<BatchOf<In>>, NoInfer<BatchOf<Target>>>,
  options: LossLineOptions<Out, Target>,
): Promise<LossLine> {
  checkValue('lossLine: the model', model, MODEL);
  checkValue('lossLine: the data', data, SOURCE);
  checkOptions('lossLine', options, LINE);
  const { towards, from = towards === undefined ? -1 : 0, to = 1, points = 21, seed = 0 } = options;
  if (from >= to) throw new SinapseError(`lossLine: from: expected less than to, got ${from} and ${to}`);
  const moves = towards === undefined ? await randomMoves(model, randomKey(seed).fold(1)) : movesTo(model, towards);
  const positions = between(from, to, points);
  const losses = await lossesAt(
    model,
    data,
    options,
    [moves],
    Array.from(positions, (position) => [position]),
  );
  return { positions, losses };
}

/**
 * The loss over a plane through the weights, spanned by two random directions of which every filter has the length of the model's filter: the
 * landscape that Li and others 2018 draw. Directions of biases and of the parameters of normalisation are 0. The model is afterwards as before.
 * @param data on which the loss is measured at each position
 * @throws SinapseError when an argument is wrong; what `evaluate` throws
 */
export async function lossPlane<In = Tensor, Out = Tensor, Target = Tensor>(
  model: Model<In, Out>,
  data: BatchSource<NoInfer<BatchOf<In>>, NoInfer<BatchOf<Target>>>,
  options: LossPlaneOptions<Out, Target>,
): Promise<LossPlane> {
  checkValue('lossPlane: the model', model, MODEL);
  checkValue('lossPlane: the data', data, SOURCE);
  checkOptions('lossPlane', options, PLANE);
  const { extent = 1, points = 11, seed = 0 } = options;
  const directions = [await randomMoves(model, randomKey(seed).fold(1)), await randomMoves(model, randomKey(seed).fold(2))];
  const positions = between(-extent, extent, points);
  const places = Array.from(positions, (first) => Array.from(positions, (second) => [first, second])).flat();
  return { positions, losses: await lossesAt(model, data, options, directions, places) };
}

function between(from: number, to: number, points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
}

/** The losses at places, each given by its position in every direction. Disposes of the directions. */
async function lossesAt<In, Out, Target>(
  model: Model<In, Out>,
  data: BatchSource<NoInfer<BatchOf<In>>, NoInfer<BatchOf<Target>>>,
  { loss, signal }: LandscapeOptions<Out, Target>,
  directions: readonly (readonly Move[])[],
  places: readonly (readonly number[])[],
): Promise<Float64Array> {
  const moves = directions.flat();
  const before = new KeptValues([...new Set(moves.map(({ cell }) => cell))]);
  const losses = new Float64Array(places.length);
  try {
    for (const [i, place] of places.entries()) {
      before.restore();
      scope(() => directions.forEach((direction, d) => move(direction, place[d]!)));
      losses[i] = (await evaluate<In, Out, Target>(model, data, { loss, ...(signal && { signal }) })).loss;
    }
  } finally {
    before.restore();
    before.dispose();
    for (const { difference } of moves) difference.dispose();
  }
  return losses;
}

function move(direction: readonly Move[], distance: number): void {
  if (distance === 0) return;
  for (const { cell, difference } of direction) cell.assign(add(cell.value, mul(difference, distance)));
}

/** A random direction, normalised by filters: those along the last axis, as of a kernel `[…, filters]`. */
async function randomMoves(model: object, key: RandomKey): Promise<Move[]> {
  const matrices = parametersOf(model).filter(({ cell }) => cell.shape.length > 1 && isFloat(cell.dtype));
  const values = await Promise.all(scope(() => matrices.map(({ cell }) => cell.value.data())));
  return matrices.map(({ path, cell }, i) => {
    const filters = cell.shape.at(-1)!;
    const stream = new RandomStream(key.fold(path));
    const drawn = Float64Array.from({ length: cell.size }, () => stream.normal());
    const [own, random] = [lengthsOf(values[i]!, filters), lengthsOf(drawn, filters)];
    const data = Float32Array.from(drawn, (value, k) => (value * own[k % filters]!) / random[k % filters]!);
    return { cell, difference: tensor(data, { shape: cell.shape }).keep() };
  });
}

/** The Euclidean length of each filter. */
function lengthsOf(values: ArrayLike<number>, filters: number): Float64Array {
  const squares = new Float64Array(filters);
  for (let i = 0; i < values.length; i++) squares[i % filters]! += values[i]! ** 2;
  return squares.map(Math.sqrt);
}

/** The way to the weights and states of another model. */
function movesTo(model: object, other: object): Move[] {
  const [here, there] = [walk(model), walk(other)];
  const wrong =
    here.length !== there.length ||
    here.some(({ path, cell }, i) => path !== there[i]!.path || String(cell.shape) !== String(there[i]!.cell.shape));
  if (wrong) throw new SinapseError('lossLine: towards: expected a model with the same parameters and states as the given one');
  return scope(() =>
    here.flatMap(({ cell }, i) => (isFloat(cell.dtype) ? [{ cell, difference: there[i]!.cell.value.sub(cell.value).keep() }] : [])),
  );
}
