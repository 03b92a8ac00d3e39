// The public surface of @sinapse/backend-testkit.

export { describeBackend } from './describe-backend.ts';
export type { CheckReport, ConformanceOptions, ConformanceReport, KernelReport, Section } from './conformance/index.ts';
export { conformance, formatReport } from './conformance/index.ts';

export type { Double, DoubleOptions } from './double/index.ts';
export { double, VirtualClock } from './double/index.ts';

export type { GradientCheck, GradientCheckOptions } from './gradients/check-gradients.ts';
export { checkGradients } from './gradients/check-gradients.ts';
