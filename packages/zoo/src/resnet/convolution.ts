// The convolution and the classifier of residual networks, as section 3.4 of the paper describes them.

import type { ConvNorm, Dense, Initializer } from '@sinapse/layers';
import { convNorm, dense, initializers } from '@sinapse/layers';

/** "We initialize the weights as in [13]": He, Zhang, Ren, Sun 2015, "Delving deep into rectifiers". */
export const kernelInitializer: Initializer = initializers.heNormal;

/** A convolution, then batch normalisation ("right after each convolution and before activation"), then relu unless it is `linear`. */
export function convolution(
  filters: number,
  kernelSize: number,
  strides = 1,
  activation: 'relu' | 'linear' = 'relu',
  groups = 1,
): ConvNorm {
  return convNorm({ filters, kernelSize, strides, padding: (kernelSize - 1) / 2, groups, activation, kernelInitializer });
}

/** The last layer: one score for each class. */
export function classifier(classes: number): Dense {
  return dense({ units: classes, kernelInitializer });
}
