// Squeeze-and-excitation: weighs the channels of an image by what is in all of it. Hu, Shen, Sun 2018, "Squeeze-and-excitation networks", figure 3.

import type { ActivationName, Branches } from '@sinapse/layers';
import { adaptiveAvgPool2d, branches, conv2d } from '@sinapse/layers';

export interface Squeeze {
  /** The channels between the two layers. */
  readonly channels: number;
  /** Between the two layers. */
  readonly activation: ActivationName;
  /** Of the weights, from 0 to 1. */
  readonly gate: ActivationName;
}

/** x times weights of its channels, gate(fc2(activation(fc1(mean of x)))). The two layers are convolutions of 1 by 1. */
export function squeezeExcitation(filters: number, { channels, activation, gate }: Squeeze): Branches {
  return branches(
    {
      input: [],
      weights: [
        ['mean', adaptiveAvgPool2d({ outputSize: 1 })],
        ['fc1', conv2d({ filters: channels, kernelSize: 1, activation })],
        ['fc2', conv2d({ filters, kernelSize: 1, activation: gate })],
      ],
    },
    'multiply',
  );
}
