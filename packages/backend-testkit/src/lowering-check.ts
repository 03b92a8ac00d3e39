// Compares every derived kernel that the backend has with its lowering, which runs on the backend's other kernels. The derived kernels of the
// reference are compared with their lowerings in float64, where both must agree almost exactly. If the backend lacks a kernel, checkKernel has
// tested its lowering already.

import type { DerivedKernel } from '@sinapse/core';
import { SinapseError } from '@sinapse/core';
import { casesOf, compareOutputs, isLargeForLowering, runCases } from './kernel-check.ts';
import type { Cases } from './grid/kernel-case.ts';
import type { Subject } from './subject.ts';
import { aliveOn, checkNothingLeaked, refusalOf, runWithTensors, tallyOf } from './subject.ts';
import { expect } from './tolerances/expectation.ts';

export async function checkLowering<K extends DerivedKernel>(subject: Subject, kernel: K): Promise<void> {
  const { backend, oracle, grid } = subject;
  if (backend.kernels[kernel] === undefined && oracle.kernels[kernel] === undefined) return;
  const tally = tallyOf(subject, kernel);
  await runCases(smallCases(casesOf(subject, kernel), grid.full ? 200 : 30), async (call) => {
    const before = aliveOn(backend);
    const expectation = expect(oracle, call);
    if (oracle.kernels[kernel] !== undefined) {
      const onOracle = await runWithTensors(oracle, call, 'lowering');
      attempt('the lowering on the reference', () => compareOutputs(subject, onOracle, expectation));
    }
    if (backend.kernels[kernel] === undefined) return;
    const lowered = await runWithTensors(backend, call, 'lowering');
    if (refusalOf(backend, call) === undefined) {
      const native = await runWithTensors(backend, call, 'dispatch');
      const outputs = expectation.outputs.map(({ name, slot, value }, i) => ({
        name,
        slot,
        value: { spec: value.spec, data: native[i]! },
      }));
      const compared = attempt('the lowering, the kernel expected', () => compareOutputs(subject, lowered, { ...expectation, outputs }, 2));
      for (const comparison of compared) tally.comparedLowering(comparison);
    } else {
      attempt('the lowering', () => compareOutputs(subject, lowered, expectation));
    }
    checkNothingLeaked(backend, before);
  });
}

function* smallCases<K extends DerivedKernel>(cases: Cases<K>, count: number): Cases<K> {
  let left = count;
  for (const call of cases) {
    if (left === 0) return;
    if (isLargeForLowering(call)) continue;
    left--;
    yield call;
  }
}

function attempt<T>(what: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw new SinapseError(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
