// Convolves numbers with a kernel, by the package's conv2d. It runs in the worker and knows no page.

import { conv2d, flip, scope, tensor } from '@sinapse/core';

/** What to convolve. */
export interface Convolution {
  /** `[channels][height][width]` */
  readonly input: readonly (readonly (readonly number[])[])[];
  /** `[filters][channels][size][size]` */
  readonly kernels: readonly (readonly (readonly (readonly number[])[])[])[];
  /** One for each filter. */
  readonly bias: readonly number[];
  readonly stride: number;
  /** Zeros on every side. */
  readonly padding: number;
}

/** The output by both rules, `[filters, height, width]`. */
export interface Convolved {
  readonly height: number;
  readonly width: number;
  /** The kernel as it is, the rule of frameworks. */
  readonly correlation: Float32Array;
  /** The kernel turned by half a turn, the rule of mathematics. */
  readonly convolution: Float32Array;
}

/**
 * Cross-correlates and convolves.
 * @throws ShapeError when the kernel is larger than the padded input
 */
export async function convolve({ input, kernels, bias, stride, padding }: Convolution): Promise<Convolved> {
  const { shape, reading } = scope(() => {
    const x = tensor([input]).transpose([0, 2, 3, 1]); // from channels first to [batch, height, width, channels]
    const kernel = tensor(kernels).transpose([2, 3, 1, 0]); // to [height, width, channels, filters]
    const options = { strides: stride, padding, bias: tensor([...bias]) };
    const outputs = [kernel, flip(kernel, [0, 1])].map((each) => conv2d(x, each, options).transpose([0, 3, 1, 2]));
    return { shape: outputs[0]!.shape, reading: outputs.map((output) => output.data()) };
  });
  const [correlation, convolution] = (await Promise.all(reading)).map((data) => Float32Array.from(data)) as [Float32Array, Float32Array];
  return { height: shape[2]!, width: shape[3]!, correlation, convolution };
}
