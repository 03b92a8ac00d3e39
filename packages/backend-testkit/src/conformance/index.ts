// The suite for a page or an app: the same checks, without vitest, which has no business in a browser's bundle.

export { conformance } from './conformance.ts';
export type { ConformanceOptions, Section } from '../options.ts';
export type { CheckReport, ConformanceReport, KernelReport } from '../report.ts';
export { formatReport } from '../report.ts';
