// The entry for pages and apps: the same checks without vitest, so that a browser's bundle does not contain it.

export { conformance } from './conformance.ts';
export type { ConformanceOptions, Section } from '../options.ts';
export type { CheckReport, ConformanceReport, KernelReport } from '../report.ts';
export { formatReport } from '../report.ts';
