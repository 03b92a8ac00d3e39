// Checks of layer options. Each message names the layer and the option, and says what would be right.

import type { Padding, PairLike } from '@sinapse/core';
import { SinapseError, nearestName } from '@sinapse/core';

/** @throws SinapseError unless the value is an integer >= 1 */
export function checkCount(layer: string, option: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new SinapseError(`${layer}: ${option}: expected an integer >= 1, got ${String(value)}`);
}

/** @throws SinapseError unless the value is an integer >= 1, or two of them */
export function checkWindow(layer: string, option: string, value: PairLike): void {
  const pair = Array.isArray(value) ? (value as readonly number[]) : [value, value];
  if (pair.length !== 2 || pair.some((length) => !Number.isSafeInteger(length) || Number(length) < 1)) {
    throw new SinapseError(`${layer}: ${option}: expected an integer >= 1 or [height, width], got ${JSON.stringify(value) ?? 'undefined'}`);
  }
}

/** @throws SinapseError unless the value is `valid`, `same`, an integer >= 0 or four of them */
export function checkPadding(layer: string, value: Padding): void {
  if (value === 'valid' || value === 'same') return;
  const sides: readonly unknown[] = Array.isArray(value) ? value : [value, value, value, value];
  if (sides.length === 4 && sides.every((side) => Number.isSafeInteger(side) && Number(side) >= 0)) return;
  const nearest = typeof value === 'string' ? nearestName(value, ['valid', 'same']) : undefined;
  throw new SinapseError(
    `${layer}: padding: expected 'valid', 'same', an integer >= 0 or [top, bottom, left, right], got ${JSON.stringify(value) ?? 'undefined'}${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`,
  );
}
