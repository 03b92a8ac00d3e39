// How R-CNN learns: a support vector machine and a box regression for each class, of the features of regions. Girshick et al. 2014, section 2.3 and
// appendix C.

import type { Check, OptionChecks, Seed } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, randomKey } from '@sinapse/core';
import type { LabelledBox } from './average-precision.ts';
import { perImage } from './average-precision.ts';
import type { BoxShift } from './box-regression.ts';
import { boxShift } from './box-regression.ts';
import type { Box } from './box.ts';
import { overlapOf } from './box.ts';
import type { HostImage } from './image.ts';
import { IMAGE } from './image.ts';
import { nearest } from './label-regions.ts';
import type { Rows } from './linear-svm.ts';
import { linearSvm } from './linear-svm.ts';
import type { ClassWeights } from './rcnn.ts';
import { CONSTANT, Rcnn, scaled } from './rcnn.ts';
import type { FeatureNetwork } from './region-features.ts';
import { regionFeatures } from './region-features.ts';
import type { RegionProposalOptions } from './region-proposals.ts';
import { regionProposals } from './region-proposals.ts';
import { ridgeRegression } from './ridge-regression.ts';

/** An image, and the objects in it. */
export interface Scene {
  readonly image: HostImage;
  readonly objects: readonly LabelledBox[];
}

export interface RcnnOptions extends FeatureNetwork {
  /** The number of classes of objects, whose labels are below it; an integer >= 1. */
  readonly classes: number;
  /** Of `regionProposals`, in training and in detection. */
  readonly proposals?: RegionProposalOptions;
  /** What the support vector machines pay for examples on the wrong side of the margin, > 0. Default 0.001. */
  readonly cost?: number;
  /** The penalty on the weights of box regression, > 0. Default 1000. */
  readonly ridge?: number;
  /** Of the orders in which the support vector machines look at examples. Default 0. */
  readonly seed?: Seed;
}

const RCNN: OptionChecks<RcnnOptions> = {
  features: check.required({
    expected: 'a model with call(x, context)',
    accepts: (value) => typeof (value as { call?: unknown } | null)?.call === 'function',
  }),
  inputShape: check.required({
    expected: '[height, width, channels], integers >= 1',
    accepts: (value) => Array.isArray(value) && value.length === 3 && value.every(check.count.accepts),
  }),
  context: check.natural,
  classes: check.required(check.count),
  proposals: { expected: 'the options of regionProposals', accepts: (value) => typeof value === 'object' && value !== null },
  cost: check.positive,
  ridge: check.positive,
  seed: check.seed,
};

const SCENES: Check = {
  expected: 'a list of { image, objects: [{ box, label }, …] }',
  accepts: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((scene: Partial<Scene> | null) => IMAGE.accepts(scene?.image) && perImage('labels').accepts([scene?.objects])),
};

/** A region that overlaps less than this with every object of a class is no example of the class. */
const NEGATIVE = 0.3;

/** A region that overlaps more than this with an object shows how its box must move. */
const CORRECTED = 0.6;

/** The mean length of features, for which the default cost is made. */
const LENGTH = 20;

/** A region of a training image. Objects themselves are regions, too. */
interface Example {
  readonly box: Box;
  /** The object that the region is, if it is one. */
  readonly itself: LabelledBox | undefined;
  /** The objects of its image. */
  readonly objects: readonly LabelledBox[];
}

/**
 * Trains a detector on images whose objects are marked. The network gives features of regions and stays as it is; each class gets a linear support
 * vector machine, whose examples are the objects against the regions that do not show them, and a linear regression that corrects boxes.
 * @param scenes at least one
 * @throws SinapseError when a scene is not right, an option is unknown or out of range, a label is not below `classes`, or the network gives no features
 */
export async function trainRcnn(scenes: readonly Scene[], options: RcnnOptions): Promise<Rcnn> {
  checkValue('trainRcnn: the scenes', scenes, SCENES);
  checkOptions('trainRcnn', options, RCNN);
  const { classes, proposals = {}, cost = 0.001, ridge = 1000, seed = 0 } = options;
  const wrong = scenes.flatMap(({ objects }) => objects).find(({ label }) => label >= classes);
  if (wrong !== undefined) throw new SinapseError(`trainRcnn: the label ${wrong.label} is not below the ${classes} classes`);
  const examples: Example[] = [];
  const parts: Rows[] = [];
  for (const { image, objects } of scenes) {
    const regions = regionProposals(image, proposals).map((box): Example => ({ box, itself: undefined, objects }));
    const all = [...objects.map((itself): Example => ({ box: itself.box, itself, objects })), ...regions];
    parts.push(await regionFeatures(options, image, all.map(({ box }) => box), 0)); // prettier-ignore
    examples.push(...all);
  }
  const { rows, factor } = normalized(parts);
  const key = randomKey(seed);
  const weights: ClassWeights[] = [];
  for (let label = 0; label < classes; label++) {
    const scores = classScores(rows, examples, label, (subset, isPositive) => linearSvm(subset, isPositive, cost, key.fold(label)));
    weights.push({ scores, boxes: await classBoxes(rows, examples, label, ridge) });
  }
  return new Rcnn(options, proposals, weights, factor);
}

/** All rows as one, their mean length made `LENGTH`, with the constant behind each. */
function normalized(parts: readonly Rows[]): { rows: Rows; factor: number } {
  const features = Math.max(...parts.map((part) => part.features));
  const data = new Float64Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let length = 0;
  for (const part of parts) {
    data.set(part.data, length);
    length += part.data.length;
  }
  const count = length / features;
  let lengths = 0;
  for (let row = 0; row < count; row++) lengths += Math.hypot(...data.subarray(row * features, (row + 1) * features));
  const factor = lengths === 0 ? 1 : (LENGTH * count) / lengths;
  const rows = scaled({ data, features }, factor);
  for (let row = 1; row <= count; row++) rows.data[row * features - 1] = CONSTANT;
  return { rows, factor };
}

/** The weights that tell the objects of a class from the regions that do not show one. */
function classScores(
  rows: Rows,
  examples: readonly Example[],
  label: number,
  learn: (rows: Rows, isPositive: readonly boolean[]) => Float64Array,
): Float64Array {
  const { data, features } = rows;
  const chosen = examples.flatMap(({ box, itself, objects }, row) => {
    if (itself?.label === label) return [{ row, isPositive: true }];
    const isFar = objects.every((object) => object.label !== label || overlapOf(box, object.box) < NEGATIVE);
    return isFar ? [{ row, isPositive: false }] : [];
  });
  const subset = new Float64Array(chosen.length * features);
  chosen.forEach(({ row }, i) => subset.set(data.subarray(row * features, (row + 1) * features), i * features));
  return learn({ data: subset, features }, chosen.map(({ isPositive }) => isPositive)); // prettier-ignore
}

/** How regions near an object of a class must move to become its box; undefined if there are none. */
async function classBoxes(rows: Rows, examples: readonly Example[], label: number, ridge: number): Promise<ClassWeights['boxes']> {
  const chosen: number[] = [];
  const shifts: BoxShift[] = [];
  for (const [row, { box, itself, objects }] of examples.entries()) {
    const { object, overlap } = nearest(box, objects);
    if (itself !== undefined || object?.label !== label || overlap <= CORRECTED) continue;
    chosen.push(row);
    shifts.push(boxShift(box, object.box));
  }
  return chosen.length === 0 ? undefined : ridgeRegression(rows, chosen, shifts, ridge);
}
