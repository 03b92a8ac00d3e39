// conv2d and its gradients.

import type { Conv2dGeometry, Kernel, Pair, Shape, View } from '@sinapse/core';
import { activationNumber, addressOrNull } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import type { Memory } from '../engine/memory.ts';
import { addressOf } from '../engine/memory.ts';
import type { WinogradTile } from './winograd.ts';
import { winogradTile } from './winograd.ts';

export interface ConvolutionKernels {
  readonly conv2d: Kernel<'conv2d'>;
  readonly conv2dInputGrad: Kernel<'conv2dInputGrad'>;
  readonly conv2dFilterGrad: Kernel<'conv2dFilterGrad'>;
}

/** Packed filters are rows of whole vectors: of 16 elements at most. */
const WIDEST = 16;

/** Writes what kernels/convolution/geometry.h reads; what else a kernel takes comes after it. */
function writeGeometry(args: Float64Array, x: Shape, filter: Shape, y: Shape, geometry: Conv2dGeometry): void {
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
}

/** Elements of a packed filter: of `terms` channels and `columns / groups` filters of each group, for so many places. */
function packedSize(places: number, terms: number, columns: number, groups: number): number {
  // Depthwise (kernels/convolution/depthwise_filter.h): the channels of a place lie together.
  if (terms === 1 && columns === groups) return places * Math.ceil(columns / WIDEST) * WIDEST;
  return places * terms * groups * Math.ceil(columns / groups / WIDEST) * WIDEST;
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

  /** The address of a filter made ready: kept with the filter, and made again when that has changed. The geometry has been written. */
  const prepared = (
    filter: View,
    kind: 'conv2d' | 'conv2dInputGrad',
    numbers: readonly number[],
    size: number,
    tile: WinogradTile,
    prepare: () => void,
  ): number => {
    const { address, stale } = memory.derive(filter, kind, numbers, Math.max(1, size) * 4);
    if (stale) {
      const args = engine.arguments;
      args[16] = addressOf(filter);
      args[17] = address;
      args[18] = tile;
      prepare();
    }
    return address;
  };

  return {
    conv2d: ({ in: { x, filter, bias, residual }, out: { y }, attrs, scalars: { alpha } }) => {
      const args = engine.arguments;
      writeGeometry(args, x.shape, filter.shape, y.shape, attrs);
      const { groups } = attrs;
      const [height, width, terms, columns] = filter.shape;
      const tile = winogradTile(windowOf(filter.shape), attrs, {
        batch: x.shape[0],
        size: [y.shape[1], y.shape[2]],
        terms,
        columns,
        padding: attrs.padding,
      });
      const places = tile === 0 ? height * width : (tile + 2) ** 2;
      const numbers = [tile, filter.offset, height, width, terms, columns, groups];
      const packed = prepared(filter, 'conv2d', numbers, packedSize(places, terms, columns, groups), tile, pack);
      args[16] = addressOf(x);
      args[17] = packed;
      args[18] = tile;
      args[19] = addressOrNull(bias);
      args[20] = addressOrNull(residual);
      args[21] = addressOf(y);
      args[22] = activationNumber(attrs.activation);
      args[23] = alpha;
      run();
    },

    conv2dInputGrad: ({ in: { dy, filter }, out: { dx }, attrs }) => {
      const args = engine.arguments;
      writeGeometry(args, dx.shape, filter.shape, dy.shape, attrs);
      const { strides, dilation, groups } = attrs;
      const [height, width, , filters] = filter.shape;
      const [batch, dxHeight, dxWidth, columns] = dx.shape;
      const terms = filters / groups;
      const [top, bottom, left, right] = attrs.padding;
      // The gradient is a convolution of dy with what the window reaches beyond it as padding.
      const padding = [height - 1 - top, height - 1 - bottom, width - 1 - left, width - 1 - right] as const;
      const tile = winogradTile(windowOf(filter.shape), attrs, { batch, size: [dxHeight, dxWidth], terms, columns, padding });
      const places = tile === 0 ? height * width : (tile + 2) ** 2;
      const numbers = [tile, filter.offset, height, width, columns, filters, groups, ...strides, ...dilation];
      const packed = prepared(filter, 'conv2dInputGrad', numbers, packedSize(places, terms, columns, groups), tile, packInput);
      args[16] = addressOf(dy);
      args[17] = packed;
      args[18] = tile;
      args[19] = addressOf(dx);
      runInput();
    },

    conv2dFilterGrad: ({ in: { x, dy }, out: { dfilter }, attrs }) => {
      const args = engine.arguments;
      writeGeometry(args, x.shape, dfilter.shape, dy.shape, attrs);
      args[16] = addressOf(x);
      args[17] = addressOf(dy);
      args[18] = addressOf(dfilter);
      runFilter();
    },
  };
}
