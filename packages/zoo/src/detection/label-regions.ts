// Says of proposed boxes which object they show, so that a network can learn from them.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions, checkValue } from '@sinapse/core';
import type { LabelledBox } from './average-precision.ts';
import { perImage } from './average-precision.ts';
import type { Box } from './box.ts';
import { BOXES, overlapOf } from './box.ts';

export interface LabelRegionsOptions {
  /** The label of boxes that show no object; an integer >= 0. */
  readonly background: number;
  /** The intersection over union from which a box shows an object; from 0 to 1. Default 0.5. */
  readonly overlap?: number;
}

const LABEL_REGIONS: OptionChecks<LabelRegionsOptions> = { background: check.required(check.natural), overlap: check.probability };

/** The object that overlaps most with a box, and how much. */
export function nearest(box: Box, objects: readonly LabelledBox[]): { readonly object: LabelledBox | undefined; readonly overlap: number } {
  let best: { object: LabelledBox | undefined; overlap: number } = { object: undefined, overlap: 0 };
  for (const object of objects) {
    const overlap = overlapOf(box, object.box);
    if (overlap > best.overlap) best = { object, overlap };
  }
  return best;
}

/**
 * The label of each box: that of the object with which it overlaps most, if that is enough. R-CNN's network is fine-tuned with them.
 * @param objects of the image that the boxes are of
 * @throws SinapseError unless these are boxes and objects, or an option is out of range
 */
export function labelRegions(boxes: readonly Box[], objects: readonly LabelledBox[], options: LabelRegionsOptions): Int32Array {
  checkValue('labelRegions: the boxes', boxes, BOXES);
  const OBJECTS = { expected: 'a list of { box, label }', accepts: (value: unknown) => perImage('labels').accepts([value]) };
  checkValue('labelRegions: the objects', objects, OBJECTS);
  checkOptions('labelRegions', options, LABEL_REGIONS);
  const { background, overlap: enough = 0.5 } = options;
  return Int32Array.from(boxes, (box) => {
    const { object, overlap } = nearest(box, objects);
    return object !== undefined && overlap >= enough ? object.label : background;
  });
}
