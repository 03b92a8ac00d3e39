// The double: a stand-in for a device, for tests of late answers, lost devices and memory that runs out.

export type { Double, DoubleOptions } from './double.ts';
export { double } from './double.ts';
export { VirtualClock } from './clock.ts';
