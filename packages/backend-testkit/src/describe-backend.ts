// The suite as vitest tests. Nothing else in this package imports vitest.

import type { Backend } from '@sinapse/core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Check } from './checks.ts';
import { checksOf } from './checks.ts';
import { reportOf } from './conformance/conformance.ts';
import type { ConformanceOptions, Section } from './options.ts';
import { settingsOf } from './options.ts';
import type { CheckReport } from './report.ts';
import { formatReport } from './report.ts';
import type { Subject } from './subject.ts';
import { subjectOf } from './subject.ts';

const TITLES: Readonly<Record<Section, string>> = {
  kernels: 'kernel',
  lowerings: 'lowering',
  gradients: 'gradient',
  behaviour: 'backend',
};

/** Milliseconds for one check; a slow device with a large grid takes minutes. */
const TIMEOUT = { quick: 120_000, full: 1_800_000 };

/**
 * Defines the conformance suite's tests for a backend: every kernel against a float64 reference, every lowering against its kernel, every op's
 * gradient, and the rules of the interface. Prints a table of all kernels at the end.
 * @param create makes the backend; it is called when the tests begin, and the suite closes what it makes
 */
export function describeBackend(name: string, create: () => Backend | Promise<Backend>, options: ConformanceOptions = {}): void {
  const settings = settingsOf(options);
  describe(`backend ${name}`, () => {
    let subject: Subject | undefined;
    const results: CheckReport[] = [];

    beforeAll(async () => {
      subject = await subjectOf(create, settings);
    }, TIMEOUT.quick);

    afterAll(async () => {
      if (subject === undefined) return;
      console.log(formatReport(reportOf(subject, results)));
      await subject.backend.close();
    });

    const run = async ({ section, name: check, run: runCheck }: Check): Promise<void> => {
      try {
        await runCheck(subject!);
        results.push({ section, name: check, error: undefined });
      } catch (error) {
        results.push({ section, name: check, error: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    };
    for (const check of checksOf(settings)) test(`${TITLES[check.section]} ${check.name}`, () => run(check), TIMEOUT[settings.tier]);
  });
}
