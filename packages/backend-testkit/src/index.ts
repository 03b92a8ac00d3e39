// The public surface of @sinapse/backend-testkit.

export { describeBackend } from './describe-backend.ts';
export { conformance } from './conformance.ts';
export type { ConformanceOptions, Section } from './options.ts';
export type { CheckReport, ConformanceReport, KernelReport } from './report.ts';
export { formatReport } from './report.ts';

export type { GradientCheck, GradientCheckOptions } from './gradients/check-gradients.ts';
export { checkGradients } from './gradients/check-gradients.ts';
