// Pruning of units: neurons and filters whose removal costs least are taken out, and the network becomes smaller.

import type { Check, OptionChecks, Parameter, Shape, ShapesOf, State, Tensor, Tree } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, gather, leavesOf, mul, scope, tensor, walk } from '@sinapse/core';
import { batchNorm } from '../batch-norm.ts';
import { SHAPE } from '../build.ts';
import { convNorm } from '../conv-norm.ts';
import { conv1d } from '../conv1d.ts';
import { conv2d } from '../conv2d.ts';
import { conv3d } from '../conv3d.ts';
import { dense } from '../dense.ts';
import { outputShapeWithoutValues } from '../graph/build-missing.ts';
import { shapesOfValues } from '../graph/graph-of.ts';
import { leafCallsOf } from '../graph/leaf-calls.ts';
import { withReplaced } from '../graph/replace-layer.ts';
import type { AnyLayer, Layer } from '../layer.ts';
import { isLayer } from '../layer.ts';
import type { Reader, Units } from './unit-readers.ts';
import { unitsOf } from './unit-readers.ts';

export interface PruneUnitsOptions {
  /** How many units to remove: at least one stays. */
  readonly count?: number;
  /** Or the part of the units to remove, within [0, 1). */
  readonly share?: number;
  /** What each unit is worth, as `unitScores` says; those worth least are removed. Default `unitScores(model, path)`. */
  readonly scores?: readonly number[];
}

const PRUNE_UNITS: OptionChecks<PruneUnitsOptions> = {
  count: check.natural,
  share: check.fraction,
  scores: {
    expected: 'a list of numbers',
    accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === 'number' && !Number.isNaN(each)),
  },
};

const MODEL: Check = { expected: 'a layer or a model of layers', accepts: isLayer };
const PATH: Check = { expected: 'the path of a layer, e.g. hidden', accepts: (value) => typeof value === 'string' };

/**
 * What each unit of a layer is worth. Without `measure` it is the sum of the magnitudes of its weights (Li, Kadav, Durdanovic, Samet, Graf 2017, "Pruning
 * filters for efficient ConvNets", section 3.1). With it, it is how much the measure rises when the unit is taken out, such as the loss on data
 * that was not trained on: the external criterion by which Ivakhnenko (1971, "Polynomial theory of complex systems") keeps units.
 * @param path of a dense, conv1d to conv3d or convNorm, whose units layers of these kinds read, with others between that treat channels one by one
 * @param measure of the model, e.g. `async (model) => (await evaluate(model, validation, { loss })).loss`; it is called once for each unit and once more.
 *   Meanwhile the weights of the model change, and are what they were in the end
 * @throws SinapseError when there is no such layer, or something reads its units that needs all of them
 */
export async function unitScores<M extends AnyLayer>(
  model: M,
  path: string,
  measure?: (model: M) => number | Promise<number>,
): Promise<number[]> {
  checkArguments('unitScores', model, path);
  checkValue('unitScores', measure, { expected: 'a function of the model', accepts: (value) => value === undefined || typeof value === 'function' }, 'measure'); // prettier-ignore
  const units = findUnits('unitScores', model, path);
  if (measure === undefined) return magnitudes(units);
  const whole = await measure(model);
  const scores: number[] = [];
  for (let unit = 0; unit < units.count; unit++) scores.push((await without(units, unit, () => measure(model))) - whole);
  return scores;
}

/**
 * A model with fewer units in a layer: `await pruneUnits(model, 'hidden', { share: 0.5 })`. The units that are worth least are taken out of the layer, and the weights
 * that read them out of the layers behind; what stays computes what it computed with the others at 0. The given model does not change.
 * @param path as for `unitScores`
 * @throws SinapseError when there is no such layer, something reads its units that needs all of them, or none would stay
 */
export async function pruneUnits<M extends AnyLayer>(model: M, path: string, options: PruneUnitsOptions): Promise<M> {
  checkArguments('pruneUnits', model, path);
  checkOptions('pruneUnits', options, PRUNE_UNITS);
  const units = findUnits('pruneUnits', model, path);
  const { scores = await magnitudes(units) } = options;
  if ((options.count === undefined) === (options.share === undefined)) throw new SinapseError('pruneUnits: give count or share');
  if (scores.length !== units.count) throw new SinapseError(`pruneUnits: ${scores.length} scores for ${units.count} units`);
  const count = options.count ?? Math.floor(options.share! * units.count);
  if (count >= units.count)
    throw new SinapseError(`pruneUnits: of the ${units.count} units of ${path} at least one must stay, not ${count} less`);
  const worst = new Set(scores.map((score, unit) => ({ score, unit })).sort((a, b) => a.score - b.score).slice(0, count).map(({ unit }) => unit)); // prettier-ignore
  const kept = scores.map((_, unit) => unit).filter((unit) => !worst.has(unit));
  return withUnits(model, path, units, kept);
}

