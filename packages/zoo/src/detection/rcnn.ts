// R-CNN: regions with features of a convolutional network. Girshick, Donahue, Darrell, Malik 2014, "Rich feature hierarchies for accurate object
// detection and semantic segmentation" (arXiv 1311.2524).

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions, checkValue } from '@sinapse/core';
import type { Detection } from './average-precision.ts';
import { shiftBox } from './box-regression.ts';
import type { Box } from './box.ts';
import type { HostImage } from './image.ts';
import { IMAGE } from './image.ts';
import type { Rows } from './linear-svm.ts';
import { nonMaximumSuppression } from './non-maximum-suppression.ts';
import type { FeatureNetwork } from './region-features.ts';
import { regionFeatures } from './region-features.ts';
import type { RegionProposalOptions } from './region-proposals.ts';
import { regionProposals } from './region-proposals.ts';
import type { LinearMap } from './ridge-regression.ts';
import { valuesOf } from './ridge-regression.ts';

/** Stands behind the features of a box, so that the weights of a support vector machine have a bias among them. */
export const CONSTANT = 10;

/** What was learnt of a class. */
export interface ClassWeights {
  /** Of the support vector machine, one for each feature and the constant. */
  readonly scores: Float64Array;
  /** What corrects boxes; undefined if the training boxes of the class gave no example. */
  readonly boxes: LinearMap | undefined;
}

export interface DetectOptions {
  /** The least score of a detection. Default -1: boxes on the wrong side of their support vector machine's margin go. */
  readonly least?: number;
  /** The intersection over union above which the box with the lower score of two of one class goes; from 0 to 1. Default 0.3. */
  readonly overlap?: number;
}

const DETECT: OptionChecks<DetectOptions> = { least: check.finite, overlap: check.probability };

/** A detector, as `trainRcnn` makes it. */
export class Rcnn {
  private readonly network: FeatureNetwork;
  private readonly proposals: RegionProposalOptions;
  private readonly classes: readonly ClassWeights[];
  private readonly factor: number;

  /** @param factor of the features, which brings their mean length to that of training */
  constructor(network: FeatureNetwork, proposals: RegionProposalOptions, classes: readonly ClassWeights[], factor: number) {
    this.network = network;
    this.proposals = proposals;
    this.classes = classes;
    this.factor = factor;
  }

  /**
   * Finds the objects in an image: proposes regions, scores their features for every class, keeps the best of those that overlap, and corrects their boxes.
   * @returns the highest score first
   * @throws SinapseError when this is no image of the network's channels, or an option is out of range
   */
  async detect(image: HostImage, options: DetectOptions = {}): Promise<Detection[]> {
    checkValue('Rcnn: detect: the image', image, IMAGE);
    checkOptions('Rcnn: detect', options, DETECT);
    const { least = -1, overlap = 0.3 } = options;
    const boxes = regionProposals(image, this.proposals);
    const rows = scaled(await regionFeatures(this.network, image, boxes, CONSTANT / this.factor), this.factor);
    const found = this.classes.flatMap(({ scores: weights, boxes: shifts }, label) => {
      const scores = boxes.map((_, row) => productOf(rows, row, weights));
      return nonMaximumSuppression(boxes, scores, { overlap, least }).map((i): Detection => {
        const shifted =
          shifts === undefined ? boxes[i]! : shiftBox(boxes[i]!, valuesOf(shifts, rows, i) as [number, number, number, number]);
        return { box: inside(shifted, image), label, score: scores[i]! };
      });
    });
    return found.sort((a, b) => b.score - a.score);
  }
}

/** Features times a factor. */
export function scaled({ data, features }: Rows, factor: number): Rows {
  return { data: data.map((value) => value * factor), features };
}

function productOf({ data, features }: Rows, row: number, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < features; i++) sum += data[row * features + i]! * weights[i]!;
  return sum;
}

/** The part of a box in the image; a pixel of it at least. */
function inside([left, top, right, bottom]: Box, { shape: [height, width] }: HostImage): Box {
  const [x, y] = [Math.min(Math.max(0, left), width - 1), Math.min(Math.max(0, top), height - 1)];
  return [x, y, Math.max(x + 1, Math.min(width, right)), Math.max(y + 1, Math.min(height, bottom))];
}
