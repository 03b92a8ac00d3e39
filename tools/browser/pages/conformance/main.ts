// Runs the conformance suite in a page, as an app would to find out whether a backend works on the user's machine.

import { cpu } from '@sinapse/backend-cpu';
import type { ConformanceReport } from '@sinapse/backend-testkit/conformance';
import { conformance } from '@sinapse/backend-testkit/conformance';
import { publish } from '../../src/outcome.ts';

publish(async () => {
  const reports: ConformanceReport[] = [];
  for (const engine of ['reference', 'wasm'] as const)
    reports.push(await conformance(() => cpu({ engine, threads: 1, poison: true }), { casesPerKernel: 8 }));
  return reports;
});
