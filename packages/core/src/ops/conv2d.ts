// Convolution of images and its two gradients. The gradients are ops too, and the gradient of each of the three is made of the others.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { ShapeError } from '../contract/errors.ts';
import type { Activation, Conv2dGeometry } from '../contract/kernels.ts';
import type { Scalar } from '../contract/scalar.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { readable } from '../contract/own-shape.ts';
import type { Shape } from '../contract/shape.ts';
import { checkShape, formatShape, sameShape } from '../contract/shape.ts';
import type { Spec } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { biasActivation, biasActivationGrad, checkBias, checkResidual, resolveActivation, savingOutput } from './activation.ts';
import { add } from './arithmetic.ts';
import type { ConvOptions, ConvolutionOptions, Geometry } from './convolution.ts';
import { checkCall, convChecks, convolutionChecks, convolvedShape, geometryOf } from './convolution.ts';
import { checkFloats } from './operands.ts';
import { lowerConv2d, lowerConv2dFilterGrad, lowerConv2dInputGrad } from './conv2d-lowering.ts';
import { precisionOf } from './matmul.ts';

function checkOutputGrad(op: string, x: Spec, filter: Shape, dy: Spec, geometry: Conv2dGeometry): void {
  const expected = convolvedShape(op, 2, x, filter, geometry);
  if (!sameShape(expected, dy.shape)) throw new ShapeError(`${op}: dy must be ${formatShape(expected)}, got ${formatShape(dy.shape)}`);
}

export const conv2dKernel: KernelDefinition<'conv2d', Tensor> = defineKernel({
  name: 'conv2d',
  infer: ({ x, filter, bias, residual }, attrs) => {
    checkFloats('conv2d', x, filter, bias, residual);
    const shape = convolvedShape('conv2d', 2, x, filter.shape, attrs);
    checkBias('conv2d', shape[3]!, bias);
    checkResidual('conv2d', shape, residual);
    return { y: specOf(attrs.precision.output, shape) };
  },
  lower: ({ x, filter, bias, residual }, attrs, { alpha }) => {
    // The convolution without the residual is a kernel call again: a backend may have it and refuse only the residual.
    const z = residual === undefined ? lowerConv2d(x, filter, attrs) : add(convolve(x, filter, attrs), residual);
    return { y: biasActivation(z, bias, { activation: attrs.activation, alpha }) };
  },
  donates: { y: 'residual' },
  macs: ({ filter }, { y }) => y.size * filter.shape[0]! * filter.shape[1]! * filter.shape[2]!,
});

export const conv2dInputGradKernel: KernelDefinition<'conv2dInputGrad', Tensor> = defineKernel({
  name: 'conv2dInputGrad',
  infer: ({ dy, filter }, attrs) => {
    checkFloats('conv2dInputGrad', dy, filter);
    const dx = specOf(attrs.precision.output, attrs.inputShape);
    checkOutputGrad('conv2dInputGrad', dx, filter.shape, dy, attrs);
    return { dx };
  },
  lower: ({ dy, filter }, attrs) => ({ dx: lowerConv2dInputGrad(dy, filter, attrs, attrs.inputShape) }),
  macs: ({ dy, filter }) => dy.size * filter.shape[0]! * filter.shape[1]! * filter.shape[2]!,
});

export const conv2dFilterGradKernel: KernelDefinition<'conv2dFilterGrad', Tensor> = defineKernel({
  name: 'conv2dFilterGrad',
  infer: ({ x, dy }, attrs) => {
    checkFloats('conv2dFilterGrad', x, dy);
    checkOutputGrad('conv2dFilterGrad', x, attrs.filterShape, dy, attrs);
    return { dfilter: specOf(attrs.precision.output, attrs.filterShape) };
  },
  lower: ({ x, dy }, attrs) => ({ dfilter: lowerConv2dFilterGrad(x, dy, attrs, attrs.filterShape) }),
  macs: ({ dy }, { dfilter }) => dy.size * dfilter.shape[0]! * dfilter.shape[1]! * dfilter.shape[2]!,
});

const conv2dRule = savingOutput<Rule<'conv2d'>>({
  kernel: conv2dKernel,
  save: [],
  saveFor: { x: ['filter'], filter: ['x'] },
  gradient: ({ d, saved: { x, filter, y }, specs, attrs, scalars, needs }) => {
    if (d.y === undefined) return {};
    const { dx: dz, dbias } = biasActivationGrad(y, d.y, attrs.activation, scalars.alpha, needs.bias ?? false);
    return {
      x: needs.x && inputGrad(dz, filter, attrs, specs.x.shape),
      filter: needs.filter && filterGrad(x, dz, attrs, specs.filter.shape),
      bias: dbias,
      residual: dz,
    };
  },
});

// Both gradients are linear in each argument, so their gradients are convolutions again.
const conv2dInputGradRule: Rule<'conv2dInputGrad'> = {
  kernel: conv2dInputGradKernel,
  save: [],
  saveFor: { dy: ['filter'], filter: ['dy'] },
  gradient: ({ d: { dx }, saved: { dy, filter }, specs, attrs, needs }) => {
    if (dx === undefined) return {};
    return { dy: needs.dy && convolve(dx, filter, attrs), filter: needs.filter && filterGrad(dx, dy, attrs, specs.filter.shape) };
  },
};

