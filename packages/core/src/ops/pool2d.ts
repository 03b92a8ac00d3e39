// Pooling: the maximum or the mean of windows that slide over images.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { ruleFromLowering } from '../autodiff/lowering.ts';
import { ShapeError } from '../contract/errors.ts';
import type { Pool2dGeometry } from '../contract/kernels.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { OptionChecks } from '../contract/options.ts';
import type { Shape } from '../contract/shape.ts';
import { formatShape, sameShape } from '../contract/shape.ts';
import type { Dimensions } from '../contract/space.ts';
import type { Spec } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { writeAt } from '../tensor/write.ts';
import { add, div, maximum } from './arithmetic.ts';
import { equal, logicalAnd, logicalOr } from './comparison.ts';
import { fillAt } from './fill.ts';
import type { AvgPoolOptions, PoolGeometry, PoolOptions } from './pool-geometry.ts';
import { avgPoolChecks, poolChecks, poolGeometryOf, pooledShape } from './pool-geometry.ts';
import { where } from './select.ts';
import { isNaN, logicalNot } from './unary.ts';
import type { Tap } from './window.ts';
import { cropImage, outputSize, padImage, paddedShape, tapsOf } from './window.ts';

function checkOutputGrad(op: string, x: Spec, dy: Spec, geometry: Pool2dGeometry): void {
  const expected = pooledShape(op, 2, x, geometry);
  if (!sameShape(expected, dy.shape))
    throw new ShapeError(`${op} gradient: dy must be ${formatShape(expected)}, got ${formatShape(dy.shape)}`);
}

function taps(inputShape: Shape, { window, strides, padding }: Pool2dGeometry): Tap[] {
  return tapsOf(paddedShape(inputShape, padding), window, strides, [1, 1], outputSize('pool2d', inputShape, window, strides, padding));
}

export const maxPool2dKernel: KernelDefinition<'maxPool2d', Tensor> = defineKernel({
  name: 'maxPool2d',
  infer: ({ x }, geometry) => ({ y: specOf(x.dtype, pooledShape('maxPool2d', 2, x, geometry)) }),
  lower: ({ x }, geometry) => {
    const padded = padImage(x, geometry.padding, -Infinity);
    return {
      y: taps(x.shape, geometry)
        .map((tap) => tap.take(padded))
        .reduce(maximum),
    };
  },
});

export const maxPool2dGradKernel: KernelDefinition<'maxPool2dGrad', Tensor> = defineKernel({
  name: 'maxPool2dGrad',
  infer: ({ x, dy }, geometry) => {
    checkOutputGrad('maxPool2d', x, dy, geometry);
    return { dx: { dtype: x.dtype, shape: x.shape, size: x.size } };
  },
  // The taps are visited row by row. The first that holds the maximum gets the gradient, later ones get none, and padding gets none.
  lower: ({ x, dy }, geometry) => {
    const padded = padImage(x, geometry.padding, -Infinity);
    const inside = padImage(fillAt(x, x.shape, 1, 'bool'), geometry.padding, 0);
    const windowTaps = taps(x.shape, geometry);
    const largest = windowTaps.map((tap) => tap.take(padded)).reduce(maximum);
    let open = fillAt(x, dy.shape, 1, 'bool');
    let dx = fillAt(x, padded.shape, 0, x.dtype);
    for (const tap of windowTaps) {
      const part = tap.take(padded);
      const holds = logicalAnd(tap.take(inside), logicalOr(equal(part, largest), isNaN(part)));
      dx = add(dx, tap.put(where(logicalAnd(holds, open), dy, 0)));
      open = logicalAnd(open, logicalNot(holds));
    }
    return { dx: cropImage(dx, geometry.padding) };
  },
});

/** How many elements each window averages over: `[1, outputHeight, outputWidth, 1]`. */
function averagedCounts(like: Tensor, inputShape: Shape, { window, strides, padding }: Pool2dGeometry, includePadding: boolean): Tensor {
  const output = outputSize('avgPool2d', inputShape, window, strides, padding);
  const counts = ([0, 1] as const).map((i) =>
    Array.from({ length: output[i]! }, (_, at) => {
      const begin = at * strides[i] - padding[2 * i]!;
      return includePadding ? window[i] : Math.min(begin + window[i], inputShape[1 + i]!) - Math.max(begin, 0);
    }),
  );
  const products = Float32Array.from(counts[0]!.flatMap((rows) => counts[1]!.map((columns) => rows * columns)));
  return writeAt(like, specOf(like.dtype, [1, ...output, 1]), products);
}

