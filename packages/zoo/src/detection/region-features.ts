// The features that a network finds in boxes of an image.

import type { Model } from '@sinapse/core';
import { Context, ShapeError, formatShape, inference, isTensor, scope, tensor } from '@sinapse/core';
import type { Box } from './box.ts';
import type { HostImage } from './image.ts';
import type { Rows } from './linear-svm.ts';
import { warpRegions } from './warp-regions.ts';

/** A network without its classifier, and how it wants its boxes. */
export interface FeatureNetwork {
  /** Takes float32 `[boxes, …inputShape]`, gives float32 `[boxes, features]`. */
  readonly features: Model;
  /** `[height, width, channels]`, the channels being those of the images. */
  readonly inputShape: readonly [height: number, width: number, channels: number];
  /** The pixels at each side of a stretched box that show what is around it; less than half of it. Default 0. */
  readonly context?: number;
}

/** The most boxes of which the network computes features at once. */
const BATCH = 256;

/** The features of boxes, each followed by a constant that stands for the bias. */
export async function regionFeatures(
  { features: network, inputShape, context = 0 }: FeatureNetwork,
  image: HostImage,
  boxes: readonly Box[],
  constant: number,
): Promise<Rows> {
  const rows: Float64Array[] = [];
  for (let begin = 0; begin < boxes.length; begin += BATCH) {
    const { data, shape } = warpRegions(image, boxes.slice(begin, begin + BATCH), { size: [inputShape[0], inputShape[1]], context });
    const found = scope(() => {
      const y: unknown = inference(() => network.call(tensor(data, { shape }), new Context()));
      if (!isTensor(y) || y.rank !== 2 || y.shape[0] !== shape[0])
        throw new ShapeError(`trainRcnn: features: must give [boxes, features], got ${isTensor(y) ? formatShape(y.shape) : 'no tensor'}`);
      return { count: y.shape[1]!, values: y.data() };
    });
    const values = await found.values;
    for (let i = 0; i < shape[0]; i++) {
      const row = new Float64Array(found.count + 1);
      row.set(values.subarray(i * found.count, (i + 1) * found.count));
      row[found.count] = constant;
      rows.push(row);
    }
  }
  const features = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * features);
  rows.forEach((row, i) => data.set(row, i * features));
  return { data, features };
}
