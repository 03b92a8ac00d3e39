// The same call gives the same bits, and another key gives other random numbers.

import type { KernelName } from '@sinapse/core';
import { dropout, ones, randomUniform, scope, withBackend } from '@sinapse/core';
import type { KernelCase } from '../grid/kernel-case.ts';
import { describeCase } from '../grid/kernel-case.ts';
import { entriesOf } from '../grid/slots.ts';
import type { HostTensor } from '../grid/values.ts';
import { casesOf, isLargeForLowering } from '../kernel-check.ts';
import { runKernel } from '../run-kernel.ts';
import type { Subject } from '../subject.ts';
import { kernelsOf, refusalOf, runWithTensors } from '../subject.ts';
import { expect } from '../tolerances/expectation.ts';
import type { Rule } from './rule.ts';
import { demand, demandSame } from './rule.ts';

const LOOKED_AT = 40;

/** Two of the first cases of a kernel's grid with ordinary values: any one, and the largest, whose work threads would share. */
function chosen<K extends KernelName>(subject: Subject, kernel: K): KernelCase<K>[] {
  const sizeOf = ({ inputs }: KernelCase<K>): number => entriesOf<HostTensor>(inputs).reduce((total, { value }) => total + value.size, 0);
  let first: KernelCase<K> | undefined;
  let largest: KernelCase<K> | undefined;
  for (const call of casesOf(subject, kernel)) {
    if (call.index === LOOKED_AT) break;
    if (call.values !== 'ordinary' || (isLargeForLowering(call) && refusalOf(subject.backend, call) !== undefined)) continue;
    first ??= call;
    if (largest === undefined || sizeOf(call) > sizeOf(largest)) largest = call;
  }
  return first === undefined || largest === undefined ? [] : [first, largest];
}

async function checkRepeats<K extends KernelName>(subject: Subject, kernel: K): Promise<void> {
  for (const call of chosen(subject, kernel)) {
    const expectation = expect(subject.oracle, call);
    const run = () =>
      refusalOf(subject.backend, call) === undefined
        ? runKernel(subject.backend, expectation)
        : runWithTensors(subject.backend, call, 'dispatch');
    const once = await run();
    const again = await run();
    once.forEach((values, i) => demandSame(`${describeCase(call)}, run twice`, again[i]!, values));
  }
}

export const repeatabilityRules: readonly Rule[] = [
  {
    name: 'the same call gives the same bits',
    run: async (subject) => {
      for (const kernel of kernelsOf(subject.settings)) await checkRepeats(subject, kernel);
    },
  },
  {
    name: 'random numbers follow from their seed',
    run: async ({ backend }) => {
      const draw = (seed: number): readonly Promise<ArrayLike<number>>[] =>
        withBackend(backend, () => scope(() => [randomUniform([100], { seed }), dropout(ones([100]), 0.5, seed)].map((x) => x.data())));
      const [uniform, dropped] = await Promise.all(draw(1));
      const [sameUniform, sameDropped] = await Promise.all(draw(1));
      const [otherUniform, otherDropped] = await Promise.all(draw(2));
      const equal = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => Array.from(a).every((value, i) => value === b[i]);
      demand(equal(uniform!, sameUniform!) && equal(dropped!, sameDropped!), 'one seed gave two results');
      demand(!equal(uniform!, otherUniform!) && !equal(dropped!, otherDropped!), 'two seeds gave one result');
    },
  },
];
