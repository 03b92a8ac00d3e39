// Times kernels on the device, by the timestamps of its compute passes.

import { USAGE } from './flags.ts';
import type { Runner } from './runner.ts';
import type { Staging } from './staging.ts';

/** Bytes of two timestamps in nanoseconds. */
const BYTES = 16;

type Waits = <T>(work: Promise<T>) => Promise<T>;

/**
 * The function `time` of a backend; undefined if the device has no timestamps.
 * @param waits for the device, or rejects when it is lost first
 */
export function timerOf(
  device: GPUDevice,
  runner: Runner,
  staging: Staging,
  waits: Waits,
): ((issue: () => void) => Promise<number>) | undefined {
  if (!device.features.has('timestamp-query')) return undefined;
  const resolved = device.createBuffer({ size: BYTES, usage: USAGE.QUERY_RESOLVE | USAGE.COPY_SRC });
  const milliseconds = async (buffer: GPUBuffer): Promise<number> => {
    const [begin, end] = new BigUint64Array((await staging.words(buffer, BYTES, waits)).buffer);
    return Number(end! - begin!) / 1e6;
  };
  return (issue) => {
    const queries = device.createQuerySet({ type: 'timestamp', count: 2 });
    const ran = runner.timed(queries, issue);
    if (!ran) return Promise.resolve(0); // the kernel had nothing to compute
    const buffer = staging.take(BYTES);
    runner.resolve(queries, resolved);
    runner.copy(resolved, 0, buffer, 0, BYTES);
    runner.submit();
    queries.destroy();
    return milliseconds(buffer);
  };
}
