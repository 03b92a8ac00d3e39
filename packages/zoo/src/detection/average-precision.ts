// Average precision: how good detections are over all thresholds of their scores. Everingham, Van Gool, Williams, Winn, Zisserman 2010, "The PASCAL
// visual object classes (VOC) challenge", section 4.2; with the exact area under the curve, as since 2010.

import type { Check, OptionChecks } from '@sinapse/core';
import { check, checkOptions, checkValue } from '@sinapse/core';
import type { Box } from './box.ts';
import { BOX, overlapOf } from './box.ts';

/** An object in an image, as somebody marked it. */
export interface LabelledBox {
  readonly box: Box;
  /** The number of its class. */
  readonly label: number;
}

/** An object in an image, as a detector found it. */
export interface Detection extends LabelledBox {
  /** The higher, the surer. */
  readonly score: number;
}

export interface AveragePrecisionOptions {
  /** The intersection over union from which a detection is right; from 0 to 1. Default 0.5. */
  readonly overlap?: number;
}

const AVERAGE_PRECISION: OptionChecks<AveragePrecisionOptions> = { overlap: check.probability };

/** Checks for lists, one for each image, of boxes with labels. */
export function perImage(members: 'labels' | 'scores'): Check {
  const isRight = (value: unknown): boolean => {
    const { box, label, score } = { ...(value as Partial<Detection>) };
    return BOX.accepts(box) && check.natural.accepts(label) && (members === 'labels' || typeof score === 'number');
  };
  return {
    expected: `a list of { box, label${members === 'scores' ? ', score' : ''} } for each image`,
    accepts: (value) => Array.isArray(value) && value.every((image) => Array.isArray(image) && image.every(isRight)),
  };
}

export interface AveragePrecision {
  /** The mean over the classes that there are in the objects. NaN if there are none. */
  readonly mean: number;
  /** By class. */
  readonly byClass: ReadonlyMap<number, number>;
}

/**
 * The average precision of detections: for each class, the area under the curve of precision over recall, where the precision at a recall is the best one at
 * that recall or a higher one. A detection is right if it overlaps enough with an object of its class that no surer detection has found.
 * @param found for each image, what a detector found
 * @param objects for each image, what there is
 * @throws SinapseError unless both are lists of as many images
 */
export function averagePrecision(
  found: readonly (readonly Detection[])[],
  objects: readonly (readonly LabelledBox[])[],
  options: AveragePrecisionOptions = {},
): AveragePrecision {
  checkValue('averagePrecision: the detections', found, perImage('scores'));
  checkValue('averagePrecision: the objects', objects, perImage('labels'));
  const asMany = {
    expected: `objects of ${found.length} images, as many as of the detections`,
    accepts: () => objects.length === found.length,
  };
  checkValue('averagePrecision', objects.length, asMany);
  checkOptions('averagePrecision', options, AVERAGE_PRECISION);
  const { overlap = 0.5 } = options;
  const labels = [...new Set(objects.flat().map(({ label }) => label))].sort((a, b) => a - b);
  const byClass = new Map(labels.map((label) => [label, ofClass(label, found, objects, overlap)]));
  const mean = [...byClass.values()].reduce((sum, value) => sum + value, 0) / byClass.size;
  return { mean, byClass };
}

function ofClass(
  label: number,
  found: readonly (readonly Detection[])[],
  objects: readonly (readonly LabelledBox[])[],
  overlap: number,
): number {
  const wanted = objects.map((image) => image.filter((object) => object.label === label));
  const total = wanted.reduce((sum, { length }) => sum + length, 0);
  const ranked = found.flatMap((image, i) => image.filter((one) => one.label === label).map((one) => ({ ...one, image: i })));
  ranked.sort((a, b) => b.score - a.score);
  const taken = new Set<LabelledBox>();
  const precisions: number[] = []; // at each object found
  let right = 0;
  for (const [rank, { box, image }] of ranked.entries()) {
    const overlaps = wanted[image]!.map((object) => overlapOf(box, object.box));
    const best = overlaps.indexOf(Math.max(...overlaps));
    const object = wanted[image]![best];
    if (object === undefined || overlaps[best]! < overlap || taken.has(object)) continue;
    taken.add(object);
    precisions.push(++right / (rank + 1));
  }
  let [area, highest] = [0, 0];
  for (const precision of precisions.reverse()) {
    highest = Math.max(highest, precision);
    area += highest / total;
  }
  return area;
}
