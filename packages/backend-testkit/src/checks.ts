// The list of all checks. vitest makes a test of each; a run without vitest goes through the same list.

import type { DerivedKernel, KernelName } from '@sinapse/core';
import { kernelDefinitions } from '@sinapse/core';
import { gradientCases } from '@sinapse/core/cases';
import type { Rule } from './behaviour/rule.ts';
import { behaviourRules } from './behaviour/rules.ts';
import { checkOpGradient } from './gradients/op-check.ts';
import { checkKernel } from './kernel-check.ts';
import { checkLowering } from './lowering-check.ts';
import type { Section, Settings } from './options.ts';
import type { Subject } from './subject.ts';
import { aliveOn, checkNothingLeaked, kernelsOf } from './subject.ts';

export interface Check {
  readonly section: Section;
  readonly name: string;
  /** Throws when the backend fails the check. */
  readonly run: (subject: Subject) => void | Promise<void>;
}

export function checksOf(settings: Settings): Check[] {
  const kernels = kernelsOf(settings);
  const all: Check[] = [
    ...kernels.map((kernel) => ({ section: 'kernels' as const, name: kernel, run: (subject: Subject) => checkKernel(subject, kernel) })),
    ...kernels
      .filter(isDerived)
      .map((kernel) => ({ section: 'lowerings' as const, name: kernel, run: (subject: Subject) => checkLowering(subject, kernel) })),
    ...opsOf(settings)
      .flatMap((op) => gradientCases[op]!)
      .map((gradientCase) => ({
        section: 'gradients' as const,
        name: gradientCase.name,
        run: (subject: Subject) => checkOpGradient(subject, gradientCase),
      })),
    ...behaviourRules.map((rule) => ({
      section: 'behaviour' as const,
      name: rule.name,
      run: (subject: Subject) => checkRule(subject, rule),
    })),
  ];
  return all.filter(({ section }) => settings.sections.includes(section));
}

/** Checks a rule, and that the check left no storage or tensor behind. */
async function checkRule(subject: Subject, rule: Rule): Promise<void> {
  const before = aliveOn(subject.backend);
  await rule.run(subject);
  checkNothingLeaked(subject.backend, before);
}

/** The differentiable ops that the settings ask for. */
function opsOf({ ops }: Settings): string[] {
  const all = Object.keys(gradientCases);
  return ops === undefined ? all : all.filter((op) => ops.includes(op));
}

function isDerived(kernel: KernelName): kernel is DerivedKernel {
  return kernelDefinitions[kernel].lower !== undefined;
}