export const avgPool2dKernel: KernelDefinition<'avgPool2d', Tensor> = defineKernel({
  name: 'avgPool2d',
  infer: ({ x }, geometry) => ({ y: specOf(x.dtype, pooledShape('avgPool2d', 2, x, geometry)) }),
  lower: ({ x }, attrs) => {
    const padded = padImage(x, attrs.padding, 0);
    const total = taps(x.shape, attrs)
      .map((tap) => tap.take(padded))
      .reduce(add);
    return { y: div(total, averagedCounts(x, x.shape, attrs, attrs.includePadding)) };
  },
});

export const avgPool2dGradKernel: KernelDefinition<'avgPool2dGrad', Tensor> = defineKernel({
  name: 'avgPool2dGrad',
  infer: ({ dy }, attrs) => {
    const dx = specOf(dy.dtype, attrs.inputShape);
    checkOutputGrad('avgPool2d', dx, dy, attrs);
    return { dx };
  },
  lower: ({ dy }, attrs) => {
    const share = div(dy, averagedCounts(dy, attrs.inputShape, attrs, attrs.includePadding));
    return {
      dx: cropImage(
        taps(attrs.inputShape, attrs)
          .map((tap) => tap.put(share))
          .reduce(add),
        attrs.padding,
      ),
    };
  },
});

// The index of the maximum is piecewise constant, so maxPool2dGrad is linear in dy and locally constant in x; its lowering gives this.
const maxPool2dGradRule = ruleFromLowering(maxPool2dGradKernel, ['x', 'dy']);

const maxPool2dRule: Rule<'maxPool2d'> = {
  kernel: maxPool2dKernel,
  save: ['x'],
  gradient: ({ d, saved: { x }, attrs }) => ({ x: d.y && apply(maxPool2dGradRule, { x, dy: d.y }, attrs, NO_SCALARS, x).dx }),
};

const avgPool2dRule: Rule<'avgPool2d'> = {
  kernel: avgPool2dKernel,
  save: [],
  gradient: ({ d, specs, attrs }) => ({
    x: d.y && apply(avgPool2dGradRule, { dy: d.y }, { ...attrs, inputShape: specs.x.shape }, NO_SCALARS, d.y).dx,
  }),
};

const avgPool2dGradRule: Rule<'avgPool2dGrad'> = {
  kernel: avgPool2dGradKernel,
  save: [],
  gradient: ({ d, attrs: { inputShape: _, ...attrs } }) => ({ dy: d.dx && apply(avgPool2dRule, { x: d.dx }, attrs, NO_SCALARS, d.dx).y }),
};

export type Pool2dOptions = PoolOptions<2>;
export type AvgPool2dOptions = AvgPoolOptions<2>;

const POOL2D: OptionChecks<PoolOptions<Dimensions>> = poolChecks(2);
const AVG_POOL2D: OptionChecks<AvgPoolOptions<Dimensions>> = avgPoolChecks(2);

/**
 * The largest element of each window, channel by channel; padding is never the largest. Of equal elements the first, row by row, gets the gradient.
 * @param x float32 `[batch, height, width, channels]`
 * @throws ShapeError when the window does not fit into the padded image
 */
export function maxPool2d(x: Tensor, options: Pool2dOptions = {}): Tensor {
  return maxPoolImages(x, poolGeometryOf('maxPool2d', 2, x, options, POOL2D));
}

/**
 * The mean of each window, channel by channel; padding is left out of the mean unless `includePadding`.
 * @param x float32 `[batch, height, width, channels]`
 * @throws ShapeError when the window does not fit into the padded image
 */
export function avgPool2d(x: Tensor, options: AvgPool2dOptions = {}): Tensor {
  return avgPoolImages(x, poolGeometryOf('avgPool2d', 2, x, options, AVG_POOL2D), options.includePadding);
}

/** `maxPool2d` with a geometry that has been checked. */
export function maxPoolImages(x: Tensor, geometry: PoolGeometry): Tensor {
  return apply(maxPool2dRule, { x }, geometry as Pool2dGeometry, NO_SCALARS, x).y;
}

/** `avgPool2d` with a geometry that has been checked. */
export function avgPoolImages(x: Tensor, geometry: PoolGeometry, includePadding = false): Tensor {
  return apply(avgPool2dRule, { x }, { ...(geometry as Pool2dGeometry), includePadding }, NO_SCALARS, x).y;
}