const conv2dFilterGradRule: Rule<'conv2dFilterGrad'> = {
  kernel: conv2dFilterGradKernel,
  save: [],
  saveFor: { x: ['dy'], dy: ['x'] },
  gradient: ({ d: { dfilter }, saved: { x, dy }, specs, attrs, needs }) => {
    if (dfilter === undefined) return {};
    return { x: needs.x && inputGrad(dy, dfilter, attrs, specs.x.shape), dy: needs.dy && convolve(x, dfilter, attrs) };
  },
};

function convolve(x: Tensor, filter: Tensor, { strides, padding, dilation, groups }: Conv2dGeometry): Tensor {
  const attrs = { strides, padding, dilation, groups, activation: 'linear', precision: precisionOf(x) } as const;
  return apply(conv2dRule('linear'), { x, filter }, attrs, { alpha: 0 }, x).y;
}

/** `conv2dInputGrad` with arguments that have been checked. */
export function inputGrad(dy: Tensor, filter: Tensor, { strides, padding, dilation, groups }: Conv2dGeometry, inputShape: Shape): Tensor {
  const attrs = { strides, padding, dilation, groups, inputShape, precision: precisionOf(dy) };
  return apply(conv2dInputGradRule, { dy, filter }, attrs, NO_SCALARS, dy).dx;
}

function filterGrad(x: Tensor, dy: Tensor, { strides, padding, dilation, groups }: Conv2dGeometry, filterShape: Shape): Tensor {
  const attrs = { strides, padding, dilation, groups, filterShape, precision: precisionOf(x) };
  return apply(conv2dFilterGradRule, { x, dy }, attrs, NO_SCALARS, x).dfilter;
}

/** The geometry of a convolution of images, and what is applied to its result. */
export type Conv2dOptions = ConvOptions<2>;

const CONVOLUTION: OptionChecks<ConvolutionOptions> = convolutionChecks(2);
const CONV2D: OptionChecks<Conv2dOptions> = convChecks(2);

/** The geometry that options mean for an image and a filter of these shapes. The options have been checked. */
function imageGeometry(options: ConvolutionOptions, image: Shape, filter: Shape): Conv2dGeometry {
  return geometryOf(options, 2, image, filter) as Conv2dGeometry;
}

/**
 * The gradient of a convolution with respect to its input, of shape `inputShape`. Also known as transposed convolution.
 * @param dy float32 `[batch, outputHeight, outputWidth, filters]`
 * @param filter float32 `[height, width, channels / groups, filters]`
 * @throws ShapeError unless dy has the shape of the convolution's result
 */
export function conv2dInputGrad(dy: Tensor, filter: Tensor, inputShape: Shape, options: ConvolutionOptions = {}): Tensor {
  const op = 'conv2dInputGrad';
  checkTensor(op, dy);
  checkTensor(op, filter);
  checkShape(op, inputShape);
  checkOptions(op, options, CONVOLUTION);
  return inputGrad(dy, filter, imageGeometry(options, inputShape, filter.shape), [...inputShape]);
}

/**
 * The gradient of a convolution with respect to its filter, of shape `filterShape`.
 * @param x float32 `[batch, height, width, channels]`
 * @param dy float32 `[batch, outputHeight, outputWidth, filters]`
 * @throws ShapeError unless dy has the shape of the convolution's result
 */
export function conv2dFilterGrad(x: Tensor, dy: Tensor, filterShape: Shape, options: ConvolutionOptions = {}): Tensor {
  const op = 'conv2dFilterGrad';
  checkTensor(op, x);
  checkTensor(op, dy);
  checkShape(op, filterShape);
  checkOptions(op, options, CONVOLUTION);
  return filterGrad(x, dy, imageGeometry(options, x.shape, filterShape), [...filterShape]);
}

/**
 * 2-D convolution, then bias, residual and activation. As usual in networks the filter is not flipped: it is a cross-correlation.
 * @param x float32 `[batch, height, width, channels]`
 * @param filter float32 `[height, width, channels / groups, filters]`
 * @returns `[batch, outputHeight, outputWidth, filters]`; height and width are floor((input + padding - dilation (k - 1) - 1) / stride) + 1
 * @throws ShapeError when channels differ, the window does not fit into the padded image, or bias or residual do not fit the result
 */
export function conv2d(x: Tensor, filter: Tensor, options: Conv2dOptions = {}): Tensor {
  checkCall('conv2d', x, filter, options, CONV2D);
  const geometry = imageGeometry(options, readable(x.shape), readable(filter.shape));
  const { bias, residual } = options;
  return convolveImages(x, filter, geometry, { bias, residual, ...resolveActivation('conv2d', options) });
}

/** What is applied to the result of a convolution. */
interface Applied {
  readonly bias?: Tensor | undefined;
  readonly residual?: Tensor | undefined;
  readonly activation?: Activation;
  readonly alpha?: Scalar;
}

/** `conv2d` with a geometry and an activation that have been checked. */
export function convolveImages(
  x: Tensor,
  filter: Tensor,
  { strides, padding, dilation, groups }: Geometry,
  { bias, residual, activation = 'linear', alpha = 0 }: Applied,
): Tensor {
  const geometry = { strides, padding, dilation, groups } as Conv2dGeometry;
  const attrs = { ...geometry, activation, precision: precisionOf(x) };
  const inputs: { x: Tensor; filter: Tensor; bias?: Tensor; residual?: Tensor } = { x, filter };
  if (bias !== undefined) inputs.bias = bias;
  if (residual !== undefined) inputs.residual = residual;
  const { y } = apply(conv2dRule(activation), inputs, attrs, { alpha }, x, residual?.mayBeOverwritten);
  if (y.storage === residual?.storage) residual.dispose();
  return y;
}
