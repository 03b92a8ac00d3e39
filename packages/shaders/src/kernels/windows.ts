// Loops over the windows of convolutions and pools.

import type { Conv2dGeometry, Pool2dGeometry } from '@sinapse/core';
import type { Parameters } from '../pass.ts';

/** The parameters of a geometry, as `positionOf…` reads them. */
export function geometryParameters(
  { strides, padding, ...rest }: Conv2dGeometry | Pool2dGeometry,
  window: readonly [number, number],
  image: readonly number[],
  output: readonly number[],
): Parameters {
  const [dilationY, dilationX] = 'dilation' in rest ? rest.dilation : [1, 1];
  return {
    windowY: window[0],
    windowX: window[1],
    strideY: strides[0],
    strideX: strides[1],
    top: padding[0],
    left: padding[2],
    dilationY,
    dilationX,
    height: image[1]!,
    width: image[2]!,
    channels: image[3]!,
    outHeight: output[1]!,
    outWidth: output[2]!,
    outChannels: output[3]!,
  };
}

/**
 * Runs `body` for every tap of the window at output row `oy`, column `ox` that lies in the image: at row `iy` and column `ix` (u32), tap `ky`, `kx`.
 */
export function overWindow(body: string): string {
  return `for (u32 ky = 0u; ky < $windowY; ky += 1u) {
i32 py = asInt(oy * $strideY + ky * $dilationY) - asInt($top);
if (py < 0 || py >= asInt($height)) { continue; }
u32 iy = asUnsigned(py);
for (u32 kx = 0u; kx < $windowX; kx += 1u) {
i32 px = asInt(ox * $strideX + kx * $dilationX) - asInt($left);
if (px < 0 || px >= asInt($width)) { continue; }
u32 ix = asUnsigned(px);
${body}
}
}
`;
}

/** As `overWindow`, for every tap: `inside` is false where it lies in the padding, whose zeros make NaN of infinite weights. */
export function overPaddedWindow(body: string): string {
  return `for (u32 ky = 0u; ky < $windowY; ky += 1u) {
i32 py = asInt(oy * $strideY + ky * $dilationY) - asInt($top);
u32 iy = asUnsigned(py);
for (u32 kx = 0u; kx < $windowX; kx += 1u) {
i32 px = asInt(ox * $strideX + kx * $dilationX) - asInt($left);
u32 ix = asUnsigned(px);
bool inside = py >= 0 && py < asInt($height) && px >= 0 && px < asInt($width);
${body}
}
}
`;
}

/** Runs `body` for every output row `oy` and column `ox` whose window has the image's row `iy`, column `ix` as its tap `ky`, `kx`. */
export function overOutputs(body: string): string {
  return `for (u32 ky = 0u; ky < $windowY; ky += 1u) {
i32 py = asInt(iy + $top) - asInt(ky * $dilationY);
if (py < 0 || py % asInt($strideY) != 0 || py / asInt($strideY) >= asInt($outHeight)) { continue; }
u32 oy = asUnsigned(py) / $strideY;
for (u32 kx = 0u; kx < $windowX; kx += 1u) {
i32 px = asInt(ix + $left) - asInt(kx * $dilationX);
if (px < 0 || px % asInt($strideX) != 0 || px / asInt($strideX) >= asInt($outWidth)) { continue; }
u32 ox = asUnsigned(px) / $strideX;
${body}
}
}
`;
}

/** As `overOutputs`, for windows without dilation: it visits only those outputs. */
export function overNearOutputs(body: string): string {
  return `u32 downY = iy + $top;
u32 downX = ix + $left;
u32 firstY = select(0u, (downY - $windowY) / $strideY + 1u, downY >= $windowY);
u32 firstX = select(0u, (downX - $windowX) / $strideX + 1u, downX >= $windowX);
u32 endY = min(downY / $strideY + 1u, $outHeight);
u32 endX = min(downX / $strideX + 1u, $outWidth);
for (u32 oy = firstY; oy < endY; oy += 1u) {
u32 ky = downY - oy * $strideY;
for (u32 ox = firstX; ox < endX; ox += 1u) {
u32 kx = downX - ox * $strideX;
${body}
}
}
`;
}

/** Splits item i of the output into image n, row oy, column ox and channel oc. */
export const OUTPUT_INDEX = `u32 oc = i % $outChannels;
u32 ox = (i / $outChannels) % $outWidth;
u32 oy = (i / ($outChannels * $outWidth)) % $outHeight;
u32 n = i / ($outChannels * $outWidth * $outHeight);
`;

/** Splits item i of the image into image n, row iy, column ix and channel c. */
export const IMAGE_INDEX = `u32 c = i % $channels;
u32 ix = (i / $channels) % $width;
u32 iy = (i / ($channels * $width)) % $height;
u32 n = i / ($channels * $width * $height);
`;
