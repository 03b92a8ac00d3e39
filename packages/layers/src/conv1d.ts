// The layer of 1-D convolution: filters slide over a sequence.

import type { Check, Conv1dOptions, OptionChecks, Padding, Tensor } from '@sinapse/core';
import { check, checkOptions, conv1d as convolve } from '@sinapse/core';
import { Convolution } from './convolution.ts';
import type { FilterOptions } from './filters.ts';
import { filterChecks } from './filters.ts';
import { printsAsModel } from './print.ts';

/** `causal` is as many zeros before the sequence as keep every result from seeing later elements. */
type SequencePadding = Padding<1> | 'causal';

export type Conv1dLayerOptions = FilterOptions<1, SequencePadding>;

/** The check of the padding. */
const SEQUENCE_PADDING: Check = check.paddingOf(1, ['valid', 'same', 'causal']);

const CONV1D: OptionChecks<Conv1dLayerOptions> = { ...filterChecks(1), padding: SEQUENCE_PADDING };

/** Takes `[length, channels]`; its kernel is `[length, channels / groups, filters]`. */
export class Conv1d extends Convolution<1, SequencePadding> {
  readonly type = 'conv1d';
  protected readonly op: (x: Tensor, filter: Tensor, options: Conv1dOptions) => Tensor = convolve;

  constructor(options: Conv1dLayerOptions) {
    super('conv1d', 1, options);
  }
}

printsAsModel(Conv1d, 'Conv1d');

/**
 * 1-D convolution over sequences: `conv1d({ filters: 16, kernelSize: 3, padding: 'causal', dilation: 2 })`.
 * @throws SinapseError when an option is out of range
 */
export function conv1d(options: Conv1dLayerOptions): Conv1d {
  checkOptions('conv1d', options, CONV1D);
  return new Conv1d(options);
}
