// Non-maximum suppression: of boxes that overlap, only the one with the highest score stays.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';
import type { Box } from './box.ts';
import { BOXES, overlapOf } from './box.ts';

export interface SuppressionOptions {
  /** The intersection over union above which the box with the lower score goes; from 0 to 1. Default 0.3, that of R-CNN. */
  readonly overlap?: number;
  /** Boxes with lower scores go. Default: none does. */
  readonly least?: number;
  /** The most boxes that stay; an integer >= 1. Default: all. */
  readonly most?: number;
}

const SUPPRESSION: OptionChecks<SuppressionOptions> = { overlap: check.probability, least: check.finite, most: check.count };

/**
 * Goes through boxes from the highest score to the lowest, and keeps a box unless it overlaps with one that it has kept.
 * @param scores one for each box
 * @returns the indices of the boxes that stay, the highest score first; of equal scores, the first
 * @throws SinapseError when there are not as many scores as boxes, or an option is out of range
 */
export function nonMaximumSuppression(boxes: readonly Box[], scores: ArrayLike<number>, options: SuppressionOptions = {}): number[] {
  checkValue('nonMaximumSuppression: the boxes', boxes, BOXES);
  const isList = typeof scores === 'object' && scores !== null && scores.length === boxes.length;
  if (!isList) throw new SinapseError(`nonMaximumSuppression: the scores: expected a list of ${boxes.length}, one for each box`);
  checkOptions('nonMaximumSuppression', options, SUPPRESSION);
  const { overlap = 0.3, least = -Infinity, most = Infinity } = options;
  const kept: number[] = [];
  const order = boxes.map((_, i) => i).filter((i) => scores[i]! >= least);
  order.sort((i, j) => scores[j]! - scores[i]!);
  for (const i of order) {
    if (kept.length >= most) break;
    if (kept.every((other) => overlapOf(boxes[i]!, boxes[other]!) <= overlap)) kept.push(i);
  }
  return kept;
}
