// Runs every kernel over its grid, and compares it with the float64 reference.

import type { KernelName, TypedArray } from '@sinapse/core';
import { SinapseError } from '@sinapse/core';
import type { Comparison } from './compare.ts';
import { compare } from './compare.ts';
import type { Cases, KernelCase } from './grid/kernel-case.ts';
import { describeCase } from './grid/kernel-case.ts';
import { entriesOf } from './grid/slots.ts';
import type { HostTensor } from './grid/values.ts';
import { allowedErrors, recordOf } from './kernels/records.ts';
import { runKernel } from './run-kernel.ts';
import type { Subject } from './subject.ts';
import { aliveOn, checkNothingLeaked, refusalOf, runWithTensors, tallyOf } from './subject.ts';
import type { Expectation } from './tolerances/expectation.ts';
import { expect } from './tolerances/expectation.ts';
import { inexactIntegers } from './tolerances/inexact-integers.ts';

/** How many failing cases are shown; the others are counted. */
const SHOWN = 4;

export function casesOf<K extends KernelName>({ grid }: Subject, kernel: K): Cases<K> {
  return recordOf(kernel).cases(grid);
}

/**
 * Runs a list of cases to the end.
 * @throws SinapseError with one line for each of the first cases that failed
 */
export async function runCases<K extends KernelName>(cases: Cases<K>, run: (call: KernelCase<K>) => Promise<void>): Promise<void> {
  const failures: { readonly line: string; readonly ordinary: boolean }[] = [];
  let count = 0;
  for (const call of cases) {
    count++;
    try {
      await run(call);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failures.push({ line: `${describeCase(call)}: ${message}`, ordinary: call.values === 'ordinary' });
    }
  }
  if (failures.length === 0) return;
  // Failures with ordinary values come first: they are the easiest to understand.
  const lines = [...failures.filter(({ ordinary }) => ordinary), ...failures.filter(({ ordinary }) => !ordinary)].map(({ line }) => line);
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : [];
  throw new SinapseError([`${lines.length} of ${count} cases failed`, ...lines.slice(0, SHOWN), ...more].join('\n  '));
}

/** Whether a case is too large for lowerings that take n² values where the kernel takes n. Smaller cases show the same faults. */
export function isLargeForLowering<K extends KernelName>({ inputs }: KernelCase<K>): boolean {
  return entriesOf<HostTensor>(inputs).some(({ value }) => value.size > 2048);
}

export async function checkKernel<K extends KernelName>(subject: Subject, kernel: K): Promise<void> {
  const { backend, oracle } = subject;
  const tally = tallyOf(subject, kernel);
  await runCases(casesOf(subject, kernel), async (call) => {
    const before = aliveOn(backend);
    try {
      const reason = refusalOf(backend, call);
      if (reason !== undefined && isLargeForLowering(call)) return;
      tally.ran(reason);
      const expectation = expect(oracle, call);
      const actual = reason === undefined ? await runKernel(backend, expectation) : await runWithTensors(backend, call, 'dispatch');
      for (const comparison of compareOutputs(subject, actual, expectation)) tally.compared(comparison);
    } catch (error) {
      tally.fail();
      throw error;
    }
    checkNothingLeaked(backend, before);
  });
}

/**
 * Compares all outputs of a call with what was expected.
 * @param factor multiplies what is allowed: 2 where both sides are computed in float32
 * @throws SinapseError at the first output that is wrong
 */
export function compareOutputs<K extends KernelName>(
  { grid, settings }: Subject,
  actual: readonly TypedArray[],
  expectation: Expectation<K>,
  factor = 1,
): Comparison[] {
  const { kernel, attrs } = expectation.call;
  const record = recordOf(kernel);
  const allowed = allowedErrors(expectation);
  const integers = inexactIntegers(expectation, grid.integerLimit);
  return expectation.outputs.map(({ name, value: { spec, data } }, i) => {
    const values = actual[i]!;
    if (values.length !== spec.size) throw new SinapseError(`${name} has ${values.length} elements, expected ${spec.size}`);
    const comparison = compare(values, data, {
      dtype: spec.dtype,
      allowed: spec.dtype === 'float32' ? allowed[i] : integers,
      zeroSigns: record.zeroSigns?.(attrs) ?? false,
      floats: grid.floats,
      factor: factor * (settings.tolerance[kernel] ?? 1),
    });
    const { difference, wrong } = comparison;
    if (difference !== undefined) {
      const { index, reason } = difference;
      throw new SinapseError(
        `${name}[${index}] = ${show(difference.actual)}, expected ${show(difference.expected)}: ${reason} (${wrong} of ${spec.size} elements are wrong)`,
      );
    }
    return comparison;
  });
}

function show(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