function checkArguments(owner: string, model: unknown, path: unknown): void {
  checkValue(`${owner}: the model`, model, MODEL);
  checkValue(owner, path, PATH, 'path');
}

function findUnits(owner: string, model: AnyLayer, path: string): Units {
  const { inputShape } = model as { readonly inputShape?: ShapesOf<unknown> };
  if (inputShape === undefined) throw new SinapseError(`${owner}: the model must be a sequential or a graph that is built`);
  const plan = leafCallsOf(model);
  return unitsOf(owner, plan, shapesOfValues(plan, inputShape), path);
}

/** The cells of a layer by name. */
function cellsOf(layer: AnyLayer): ReadonlyMap<string, Parameter | State> {
  return new Map(walk(layer).map(({ path, cell }) => [path, cell]));
}

async function magnitudes({ layer, count }: Units): Promise<number[]> {
  const weights = await cellsOf(layer).get('kernel')!.tensor.data();
  const sums = new Array<number>(count).fill(0);
  weights.forEach((weight: number, i: number) => (sums[i % count]! += Math.abs(weight))); // the units are the last axis
  return sums;
}

/** Runs a function while nothing reads a unit. */
async function without(units: Units, unit: number, run: () => number | Promise<number>): Promise<number> {
  const kernels = units.readers.map((reader) => ({ cell: cellsOf(reader.layer).get('kernel')!, reader }));
  const before = kernels.map(({ cell }) => cell.value.keep());
  try {
    for (const { cell, reader } of kernels) scope(() => cell.assign(mul(cell.value, rowMask(cell.shape, reader, units.count, unit))));
    return await run();
  } finally {
    kernels.forEach(({ cell }, i) => {
      cell.assign(before[i]!);
      before[i]!.dispose();
    });
  }
}

/** 0 for the rows of a kernel that read a unit, 1 for the others: `[…, rows, 1]`. */
function rowMask(kernel: Shape, { places }: Reader, count: number, unit: number): Tensor {
  const mask = new Float32Array(places * count).fill(1);
  for (let place = 0; place < places; place++) mask[place * count + unit] = 0;
  return tensor(mask, { shape: [...kernel.map(() => 1).slice(2), mask.length, 1] });
}

/** The model with some of the units: new layers where numbers change, with the weights that stay. */
function withUnits<M extends AnyLayer>(model: M, path: string, units: Units, kept: readonly number[]): M {
  const fewer = again(units.layer, { [units.layer.type === 'dense' ? 'units' : 'filters']: kept.length });
  const norms = units.norms.map((norm) => ({ ...norm, made: again(norm.layer) }));
  const readers = units.readers.map((reader) => ({ ...reader, made: again(reader.layer) }));
  const pruned = withReplaced('pruneUnits', model, new Map<string, AnyLayer>([[path, fewer], ...[...norms, ...readers].map(({ path: at, made }) => [at, made] as const)])); // prettier-ignore
  const { inputShape } = model as unknown as { readonly inputShape: Tree<Shape> };
  leavesOf('pruneUnits: inputShape', inputShape, SHAPE);
  outputShapeWithoutValues(pruned, inputShape); // builds the new layers, without values
  scope(() => {
    take(units.layer, fewer, () => [-1, kept]); // kernel, bias, scale, …: the units are always the last axis
    for (const { layer, made } of norms) take(layer, made, () => [-1, kept]);
    for (const { layer, made, places } of readers) {
      const rows = Array.from({ length: places }, (_, place) => kept.map((unit) => place * units.count + unit)).flat();
      take(layer, made, (name) => (name === 'kernel' ? [-2, rows] : undefined));
    }
  });
  return pruned;
}

/** Gives a new layer the values of another, or of each variable the part along an axis. */
function take(from: AnyLayer, to: AnyLayer, part: (name: string) => readonly [axis: number, indices: readonly number[]] | undefined): void {
  const values = cellsOf(from);
  for (const [name, cell] of cellsOf(to)) {
    const source = values.get(name)!;
    const [axis, indices] = part(name) ?? [];
    const { rank } = source.tensor;
    cell.assign(axis === undefined ? source.value : gather(source.value, tensor(Int32Array.from(indices!)), axis + rank));
    if ('trainable' in source && 'trainable' in cell) cell.trainable = source.trainable;
  }
}

const MAKERS: Readonly<Record<string, (options: never) => Layer>> = { dense, conv1d, conv2d, conv3d, convNorm, batchNorm };

/** A new layer with the same options, but for some. */
function again(layer: AnyLayer, change: object = {}): Layer {
  const [options] = layer.describe!().arguments as [object];
  return MAKERS[layer.type]!({ ...options, ...change } as never);
}
