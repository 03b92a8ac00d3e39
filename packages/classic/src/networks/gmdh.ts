// The Group Method of Data Handling: layers of quadratic units that grow as long as they help on examples held out.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, add, check, checkOptions, div, gather, mean, mul, ones, randomKey, reshape, scope, square, squeeze, stack, standardDeviation, sub, tensor, matmul, maximum, hostPermutation } from '@sinapse/core'; // prettier-ignore
import { checkExamples, checkRows, checkTargets, valuesFrom } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';
import { leastSquares } from '../least-squares.ts';

export interface GmdhOptions {
  /** The most units that a layer hands on. Default 12. */
  readonly units?: number;
  /** The most layers. Default 6. */
  readonly layers?: number;
  /** The share of the examples that is held out to choose by, drawn at random. Default 0.3. */
  readonly validation?: number;
  /** By which share a layer must lower the error on the held-out examples, or it is left out. Default 0.01. */
  readonly gain?: number;
  /** The factor of the squared coefficients in each unit's least squares, for each example. Default 0.000001. */
  readonly ridge?: number;
  /** The seed of what is held out. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<GmdhOptions> = {
  units: check.count,
  layers: check.count,
  validation: { expected: 'a number within (0, 1)', accepts: (value) => check.fraction.accepts(value) && value !== 0 },
  gain: check.fraction,
  ridge: check.notNegative,
  seed: check.natural,
};

/** A unit: which two values of the layer before it reads, and the coefficients of 1, a, b, a², b², a b. */
export interface GmdhUnit {
  readonly pair: readonly [number, number];
  readonly coefficients: Float32Array;
}

const TERMS = 6;
/** An error that is so small a share of the target's variance is rounding of float32, from which a further layer would learn nothing. */
const ROUNDING = 1e-9;

/**
 * A network of quadratic units. Learnt: `centre` and `scale` `[1, features]` of the inputs, `level` `[2]` (mean and deviation of the target), `layers`
 * `[layers]` (the number of units in each, the last of them 1), and for all units in order `pairs` `[units, 2]` and `coefficients` `[units, 6]`.
 */
export class Gmdh extends Learner<GmdhOptions> {
  readonly type = 'gmdh';
  /** The mean squared error on the examples held out, after each layer that was kept. */
  validationErrors: readonly number[] = [];

  layout(): Layout {
    return {
      centre: [1, 'features'],
      scale: [1, 'features'],
      level: [2],
      layers: ['layers'],
      pairs: ['units', 2],
      coefficients: ['units', TERMS],
    };
  }

  /**
   * Each layer has a unit for every pair of values, fitted by least squares; those with the least error on held-out examples are handed on. Layers are
   * added while the best unit improves; then all that the best one does not read is pruned. Where targets are mostly noise, the best of many units is so by
   * chance: a larger `gain` and share of `validation` stop sooner.
   * @param x float32 `[examples, features]`, at least 2 features
   * @param y float32 `[examples]`
   * @throws SinapseError when there are too few examples for six coefficients
   */
  async fit(x: Tensor, y: Tensor): Promise<this> {
    await checkExamples('gmdh', x);
    await checkTargets('gmdh', x, y);
    const [count, features] = x.shape as [number, number];
    const { units: width = 12, layers: most = 6, validation = 0.3, gain = 0.01, ridge = 1e-6, seed = 0 } = this.options;
    if (y.size !== count) throw new SinapseError(`gmdh: y must be one number for each example, [${count}]`);
    if (features < 2) throw new SinapseError('gmdh: x must have at least 2 features, whose pairs are the inputs of units, got 1');
    const held = Math.max(1, Math.round(validation * count));
    if (count - held < TERMS) throw new SinapseError(`gmdh: ${TERMS} coefficients need as many examples to fit, got ${count - held}`);
    const order = hostPermutation(randomKey(seed), count);
    const [training, chosen] = [order.slice(held), order.slice(0, held)].map((rows) => tensor(rows));

    const over = { axis: 0, keepDims: true };
    const centre = scope(() => mean(gather(x, training!), over));
    const scale = scope(() => maximum(standardDeviation(gather(x, training!), over), 1e-12));
    const targets = scope(() => gather(reshape(y, [count]), training!));
    const level = scope(() => stack([mean(targets), maximum(standardDeviation(targets), 1e-12)]));
    const wanted = scope(() => reshape(div(sub(reshape(y, [count]), level.slice([0])), level.slice([1])), [count, 1]));

    const grown: GmdhUnit[][] = [];
    const errors: number[] = [];
    let values = scope(() => div(sub(x, centre), scale));
    while (grown.length < most && values.shape[1]! > 1 && (errors.at(-1) ?? 1) > ROUNDING) {
      const pairs = pairsOf(values.shape[1]!);
      const [coefficients, mistakes] = scope(() => fitUnits(values, wanted, pairs, training!, chosen!, ridge));
      const [fitted, scores] = [await valuesFrom(() => coefficients), await valuesFrom(() => mistakes)];
      const best = Array.from(pairs.keys()).filter((i) => Number.isFinite(scores[i])).sort((i, j) => scores[i]! - scores[j]!).slice(0, width); // prettier-ignore
      const least = scores[best[0] ?? -1] ?? Infinity;
      if (!(least < (errors.at(-1) ?? Infinity) * (errors.length === 0 ? 1 : 1 - gain))) break;
      const layer = best.map((i) => ({ pair: pairs[i]!, coefficients: fitted.slice(TERMS * i, TERMS * i + TERMS) }));
      grown.push(layer);
      errors.push(least);
      const before = values;
      values = scope(() => unitValues(before, layer));
      before.dispose();
    }
    const deviation = (await level.data())[1]!;
    this.validationErrors = errors.map((error) => error * deviation ** 2);
    const pruned = prune(grown);
    const all = pruned.flat();
    this.learn({
      centre,
      scale,
      level,
      layers: tensor(pruned.map((layer) => layer.length)),
      pairs: tensor(all.map(({ pair }) => [...pair])),
      coefficients: tensor(all.map((unit) => Array.from(unit.coefficients))),
    });
    return this;
  }

