// conv2d and its gradients.

import type { Conv2dGeometry, Kernel, Pair, Shape, View } from '@sinapse/core';
import { readable } from '@sinapse/core';
import { activationNumber, addressOrNull } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import type { Derived, Memory } from '../engine/memory.ts';
import { addressOf } from '../engine/memory.ts';
import type { WinogradTile } from './winograd.ts';
import { winogradTile } from './winograd.ts';

export interface ConvolutionKernels {
  readonly conv2d: Kernel<'conv2d'>;
  readonly conv2dInputGrad: Kernel<'conv2dInputGrad'>;
  readonly conv2dFilterGrad: Kernel<'conv2dFilterGrad'>;
}

/** Packed filters are rows of whole vectors, of 16 elements at most. */
const WIDEST = 16;

/** Writes the arguments that kernels/convolution/geometry.h reads; a kernel's other arguments follow in the same array. */
function writeGeometry(
  engine: Engine,
  { shape: xShape }: View,
  { shape: filterShape }: View,
  { shape: yShape }: View,
  geometry: Conv2dGeometry,
): Float64Array {
  const args = engine.arguments;
  const x = readable(xShape);
  const filter = readable(filterShape);
  const y = readable(yShape);
  const { strides, padding, dilation, groups } = geometry;
  args[0] = x[0];
  args[1] = x[1];
  args[2] = x[2];
  args[3] = x[3];
  args[4] = filter[0];
  args[5] = filter[1];
  args[6] = y[1];
  args[7] = y[2];
  args[8] = y[3];
  args[9] = strides[0];
  args[10] = strides[1];
  args[11] = padding[0];
  args[12] = padding[2];
  args[13] = dilation[0];
  args[14] = dilation[1];
  args[15] = groups;
  return args;
}

/**
 * Bytes of a packed filter: `positions` taps (or positions of a Winograd tile, and a number that says whether the filter suits it), `terms` channels,
 * and `columns / groups` filters per group.
 */
function packedBytes(tile: WinogradTile, [height, width]: Pair, terms: number, columns: number, groups: number): number {
  const positions = tile === 0 ? height * width : (tile + 2) ** 2;
  // Depthwise (kernels/convolution/depthwise_filter.h): the channels of a tap lie together.
  const rows = terms === 1 && columns === groups ? Math.ceil(columns / WIDEST) : terms * groups * Math.ceil(columns / groups / WIDEST);
  return (positions * rows * WIDEST + 1) * 4;
}

function windowOf(filter: Shape): Pair {
  return [filter[0], filter[1]];
}

export function convolutionKernels(engine: Engine, memory: Memory): ConvolutionKernels {
  const pack = engine.kernel('conv2d_pack');
  const run = engine.kernel('conv2d');
  const packInput = engine.kernel('conv2d_input_pack');
  const runInput = engine.kernel('conv2d_input_gradient');
  const runFilter = engine.kernel('conv2d_filter_gradient');

  // A prepared filter is kept with the filter, and prepared again when that has changed. Its room, and the kernel that prepares it, may take more
  // memory: then the arguments move, and are written again from the beginning.
  const prepare = (kernel: () => void, args: Float64Array, filter: View, packed: Derived, tile: number): void => {
    args[16] = addressOf(filter);
    args[17] = packed.address;
    args[18] = tile;
    kernel();
    packed.version = filter.storage.version;
  };

  return {
    conv2d: ({ in: { x, filter, bias, residual }, out: { y }, attrs, scalars: { alpha } }) => {
      const { groups } = attrs;
      const filterShape = readable(filter.shape);
      const window = windowOf(filterShape);
      const terms = filterShape[2];
      const columns = filterShape[3];
      const [image, output] = [readable(x.shape), readable(y.shape)];
      const tile = winogradTile(window, attrs, {
        batch: image[0],
        size: [output[1], output[2]],
        terms,
        columns,
        padding: attrs.padding,
      });
      const numbers = [tile, filter.offset, window[0], window[1], terms, columns, groups];
      const packed = memory.derive(filter, 'conv2d', numbers, packedBytes(tile, window, terms, columns, groups));
      if (packed.version !== filter.storage.version) prepare(pack, writeGeometry(engine, x, filter, y, attrs), filter, packed, tile);
      const args = writeGeometry(engine, x, filter, y, attrs);
      args[16] = addressOf(x);
      args[17] = packed.address;
      args[18] = tile;
      args[19] = addressOrNull(bias);
      args[20] = addressOrNull(residual);
      args[21] = addressOf(y);
      args[22] = activationNumber(attrs.activation);
      args[23] = alpha;
      args[24] = addressOf(filter);
      run();
    },

    conv2dInputGrad: ({ in: { dy, filter }, out: { dx }, attrs }) => {
      const { strides, dilation, groups } = attrs;
      const [height, width] = windowOf(filter.shape);
      const filters = filter.shape[3];
      const columns = dx.shape[3];
      const terms = filters / groups;
      const [top, bottom, left, right] = attrs.padding;
      // The gradient is a convolution of dy, padded by what the window reaches beyond it.
      const padding = [height - 1 - top, height - 1 - bottom, width - 1 - left, width - 1 - right] as const;
      const tile = winogradTile([height, width], attrs, {
        batch: dx.shape[0],
        size: [dx.shape[1], dx.shape[2]],
        terms,
        columns,
        padding,
      });
      const numbers = [tile, filter.offset, height, width, columns, filters, groups, ...strides, ...dilation];
      // With few channels the filter is packed in two ways (kernels/convolution/scattered.h); the image decides which one is used.
      const ways = 2 * columns <= WIDEST ? 2 : 1;
      const packed = memory.derive(filter, 'conv2dInputGrad', numbers, ways * packedBytes(tile, [height, width], terms, columns, groups));
      if (packed.version !== filter.storage.version) prepare(packInput, writeGeometry(engine, dx, filter, dy, attrs), filter, packed, tile);
      const args = writeGeometry(engine, dx, filter, dy, attrs);
      args[16] = addressOf(dy);
      args[17] = packed.address;
      args[18] = tile;
      args[19] = addressOf(dx);
      args[20] = addressOf(filter);
      runInput();
    },

    conv2dFilterGrad: ({ in: { x, dy }, out: { dfilter }, attrs }) => {
      const args = writeGeometry(engine, x, dfilter, dy, attrs);
      args[16] = addressOf(x);
      args[17] = addressOf(dy);
      args[18] = addressOf(dfilter);
      runFilter();
    },
  };
}
