// A shortcut without parameters between feature maps of different sizes.

import type { Context, LayerCall, OptionChecks, Shape, Tensor } from '@sinapse/core';
import { ShapeError, check, checkOptions, formatShape, pad, slice } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export interface IdentityShortcutOptions {
  /** The number of output channels, at least that of the input; an integer >= 1. */
  readonly filters: number;
  /** Keeps one pixel of every `strides` in both directions. Default 1. */
  readonly strides?: number;
}

const IDENTITY_SHORTCUT: OptionChecks<IdentityShortcutOptions> = { filters: check.required(check.count), strides: check.count };

export class IdentityShortcut implements Layer {
  readonly type = 'identityShortcut';
  readonly filters: number;
  readonly strides: number;

  constructor({ filters, strides = 1 }: IdentityShortcutOptions) {
    this.filters = filters;
    this.strides = strides;
  }

  /** @param inputShape `[height, width, channels]` */
  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * Keeps every `strides`-th pixel and adds channels of zeros.
   * @param x float32 `[batch, height, width, channels]`
   * @returns `[batch, ⌈height / strides⌉, ⌈width / strides⌉, filters]`
   * @throws ShapeError when x has more channels than `filters`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    const channels = x.shape[3] ?? 0;
    if (x.rank !== 4) throw new ShapeError(`identityShortcut: input must be [batch, height, width, channels], got ${formatShape(x.shape)}`);
    if (channels > this.filters)
      throw new ShapeError(`identityShortcut: input ${formatShape(x.shape)} has more than the ${this.filters} channels of the result`);
    const step = { step: this.strides };
    const kept = this.strides === 1 ? x.alias() : slice(x, [null, step, step]);
    return channels === this.filters ? kept : pad(kept, [[0, 0], [0, 0], [0, 0], [0, this.filters - channels]]); // prettier-ignore
  }

  describe(): LayerCall {
    const { type: layer, filters, strides } = this;
    return { layer, arguments: [{ filters, strides }] };
  }
}

printsAsModel(IdentityShortcut, 'IdentityShortcut');

/**
 * An identity for a `residual` whose branch shrinks the image and adds channels: `identityShortcut({ filters: 32, strides: 2 })`. It is option A
 * of He, Zhang, Ren, Sun 2016 ("Deep residual learning for image recognition", 3.3).
 * @throws SinapseError when an option is out of range
 */
export function identityShortcut(options: IdentityShortcutOptions): IdentityShortcut {
  checkOptions('identityShortcut', options, IDENTITY_SHORTCUT);
  return new IdentityShortcut(options);
}
