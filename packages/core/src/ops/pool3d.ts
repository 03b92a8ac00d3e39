// Pooling of volumes: of each slice first, and of the results along the depth then. Maxima of maxima are maxima; the mean over a window is the mean
// of its slices' means, which all have the same count.

import type { OptionChecks } from '../contract/options.ts';
import type { Shape } from '../contract/shape.ts';
import type { Dimensions } from '../contract/space.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { inFloat32 } from './operands.ts';
import type { AvgPoolOptions, PoolGeometry, PoolOptions } from './pool-geometry.ts';
import { avgPoolChecks, poolChecks, poolGeometryOf, pooledShape } from './pool-geometry.ts';
import { avgPoolImages, maxPoolImages } from './pool2d.ts';
import { reshape } from './reshape.ts';

const POOL3D: OptionChecks<PoolOptions<Dimensions>> = poolChecks(3);
const AVG_POOL3D: OptionChecks<AvgPoolOptions<Dimensions>> = avgPoolChecks(3);

function poolVolumes(x: Tensor, pooled: Shape, geometry: PoolGeometry, pool: (x: Tensor, geometry: PoolGeometry) => Tensor): Tensor {
  const { window, strides, padding } = geometry;
  const [batch, depth, ...image] = x.shape as readonly [number, number, number, number, number];
  const [, , height, width, channels] = pooled as readonly [number, number, number, number, number];
  const slices = pool(reshape(x, [batch * depth, ...image]), {
    window: window.slice(1),
    strides: strides.slice(1),
    padding: padding.slice(2),
  });
  // As an image, a volume's depth is the height, and its slice, row by row, is the width.
  const columns = reshape(slices, [batch, depth, height * width, channels]);
  const along = pool(columns, { window: [window[0]!, 1], strides: [strides[0]!, 1], padding: [padding[0]!, padding[1]!, 0, 0] });
  return reshape(along, pooled);
}

/**
 * The largest element of each window, channel by channel; padding is never the largest. Of equal elements the first, slice by slice and row by row,
 * gets the gradient.
 * @param x float32 `[batch, depth, height, width, channels]`
 * @throws ShapeError when the window does not fit into the padded volume
 */
export function maxPool3d(x: Tensor, options: PoolOptions<3> = {}): Tensor {
  const geometry = poolGeometryOf('maxPool3d', 3, x, options, POOL3D);
  return poolVolumes(x, pooledShape('maxPool3d', 3, x, geometry), geometry, maxPoolImages);
}

/**
 * The mean of each window, channel by channel; padding is left out of the mean unless `includePadding`.
 * @param x float32 `[batch, depth, height, width, channels]`
 * @throws ShapeError when the window does not fit into the padded volume
 */
export function avgPool3d(x: Tensor, options: AvgPoolOptions<3> = {}): Tensor {
  const geometry = poolGeometryOf('avgPool3d', 3, x, options, AVG_POOL3D);
  const pool = (part: Tensor, inPart: PoolGeometry): Tensor => avgPoolImages(part, inPart, options.includePadding);
  const shape = pooledShape('avgPool3d', 3, x, geometry);
  return inFloat32(x, (wide) => poolVolumes(wide, shape, geometry, pool));
}
