// The record of every kernel. The compiler reports a kernel of core's table that has none.

import type { KernelName } from '@sinapse/core';
import type { Expectation } from '../tolerances/expectation.ts';
import { activationRecords } from './activation.ts';
import { batchNormRecords } from './batch-norm.ts';
import { binaryRecords } from './binary.ts';
import { castRecords } from './cast.ts';
import { conv2dRecords } from './conv2d.ts';
import { elementwiseRecords } from './elementwise.ts';
import { indexingRecords } from './indexing.ts';
import { matmulRecords } from './matmul.ts';
import { movementRecords } from './movement.ts';
import { optimizerStepsRecords } from './optimizer-steps.ts';
import { pool2dRecords } from './pool2d.ts';
import { randomRecords } from './random.ts';
import { recurrentRecords } from './recurrent.ts';
import { reductionsRecords } from './reductions.ts';
import { sequenceRecords } from './sequences.ts';
import { selectRecords } from './select.ts';
import { softmaxRecords } from './softmax.ts';
import { unaryRecords } from './unary.ts';
import type { KernelRecord, Records } from './record.ts';

const records: Records<KernelName> = {
  ...activationRecords,
  ...batchNormRecords,
  ...binaryRecords,
  ...castRecords,
  ...conv2dRecords,
  ...elementwiseRecords,
  ...indexingRecords,
  ...matmulRecords,
  ...movementRecords,
  ...optimizerStepsRecords,
  ...pool2dRecords,
  ...randomRecords,
  ...recurrentRecords,
  ...reductionsRecords,
  ...selectRecords,
  ...sequenceRecords,
  ...softmaxRecords,
  ...unaryRecords,
};

export function recordOf<K extends KernelName>(kernel: K): KernelRecord<K> {
  return records[kernel];
}

/** The allowed errors of every output of a call, in their order. */
export function allowedErrors<K extends KernelName>(expectation: Expectation<K>): readonly (Float64Array | undefined)[] {
  const allowed = recordOf(expectation.call.kernel).allowed?.(expectation);
  if (allowed === undefined || allowed instanceof Float64Array) return expectation.outputs.map(() => allowed);
  return allowed;
}
