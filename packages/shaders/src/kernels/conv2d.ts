// Convolution and its gradients: small ones and those of many groups a word at a time, others in blocks.

import type { Conv2dGeometry, View } from '@sinapse/core';
import type { Kernels, Parameters } from '../pass.ts';
import { conv2dInBlocks, filterGradInBlocks, inBlocks, inputGradInBlocks } from './conv2d-blocked.ts';
import { finishOf } from './finish.ts';
import { geometryParameters, IMAGE_INDEX, OUTPUT_INDEX, overOutputs, overPaddedWindow } from './windows.ts';

function parametersOf(attrs: Conv2dGeometry, filter: View, image: View, output: View): Parameters {
  const [height, width, inGroup] = filter.shape as readonly [number, number, number, number];
  const perGroup = output.shape[3]! / attrs.groups;
  return { ...geometryParameters(attrs, [height, width], image.shape, output.shape), inGroup, perGroup };
}

export const conv2d: Kernels = (device) => ({
  conv2d(call) {
    const {
      in: { x, filter, bias, residual },
      out: { y },
      attrs,
      scalars,
    } = call;
    if (inBlocks(attrs, x, filter, y)) return conv2dInBlocks(device, call);
    const finish = finishOf(2, attrs.activation, scalars.alpha, bias, residual);
    device.run({
      key: `conv2d ${finish.key}`,
      outputs: [y],
      inputs: [x, filter, ...finish.inputs],
      parameters: parametersOf(attrs, filter, x, y),
      scalars: finish.scalars,
      code: () => `${finish.code}void word(u32 i) {
${OUTPUT_INDEX}u32 first = (oc / $perGroup) * $inGroup;
f32 total = 0.0;
${overPaddedWindow(`u32 xAt = ((n * $height + iy) * $width + ix) * $channels + first;
u32 fAt = (ky * $windowX + kx) * $inGroup * $outChannels + oc;
for (u32 c = 0u; c < $inGroup; c += 1u) {
u32 value = 0u;
if (inside) { value = x0(xAt + c); }
total += asFloat(value) * asFloat(x1(fAt + c * $outChannels));
}`)}
r0 = finish(asWord(total), i, oc);
}
`,
    });
  },

  conv2dInputGrad(call) {
    const {
      in: { dy, filter },
      out: { dx },
      attrs,
    } = call;
    if (inBlocks(attrs, dx, filter, dy)) return inputGradInBlocks(device, call);
    device.run({
      key: 'conv2dInputGrad',
      outputs: [dx],
      inputs: [dy, filter],
      parameters: parametersOf(attrs, filter, dx, dy),
      code: () => `void word(u32 i) {
${IMAGE_INDEX}u32 own = c % $inGroup;
u32 first = (c / $inGroup) * $perGroup;
f32 total = 0.0;
${overOutputs(`u32 dAt = ((n * $outHeight + oy) * $outWidth + ox) * $outChannels + first;
u32 fAt = ((ky * $windowX + kx) * $inGroup + own) * $outChannels + first;
for (u32 o = 0u; o < $perGroup; o += 1u) { total += asFloat(x0(dAt + o)) * asFloat(x1(fAt + o)); }`)}
r0 = asWord(total);
}
`,
    });
  },

  conv2dFilterGrad(call) {
    const {
      in: { x, dy },
      out: { dfilter },
      attrs,
    } = call;
    if (inBlocks(attrs, x, dfilter, dy)) return filterGradInBlocks(device, call);
    device.run({
      key: 'conv2dFilterGrad',
      outputs: [dfilter],
      inputs: [x, dy],
      parameters: { ...parametersOf(attrs, dfilter, x, dy), images: x.shape[0]! },
      code: () => `void word(u32 i) {
u32 oc = i % $outChannels;
u32 own = (i / $outChannels) % $inGroup;
u32 kx = (i / ($outChannels * $inGroup)) % $windowX;
u32 ky = i / ($outChannels * $inGroup * $windowX);
u32 c = (oc / $perGroup) * $inGroup + own;
f32 total = 0.0;
for (u32 n = 0u; n < $images; n += 1u) {
f32 image = 0.0;
for (u32 oy = 0u; oy < $outHeight; oy += 1u) {
i32 py = asInt(oy * $strideY + ky * $dilationY) - asInt($top);
for (u32 ox = 0u; ox < $outWidth; ox += 1u) {
i32 px = asInt(ox * $strideX + kx * $dilationX) - asInt($left);
u32 value = 0u;
if (py >= 0 && py < asInt($height) && px >= 0 && px < asInt($width)) { value = x0(((n * $height + asUnsigned(py)) * $width + asUnsigned(px)) * $channels + c); }
image += asFloat(value) * asFloat(x1(((n * $outHeight + oy) * $outWidth + ox) * $outChannels + oc));
}
}
total += image;
}
r0 = asWord(total);
}
`,
    });
  },
});
