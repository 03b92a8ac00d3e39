// Looks for the cause of a loss that is not finite in the data.

import type { Check } from '@sinapse/core';
import { leavesOf, sizeOf } from '@sinapse/core';
import type { HostArray } from './batch.ts';
import { isBatchArray, isHostArray } from './batch.ts';

/** A batch, as far as it is looked at here. */
export interface Data {
  readonly x: unknown;
  readonly y: unknown;
}

const ARRAY: Check = { expected: 'an array', accepts: isBatchArray };

/** `x of example 3 holds NaN`, if an array of a checked batch, on the host, holds a number that is not finite. */
export function brokenInput({ x, y }: Data): string | undefined {
  for (const [name, tree] of Object.entries({ x, y })) {
    if (tree === undefined) continue;
    for (const { data, shape } of leavesOf<HostArray>(name, tree, ARRAY).filter(isHostArray)) {
      const at = data.findIndex((value) => !Number.isFinite(value));
      if (at >= 0) return `${name} of example ${Math.floor(at / (sizeOf(shape.slice(1)) || 1))} holds ${data[at]}`;
    }
  }
  return undefined;
}
