// Runs the whole suite without a test runner: for apps that ask whether a backend works on this machine, and for tests of the suite.

import type { Backend } from '@sinapse/core';
import { checksOf } from '../checks.ts';
import type { ConformanceOptions } from '../options.ts';
import { settingsOf } from '../options.ts';
import type { CheckReport, ConformanceReport } from '../report.ts';
import type { Subject } from '../subject.ts';
import { subjectOf } from '../subject.ts';

/**
 * Runs the conformance suite on a backend and reports what it found; `formatReport` makes a table of it.
 * @param create makes the backend; the suite closes it
 */
export async function conformance(create: () => Backend | Promise<Backend>, options: ConformanceOptions = {}): Promise<ConformanceReport> {
  const settings = settingsOf(options);
  const subject = await subjectOf(create, settings);
  const checks: CheckReport[] = [];
  for (const { section, name, run } of checksOf(settings)) {
    let error: string | undefined;
    try {
      await run(subject);
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.message : String(thrown);
    }
    checks.push({ section, name, error });
  }
  await subject.backend.close();
  return reportOf(subject, checks);
}

export function reportOf({ backend, settings, tallies }: Subject, checks: readonly CheckReport[]): ConformanceReport {
  return {
    backend: backend.name,
    info: backend.info,
    tier: settings.tier,
    seed: settings.seed,
    kernels: [...tallies.values()].map((tally) => tally.report()),
    checks,
    passed: checks.every(({ error }) => error === undefined),
  };
}
