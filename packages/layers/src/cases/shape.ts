// Layers that arrange values anew.

import { flatten } from '../flatten.ts';
import { permute } from '../permute.ts';
import { repeatVector } from '../repeat-vector.ts';
import { reshape } from '../reshape.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

export const shapeCases: readonly LayerCase[] = [
  layerCase('flatten', (random) => {
    const shape = random.lengths(random.integer(1, 3));
    return { layer: flatten(), inputShape: shape, outputShape: [shape.reduce((a, b) => a * b, 1)] };
  }),
  layerCase('reshape', (random) => {
    const [rows, columns, rest] = random.lengths(3) as [number, number, number];
    const targetShape = random.pick([[columns, rows, rest], [-1, rest], [rest, -1, rows]]); // prettier-ignore
    const known = targetShape.reduce((product, length) => (length === -1 ? product : product * length), 1);
    const outputShape = targetShape.map((length) => (length === -1 ? (rows * columns * rest) / known : length));
    return { layer: reshape(targetShape), inputShape: [rows * columns, rest], outputShape };
  }),
  layerCase('permute', (random) => {
    const shape = random.lengths(3);
    const axes = random.pick([[2, 1, 3], [3, 1, 2], [1, 3, 2]]); // prettier-ignore
    return { layer: permute(axes), inputShape: shape, outputShape: axes.map((axis) => shape[axis - 1]!) };
  }),
  layerCase('repeatVector', (random) => {
    const [count, features] = random.lengths(2) as [number, number];
    return { layer: repeatVector(count), inputShape: [features], outputShape: [count, features] };
  }),
];
