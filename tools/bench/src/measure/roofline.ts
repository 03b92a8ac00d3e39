// What the machine can do: Williams, Waterman, Patterson 2009, "Roofline: an insightful visual performance model for multicore architectures".

import { matmulCases } from '../cases/matmul.ts';
import type { ReportedCase } from '../cases/bench-case.ts';
import { rate } from '../cases/bench-case.ts';
import type { Contestant } from '../contestants.ts';
import { measure } from './measure.ts';

export interface Roofline {
  /** Bytes read and written in a second by a copy on one thread, larger than the caches. */
  readonly copyBytesPerSecond: number;
  /** The fastest product of matrices found, for each number of threads: what is left of the peak once operands must be fetched. */
  readonly arithmetic: readonly Arithmetic[];
}

interface Arithmetic {
  readonly threads: number;
  readonly flopsPerSecond: number;
  /** Who reached it. */
  readonly from: string;
}

const COPIED_BYTES = 256 * 2 ** 20;
/** Those that can come near the peak of the processor. */
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

/** The best of several copies: `set` is the system's own memmove. */
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
 * Operations a second that a case can reach: bound by arithmetic, or by reading every input and writing every output once. Undefined where a case's
 * bytes are not known, or nothing was measured. Winograd's convolution, which multiplies less often than the plain algorithm counts, may go beyond.
 */
export function computeBound(roofline: Roofline, { flops, bytes, unit }: ReportedCase, threads: number): number | undefined {
  const peak = roofline.arithmetic.findLast((one) => one.threads <= threads)?.flopsPerSecond;
  if (peak === undefined || bytes === undefined || unit !== 'GFLOP/s') return undefined;
  return Math.min(peak, (flops / bytes) * roofline.copyBytesPerSecond);
}
