// The double of a device, for tests of what answers late, is lost, or runs out of memory.

export type { Double, DoubleOptions } from './double.ts';
export { double } from './double.ts';
export { VirtualClock } from './clock.ts';
