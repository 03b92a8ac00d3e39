// What an op may be given, for those that several ops share.

import { isFloat } from '../contract/dtype.ts';
import { DTypeError } from '../contract/errors.ts';
import type { Spec } from '../contract/storage.ts';

/** @throws DTypeError unless all are floats of one dtype */
export function checkFloats(op: string, ...specs: (Spec | undefined)[]): void {
  for (let i = 0; i < specs.length; i++) {
    const spec = specs[i];
    if (spec !== undefined && (!isFloat(spec.dtype) || spec.dtype !== specs[0]!.dtype))
      throw new DTypeError(`${op}: takes float32, got ${spec.dtype}; cast it`);
  }
}
