// Pooling of sequences: that of images of height 1.

import type { OptionChecks } from '../contract/options.ts';
import type { Dimensions } from '../contract/space.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { AvgPoolOptions, PoolGeometry, PoolOptions } from './pool-geometry.ts';
import { avgPoolChecks, poolChecks, poolGeometryOf, pooledShape } from './pool-geometry.ts';
import { avgPoolImages, maxPoolImages } from './pool2d.ts';
import { expandDims, squeeze } from './reshape.ts';

const POOL1D: OptionChecks<PoolOptions<Dimensions>> = poolChecks(1);
const AVG_POOL1D: OptionChecks<AvgPoolOptions<Dimensions>> = avgPoolChecks(1);

function asImages({ window, strides, padding }: PoolGeometry): PoolGeometry {
  return { window: [1, ...window], strides: [1, ...strides], padding: [0, 0, ...padding] };
}

/**
 * The largest element of each window, channel by channel; padding is never the largest. Of equal elements the first gets the gradient.
 * @param x float32 `[batch, length, channels]`
 * @throws ShapeError when the window does not fit into the padded sequence
 */
export function maxPool1d(x: Tensor, options: PoolOptions<1> = {}): Tensor {
  const geometry = poolGeometryOf('maxPool1d', 1, x, options, POOL1D);
  pooledShape('maxPool1d', 1, x, geometry);
  return squeeze(maxPoolImages(expandDims(x, 1), asImages(geometry)), 1);
}

/**
 * The mean of each window, channel by channel; padding is left out of the mean unless `includePadding`.
 * @param x float32 `[batch, length, channels]`
 * @throws ShapeError when the window does not fit into the padded sequence
 */
export function avgPool1d(x: Tensor, options: AvgPoolOptions<1> = {}): Tensor {
  const geometry = poolGeometryOf('avgPool1d', 1, x, options, AVG_POOL1D);
  pooledShape('avgPool1d', 1, x, geometry);
  return squeeze(avgPoolImages(expandDims(x, 1), asImages(geometry), options.includePadding), 1);
}
