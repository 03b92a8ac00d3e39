// Layers that make the lengths of sequences, images and volumes longer or shorter.

import { cropping1d } from '../cropping1d.ts';
import { cropping2d } from '../cropping2d.ts';
import { cropping3d } from '../cropping3d.ts';
import { upSampling1d } from '../up-sampling1d.ts';
import { upSampling2d } from '../up-sampling2d.ts';
import { upSampling3d } from '../up-sampling3d.ts';
import { zeroPadding1d } from '../zero-padding1d.ts';
import { zeroPadding2d } from '../zero-padding2d.ts';
import { zeroPadding3d } from '../zero-padding3d.ts';
import type { Draws, LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

/** Widths before and after each of so many axes. */
const sides = (random: Draws, dimensions: number): (readonly [number, number])[] =>
  Array.from({ length: dimensions }, () => [random.integer(0, 2), random.integer(0, 2)]);

const padding = [
  ['zeroPadding1d', 1, ([first]: readonly unknown[]) => zeroPadding1d({ padding: first as [number, number] })],
  ['zeroPadding2d', 2, (border: readonly unknown[]) => zeroPadding2d({ padding: border as never })],
  ['zeroPadding3d', 3, (border: readonly unknown[]) => zeroPadding3d({ padding: border as never })],
] as const;

const cropping = [
  ['cropping1d', 1, ([first]: readonly unknown[]) => cropping1d({ cropping: first as [number, number] })],
  ['cropping2d', 2, (border: readonly unknown[]) => cropping2d({ cropping: border as never })],
  ['cropping3d', 3, (border: readonly unknown[]) => cropping3d({ cropping: border as never })],
] as const;

export const spaceCases: readonly LayerCase[] = [
  ...padding.map(([name, dimensions, make]) =>
    layerCase(name, (random) => {
      const [lengths, border] = [random.lengths(dimensions), sides(random, dimensions)];
      const output = lengths.map((length, axis) => border[axis]![0] + length + border[axis]![1]);
      return { layer: make(border), inputShape: [...lengths, 2], outputShape: [...output, 2] };
    }),
  ),
  ...cropping.map(([name, dimensions, make]) =>
    layerCase(name, (random) => {
      const [output, border] = [random.lengths(dimensions).map((length) => Math.min(2, length)), sides(random, dimensions)];
      const lengths = output.map((length, axis) => border[axis]![0] + length + border[axis]![1]);
      return { layer: make(border), inputShape: [...lengths, 1], outputShape: [...output, 1] };
    }),
  ),
  ...[false, true].flatMap((smooth) => [
    layerCase(`upSampling1d${smooth ? ', linear' : ''}`, (random) => {
      const [length, size] = [random.integer(1, 4), random.integer(1, 3)];
      return {
        layer: upSampling1d({ size, interpolation: smooth ? 'linear' : 'nearest', alignCorners: smooth && random.flag() }),
        inputShape: [length, 2],
        outputShape: [length * size, 2],
      };
    }),
    layerCase(`upSampling2d${smooth ? ', bilinear' : ''}`, (random) => {
      const [height, width, size] = [random.integer(1, 3), random.integer(1, 3), [random.integer(1, 3), random.integer(1, 2)]] as const;
      return {
        layer: upSampling2d({
          size: [size[0], size[1]],
          interpolation: smooth ? 'bilinear' : 'nearest',
          alignCorners: smooth && random.flag(),
        }),
        inputShape: [height, width, 2],
        outputShape: [height * size[0], width * size[1], 2],
      };
    }),
    layerCase(`upSampling3d${smooth ? ', trilinear' : ''}`, (random) => {
      const lengths = random.lengths(3).map((length) => Math.min(2, length));
      return {
        layer: upSampling3d({ interpolation: smooth ? 'trilinear' : 'nearest' }),
        inputShape: [...lengths, 1],
        outputShape: [...lengths.map((length) => 2 * length), 1],
      };
    }),
  ]),
];
