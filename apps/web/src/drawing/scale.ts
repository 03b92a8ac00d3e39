// Colours for numbers. One diverging scale for weights and activations: orange below zero, blue above; the neutral is the background's grey.

import { color } from '../shell/theme.ts';

export type Rgb = readonly [red: number, green: number, blue: number];

/** Reads a colour `#rrggbb`. */
function rgbOf(hex: string): Rgb {
  const value = parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Mixes two colours. @param share of the second, within [0, 1] */
function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) => a[i]! + (b[i]! - a[i]!) * share) as unknown as Rgb;
}

/** A function from numbers within [-1, 1] to colours of the theme in use. */
export function divergingScale(): (value: number) => Rgb {
  const [warm, zero, cool] = [rgbOf(color('warm')), rgbOf(color('zero')), rgbOf(color('cool'))];
  return (value) => (Number.isNaN(value) ? rgbOf(color('line')) : mix(zero, value < 0 ? warm : cool, Math.min(Math.abs(value), 1)));
}

/** Greys from black, 0, to white, 255. */
export const greyScale = (value: number): Rgb => [value, value, value];

/** The eight colours of Okabe and Ito, which colour-blind people can tell apart; for classes, each with a mark of its own. */
export const CLASS_COLORS = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7', '#999999'] as const;
