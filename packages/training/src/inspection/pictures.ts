// Arrays as pictures of bytes: maps side by side in a grid, ready to draw.

import type { Model, OptionChecks } from '@sinapse/core';
import { ShapeError, SinapseError, check, checkOptions, checkValue, formatShape, isTensor, knownName, parametersOf } from '@sinapse/core';
import { isHostArray } from '../batch.ts';
import type { HostArray } from '../batch.ts';
import { outputOf } from './observed.ts';
import type { Input } from './score.ts';
import { checkModelAndInput } from './score.ts';

/** A picture, row by row from the top. */
export interface Picture {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: 1 | 3;
}

export interface GridOptions {
  /** The number of tiles in a row. By default as many as make the grid about square. */
  readonly columns?: number;
  /** The pixels between tiles, which are black. Default 1. */
  readonly gap?: number;
  /** Whether the darkest and the brightest value are those of each tile or of all tiles. Default `each`. */
  readonly scale?: 'each' | 'all';
}

const GRID: OptionChecks<GridOptions> = { columns: check.count, gap: check.natural, scale: check.oneOf(['each', 'all']) };

const MAPS = {
  expected: 'an array with its shape, [tiles, height, width] or [tiles, height, width, 1 or 3]',
  accepts: (value: unknown): boolean =>
    isHostArray(value) &&
    !value.shape.includes(0) &&
    (value.shape.length === 3 || (value.shape.length === 4 && [1, 3].includes(value.shape[3]!))),
};

/**
 * Draws maps side by side. The smallest value becomes 0, the largest 255; a tile of one value is black.
 * @param maps `[tiles, height, width]`, or `[tiles, height, width, channels]` with 1 or 3 channels
 * @throws SinapseError when an argument is wrong
 */
export function pictureGrid(maps: HostArray, options: GridOptions = {}): Picture {
  checkValue('pictureGrid: maps', maps, MAPS);
  checkOptions('pictureGrid', options, GRID);
  const [tiles, tall, wide, channels = 1] = maps.shape as [number, number, number, (1 | 3)?];
  const { columns = Math.ceil(Math.sqrt(tiles)), gap = 1, scale = 'each' } = options;
  const rows = Math.ceil(tiles / columns);
  const [height, width] = [rows * (tall + gap) - gap, columns * (wide + gap) - gap];
  const data = new Uint8Array(height * width * channels);
  const size = tall * wide * channels;
  const spanOfAll = spanOf(maps.data);
  for (let tile = 0; tile < tiles; tile++) {
    const own = maps.data.subarray(tile * size, (tile + 1) * size);
    const { least, most } = scale === 'all' ? spanOfAll : spanOf(own);
    const [top, left] = [Math.floor(tile / columns) * (tall + gap), (tile % columns) * (wide + gap)];
    for (let i = 0; i < size; i++) {
      const line = Math.floor(i / (wide * channels));
      const byte = most > least ? Math.round((255 * (own[i]! - least)) / (most - least)) : 0;
      data[((top + line) * width + left) * channels + (i % (wide * channels))] = byte;
    }
  }
  return { data, height, width, channels };
}

function spanOf(values: ArrayLike<number>): { least: number; most: number } {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) [least, most] = [Math.min(least, values[i]!), Math.max(most, values[i]!)];
  return { least, most };
}

/**
 * Attributions of images as maps: of each pixel the largest absolute value over the channels. Simonyan and others 2014, section 3.1.
 * @param attributions `[batch, height, width, channels]`
 * @returns `[batch, height, width]`, for `pictureGrid`
 * @throws SinapseError when they have another shape
 */
export function heatMaps(attributions: HostArray): HostArray {
  checkValue('heatMaps: attributions', attributions, {
    expected: 'an array with its shape [batch, height, width, channels]',
    accepts: (value) => isHostArray(value) && value.shape.length === 4 && !value.shape.includes(0),
  });
  const { data, shape } = attributions;
  const channels = shape[3]!;
  const maps = new Float32Array(data.length / channels);
  for (let i = 0; i < data.length; i++) maps[Math.floor(i / channels)] = Math.max(maps[Math.floor(i / channels)]!, Math.abs(data[i]!));
  return { data: maps, shape: shape.slice(0, 3) };
}

/**
 * The maps that a layer makes of one image, a tile for each channel.
 * @param x the image `[1, height, width, channels]`
 * @param layer the path of a layer that gives `[1, height, width, channels]`
 * @throws SinapseError when the model has no such layer (the nearest is named); ShapeError when x is not one image, or the layer gives no maps
 */
export async function featureMaps(model: Model, x: Input, layer: string, options: GridOptions = {}): Promise<Picture> {
  checkModelAndInput('featureMaps', model, x);
  checkOptions('featureMaps', options, GRID);
  const output = outputOf('featureMaps', model, x, layer);
  const { shape } = output;
  const data = await output.data();
  output.dispose();
  if (shape.length !== 4 || shape[0] !== 1)
    throw new ShapeError(
      `featureMaps: the layer ${layer} gives ${formatShape(shape)}; the maps of one image, [1, height, width, channels], are needed`,
    );
  return pictureGrid(channelsFirst({ data, shape }), options);
}

/** `[1, height, width, channels]` as `[channels, height, width]`. */
function channelsFirst({ data, shape }: HostArray): HostArray {
  const [, height, width, channels] = shape as [number, number, number, number];
  const pixels = height * width;
  return {
    data: Float32Array.from({ length: data.length }, (_, i) => data[(i % pixels) * channels + Math.floor(i / pixels)]!),
    shape: [channels, height, width],
  };
}

/**
 * The filters of a convolution: in colour if they take 3 channels; otherwise a tile for each channel of each filter, the channels of a filter in
 * one row.
 * @param path of its kernel `[height, width, channels, filters]`: `conv1/kernel`
 * @throws SinapseError when the model has no such parameter (the nearest is named); ShapeError when it has another shape
 */
export async function filterPictures(model: object, path: string, options: GridOptions = {}): Promise<Picture> {
  if (typeof model !== 'object' || model === null || isTensor(model))
    throw new SinapseError(`filterPictures: the model: expected a model, got ${String(model)}`);
  checkOptions('filterPictures', options, GRID);
  const parameters = parametersOf(model);
  const name = knownName(
    'filterPictures: the parameter',
    path,
    parameters.map((each) => each.path),
  );
  const kernel = parameters.find((each) => each.path === name)!.cell.value;
  const { shape } = kernel;
  const data = await kernel.data();
  kernel.dispose();
  if (shape.length !== 4)
    throw new ShapeError(`filterPictures: ${path} is ${formatShape(shape)}; a kernel [height, width, channels, filters] is needed`);
  const [height, width, channels, filters] = shape as [number, number, number, number];
  const colour = channels === 3;
  const at = (pixel: number, channel: number, filter: number): number => data[(pixel * channels + channel) * filters + filter]!;
  const pixels = height * width;
  const tiles = Float32Array.from({ length: data.length }, (_, i) => {
    const [filter, rest] = [Math.floor(i / (pixels * channels)), i % (pixels * channels)];
    return colour ? at(Math.floor(rest / 3), rest % 3, filter) : at(rest % pixels, Math.floor(rest / pixels), filter);
  });
  if (colour) return pictureGrid({ data: tiles, shape: [filters, height, width, 3] }, options);
  const grid = channels === 1 ? options : { columns: channels, ...options };
  return pictureGrid({ data: tiles, shape: [filters * channels, height, width] }, grid);
}