  /** @returns float32 `[batch]` */
  async predict(x: Tensor): Promise<Tensor> {
    const [centre, scale, level] = [this.array('centre'), this.array('scale'), this.array('level')];
    checkRows('gmdh', x, centre.shape[1]);
    const layers = await this.units();
    return scope(() => {
      const output = layers.reduce((values, layer) => unitValues(values, layer), div(sub(x, centre), scale));
      return add(mul(squeeze(output, [1]), level.slice([1])), level.slice([0]));
    });
  }

  /** The units by layers, after pruning; a unit of the first layer reads features, and coefficients are of standardised values. */
  async units(): Promise<readonly (readonly GmdhUnit[])[]> {
    const [sizes, pairs, coefficients] = await Promise.all(['layers', 'pairs', 'coefficients'].map((name) => this.array(name).data()));
    let first = 0;
    return Array.from(sizes!, (size) =>
      Array.from({ length: size }, () => {
        const unit = first++;
        const pair = [pairs![2 * unit]!, pairs![2 * unit + 1]!] as const;
        return { pair, coefficients: Float32Array.from(coefficients!.slice(TERMS * unit, TERMS * unit + TERMS)) };
      }),
    );
  }

  /** The features that are left after pruning, in rising order. */
  async features(): Promise<readonly number[]> {
    const [first = []] = await this.units();
    return [...new Set(first.flatMap(({ pair }) => pair))].sort((a, b) => a - b);
  }
}

function pairsOf(values: number): (readonly [number, number])[] {
  return Array.from({ length: values }, (_, a) => Array.from({ length: values - a - 1 }, (_each, b) => [a, a + b + 1] as const)).flat();
}

/** 1, a, b, a², b², a b of each pair, `[pairs, examples, 6]`. */
function terms(values: Tensor, pairs: readonly (readonly [number, number])[]): Tensor {
  const columns = (side: 0 | 1): Tensor => gather(values.transpose(), tensor(Int32Array.from(pairs, (pair) => pair[side])));
  const [a, b] = [columns(0), columns(1)];
  return stack([ones(a.shape), a, b, square(a), square(b), mul(a, b)], 2);
}

/** The coefficients of a unit for each pair, `[pairs, 6]`, and their mean squared errors on the examples held out, `[pairs]`. */
function fitUnits(
  values: Tensor,
  y: Tensor,
  pairs: readonly (readonly [number, number])[],
  training: Tensor,
  chosen: Tensor,
  ridge: number,
): [Tensor, Tensor] {
  // prettier-ignore
  const [some, others] = [terms(gather(values, training), pairs), terms(gather(values, chosen), pairs)];
  const coefficients = leastSquares(some, gather(y, training), ridge * training.size);
  const errors = square(sub(matmul(others, coefficients), gather(y, chosen)));
  return [squeeze(coefficients, [2]), mean(errors, { axis: [1, 2] })];
}

/** What the units of a layer give, `[examples, units]`. */
function unitValues(values: Tensor, layer: readonly GmdhUnit[]): Tensor {
  const inputs = terms(values, layer.map(({ pair }) => pair)); // prettier-ignore
  const coefficients = tensor(layer.map((unit) => Array.from(unit.coefficients))).reshape([layer.length, TERMS, 1]);
  return squeeze(matmul(inputs, coefficients), [2]).transpose();
}

/** The layers with only those units that the best of the last one reads, directly or not. */
function prune(layers: readonly (readonly GmdhUnit[])[]): GmdhUnit[][] {
  const pruned: GmdhUnit[][] = [];
  let kept = [0];
  for (const layer of layers.toReversed()) {
    const units = kept.map((place) => layer[place]!);
    pruned.unshift(units);
    kept = [...new Set(units.flatMap(({ pair }) => pair))].sort((a, b) => a - b);
    const places = kept;
    pruned[0] = units.map(({ pair, coefficients }) => ({ pair: [places.indexOf(pair[0]), places.indexOf(pair[1])], coefficients }));
  }
  // The first layer reads the features themselves.
  pruned[0] = pruned[0]!.map(({ pair, coefficients }) => ({ pair: [kept[pair[0]]!, kept[pair[1]]!], coefficients }));
  return pruned;
}

/**
 * The Group Method of Data Handling. Ivakhnenko 1971, "Polynomial theory of complex systems"; the first networks that were deep and learned.
 */
export function gmdh(options: GmdhOptions = {}): Gmdh {
  checkOptions('gmdh', options, OPTIONS);
  return new Gmdh(options);
}
