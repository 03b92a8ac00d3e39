// The tolerances of the conformance suite, for random calls, whose sizes exceed those of its grids.

import { expect } from 'vitest';
import type { DType, Shape } from '@sinapse/core';
import { IEEE_754, specOf } from '@sinapse/core';
import { compare } from '../../backend-testkit/src/compare.ts';
import type { KernelCase } from '../../backend-testkit/src/grid/kernel-case.ts';
import type { HostTensor } from '../../backend-testkit/src/grid/values.ts';
import { allowedErrors, recordOf } from '../../backend-testkit/src/kernels/records.ts';
import { expect as expectation } from '../../backend-testkit/src/tolerances/expectation.ts';
import { reference } from '@sinapse/backend-reference';
import type { Compare, Data, FuzzCall } from './fuzz.ts';
import { dataOf } from './fuzz.ts';

const oracle = reference({ precision: 'float64' });

type Allowed = ReturnType<typeof allowedErrors>;

/** The type of each output, and its tolerance. */
interface Judged {
  readonly dtypes: readonly DType[];
  readonly allowed: Allowed;
}

/** The tolerances of the last call: all engines are compared with the same ones. */
let last: (Judged & { readonly call: FuzzCall }) | undefined;

function hosted({ dtype, shape, data }: Data): HostTensor {
  return { ...specOf(dtype, shape), data };
}

function judged(call: FuzzCall): Judged {
  if (last?.call === call) return last;
  const inputs = Object.fromEntries(
    Object.entries(call.in).map(([name, slot]) => [name, Array.isArray(slot) ? (slot as Data[]).map(hosted) : hosted(slot as Data)]),
  );
  const { kernel, attrs = {}, scalars = {} } = call;
  const described = { kernel, inputs, attrs, scalars, values: 'ordinary', views: false, index: 0, seed: 0 };
  const allowed = allowedErrors(expectation(oracle, described as unknown as KernelCase));
  const dtypes = Object.values(call.out)
    .flat()
    .map(({ dtype }) => dtype);
  last = { call, dtypes, allowed };
  return last;
}

/** Within the tolerances of the testkit. */
export const conforming: Compare = (actual, expected, what, call, output) => {
  const { dtypes, allowed } = judged(call);
  const record = recordOf(call.kernel);
  const { difference, wrong } = compare(actual, expected, {
    dtype: dtypes[output],
    allowed: dtypes[output] === 'float32' ? allowed[output] : undefined,
    zeroSigns: record.zeroSigns?.(call.attrs as never) ?? false,
    floats: IEEE_754,
    factor: 1,
  });
  if (difference === undefined) return;
  const { index, reason } = difference;
  expect.fail(
    `${what}, element ${index}: ${difference.actual}, expected ${difference.expected}: ${reason} (${wrong} of ${actual.length} are wrong)`,
  );
};

/** The precision with which core calls products. */
export const FLOAT32 = { output: 'float32', accumulation: 'float32' } as const;

/** Uniform in [-1, 1), times a size. */
export function uniform(shape: Shape, seed: number, size = 1): Data {
  return dataOf('float32', shape, seed, (word) => (size * (word | 0)) / 2 ** 31);
}
