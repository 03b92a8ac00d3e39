// The limits of the machine: Williams, Waterman, Patterson 2009, "Roofline: an insightful visual performance model for multicore architectures".

import { matmulCases } from '../cases/matmul.ts';
import type { ReportedCase } from '../cases/bench-case.ts';
import { rate } from '../cases/bench-case.ts';
import type { Contestant } from '../contestants.ts';
import { measure } from './measure.ts';

export interface Roofline {
  /** Bytes per second, read and written, of a copy on one thread that is larger than the caches. */
  readonly copyBytesPerSecond: number;
  /** The fastest matrix product of all contestants, for each number of threads: the peak that is reachable with operands in memory. */
  readonly arithmetic: readonly Arithmetic[];
}

interface Arithmetic {
  readonly threads: number;
  readonly flopsPerSecond: number;
  /** The contestant that reached it. */
  readonly from: string;
}

const COPIED_BYTES = 256 * 2 ** 20;
/** The contestants that can come near the processor's peak. */
const SWIFT = ['numpy', 'onnxruntime-node', 'sinapse-native'];

export async function measureRoofline(contestants: readonly Contestant[], threads: readonly number[]): Promise<Roofline> {
  const benchCase = matmulCases.find(({ name }) => name === 'matmul-1024')!;
  const swift = contestants.filter(({ name }) => SWIFT.includes(name));
  const entries = await measure(benchCase, { contestants: swift, threads, rounds: 3, seconds: 0.2, limit: 30 });
  const arithmetic = threads.flatMap((count) => {
    const rates = entries.flatMap(({ contestant, threads: used, result }) =>
      used <= count && 'least' in result ? [{ flopsPerSecond: 1e9 * rate(benchCase, result.least), contestant }] : [],
    );
    const [best] = rates.sort((a, b) => b.flopsPerSecond - a.flopsPerSecond);
    if (best === undefined) return [];
    const { title } = swift.find(({ name }) => name === best.contestant)!;
    return [{ threads: count, flopsPerSecond: best.flopsPerSecond, from: `${title}, ${benchCase.title}` }];
  });
  return { copyBytesPerSecond: copyBandwidth(), arithmetic };
}

/** Bytes per second of the best of several copies; `set` uses the system's memmove. */
function copyBandwidth(): number {
  const from = new Uint8Array(COPIED_BYTES).fill(1);
  const to = new Uint8Array(COPIED_BYTES).fill(2);
  const seconds = Array.from({ length: 7 }, () => {
    const begin = performance.now();
    to.set(from);
    return (performance.now() - begin) / 1000;
  });
  return (2 * COPIED_BYTES) / Math.min(...seconds);
}

/**
 * Most operations per second of a case, limited by arithmetic, or by reading every input and writing every output once. Undefined if the
 * case's bytes are unknown or nothing was measured. Winograd's convolution may exceed it, because it multiplies less than is counted.
 */
export function computeBound(roofline: Roofline, { flops, bytes, unit }: ReportedCase, threads: number): number | undefined {
  const peak = roofline.arithmetic.findLast((one) => one.threads <= threads)?.flopsPerSecond;
  if (peak === undefined || bytes === undefined || unit !== 'GFLOP/s') return undefined;
  return Math.min(peak, (flops / bytes) * roofline.copyBytesPerSecond);
}
