// Convolution in blocks: the windows of the image as rows of a matrix, multiplied by the filter. For one group of channels.

import type { Conv2dGeometry, KernelCall, View } from '@sinapse/core';
import { specOf } from '@sinapse/core';
import type { Parameters, ShaderDevice } from '../pass.ts';
import type { Matrices } from './blocked.ts';
import { BLOCKED_FROM, chunksOf, fours, joined, padded, timesPlain, transposedTimes } from './blocked.ts';
import { finishOf } from './finish.ts';
import { wide } from './matmul.ts';
import { geometryParameters, IMAGE_INDEX, overNearOutputs, overOutputs } from './windows.ts';

/** The most words of a matrix of windows: 64 MiB. Larger convolutions are computed a word at a time. */
const MOST_WORDS = 2 ** 24;

/** A convolution as a product of matrices. */
interface Shapes {
  /** Positions of the window, over all images. */
  readonly rows: number;
  /** Elements of a window. */
  readonly inner: number;
  /** Channels of the output. */
  readonly columns: number;
  readonly parameters: Parameters;
}

function shapesOf(attrs: Conv2dGeometry, image: View, filter: View, output: View): Shapes {
  const [height, width, channels, columns] = filter.shape as readonly [number, number, number, number];
  const parameters = geometryParameters(attrs, [height, width], image.shape, output.shape);
  const [images, outHeight, outWidth] = output.shape as readonly [number, number, number];
  return { rows: images * outHeight * outWidth, inner: height * width * channels, columns, parameters };
}

/** Whether a convolution is worth blocks, and fits. */
export function inBlocks(attrs: Conv2dGeometry, image: View, filter: View, output: View): boolean {
  const { rows, inner, columns } = shapesOf(attrs, image, filter, output);
  const macs = rows * inner * columns;
  return attrs.groups === 1 && macs >= BLOCKED_FROM && rows * 4 * fours(inner) <= MOST_WORDS;
}

/** Gives `body` the windows of an image as rows, with zeros up to a multiple of four columns. */
function windows(device: ShaderDevice, x: View, { rows, inner, parameters }: Shapes, body: (windows: Matrices) => void): void {
  const columns = 4 * fours(inner);
  device.scratch(specOf('float32', [1, rows, columns]), (view) => {
    const byTexels = parameters['channels']! % 4 === 0 && device.aligned(x);
    device.run({
      key: `windows ${byTexels}`,
      outputs: [view],
      inputs: [x],
      unit: 'texel',
      ...(byTexels ? { aligned: [0] } : {}),
      parameters: { ...parameters, inner, columns },
      baked: true,
      code: () => `${byTexels ? 'vec4u' : 'u32'} pick(u32 n, i32 top, i32 left, u32 at) {
u32 tap = at / $channels;
i32 py = top + asInt(tap / $windowX * $dilationY);
i32 px = left + asInt(tap % $windowX * $dilationX);
if (at >= $inner || py < 0 || py >= asInt($height) || px < 0 || px >= asInt($width)) { return ${byTexels ? 'vec4u(0u)' : '0u'}; }
u32 source = ((n * $height + asUnsigned(py)) * $width + asUnsigned(px)) * $channels + at % $channels;
return ${byTexels ? 'v0(source >> 2u)' : 'x0(source)'};
}
void texel(u32 i) {
u32 at = i % $columns;
u32 row = i / $columns;
u32 n = row / ($outWidth * $outHeight);
i32 top = asInt((row / $outWidth) % $outHeight * $strideY) - asInt($top);
i32 left = asInt(row % $outWidth * $strideX) - asInt($left);
r0 = ${byTexels ? 'pick(n, top, left, at)' : 'vec4u(pick(n, top, left, at), pick(n, top, left, at + 1u), pick(n, top, left, at + 2u), pick(n, top, left, at + 3u))'};
}
`,
    });
    body({ view, batch: 1, rows, columns });
  });
}

export function conv2dInBlocks(
  device: ShaderDevice,
  { in: { x, filter, bias, residual }, out: { y }, attrs, scalars }: KernelCall<'conv2d'>,
): void {
  const shapes = shapesOf(attrs, x, filter, y);
  const { rows, inner, columns } = shapes;
  const finish = finishOf(4, attrs.activation, scalars.alpha, bias, residual);
  const weights: Matrices = { view: filter, batch: 1, rows: inner, columns };
  windows(device, x, shapes, (rowsOfX) =>
    padded(device, weights, 4, (w) =>
      timesPlain(device, rowsOfX, wide(weights, w, 4), (product) => joined(device, { ...product, rows, columns }, y, 1, finish)),
    ),
  );
}

/** dy times the transposed filter gives what each position of the window owes to its elements; each element of the image adds up its own. */
export function inputGradInBlocks(device: ShaderDevice, { in: { dy, filter }, out: { dx }, attrs }: KernelCall<'conv2dInputGrad'>): void {
  const { rows, inner, columns, parameters } = shapesOf(attrs, dx, filter, dy);
  const near = attrs.dilation.every((step) => step === 1);
  const over = near ? overNearOutputs : overOutputs;
  const gradients: Matrices = { view: dy, batch: 1, rows, columns };
  padded(device, gradients, 1, (d) =>
    transposed(device, filter, inner, columns, (w) =>
      timesPlain(device, wide(gradients, d), w, ({ parts }) =>
        device.run({
          key: `conv2dInputGrad in blocks ${near}`,
          outputs: [dx],
          inputs: parts,
          parameters: { ...parameters, wide: 4 * fours(inner) },
          baked: true,
          code: () => `void word(u32 i) {
${IMAGE_INDEX}f32 total = 0.0;
${over(`u32 row = (n * $outHeight + oy) * $outWidth + ox;
u32 at = (row >> 2u) * $wide + (ky * $windowX + kx) * $channels + c;
${parts.map((_, j) => `if ((row & 3u) == ${j}u) { total += asFloat(x${j}(at)); }`).join('\n')}`)}
r0 = asWord(total);
}
`,
        }),
      ),
    ),
  );
}

/** Gives `body` the transpose of a filter [inner, columns], with zeros up to multiples of four. */
function transposed(device: ShaderDevice, filter: View, inner: number, columns: number, body: (transpose: Matrices) => void): void {
  const shape = { rows: 4 * fours(columns), columns: 4 * fours(inner) };
  device.scratch(specOf('float32', [1, shape.rows, shape.columns]), (view) => {
    device.run({
      key: 'transposed filter',
      outputs: [view],
      inputs: [filter],
      parameters: { inner, columns, wide: shape.columns },
      baked: true,
      code: () => `void word(u32 i) {
u32 k = i % $wide;
u32 column = i / $wide;
r0 = 0u;
if (k < $inner && column < $columns) { r0 = x0(k * $columns + column); }
}
`,
    });
    body({ view, batch: 1, ...shape });
  });
}

export function filterGradInBlocks(device: ShaderDevice, { in: { x, dy }, out: { dfilter }, attrs }: KernelCall<'conv2dFilterGrad'>): void {
  const shapes = shapesOf(attrs, x, dfilter, dy);
  const { rows, inner, columns } = shapes;
  const gradients: Matrices = { view: dy, batch: 1, rows, columns };
  const chunks = chunksOf(rows);
  windows(device, x, shapes, (rowsOfX) =>
    padded(device, gradients, 1, (d) =>
      transposedTimes(device, rowsOfX, wide(gradients, d), chunks, (product) =>
        joined(device, { ...product, rows: inner, columns }, dfilter, chunks),
      ),
    ),
  );
}
