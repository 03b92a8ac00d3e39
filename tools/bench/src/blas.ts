// The BLAS of a peer in Python decides how fast it multiplies: OpenBLAS takes the kernels of a core type, and a release that does not know a
// processor takes those of an older one; the reference BLAS of netlib is not made for speed at all.

import { readFileSync } from 'node:fs';
import type { Setting } from './setting.ts';

/** What python/blas.py says. */
export interface Blas {
  readonly kind: 'openblas' | 'reference' | 'other';
  readonly name: string;
  /** The core type that OpenBLAS chose by itself. */
  readonly core: string;
}

/** Core types of OpenBLAS for x86-64 by the instructions they need, as /proc/cpuinfo names them. */
const CORE_TYPES: readonly (readonly [type: string, needs: readonly string[]])[] = [
  ['Cooperlake', ['avx512f', 'avx512bw', 'avx512vl', 'avx512_bf16']],
  ['SkylakeX', ['avx512f', 'avx512bw', 'avx512vl']],
  ['Haswell', ['avx2', 'fma']],
  ['Zen', ['avx2', 'fma']],
];

/** The core types, besides its own choice, to measure OpenBLAS with: all that the processor can run. None for another BLAS. */
export function otherCoreTypes({ kind, core }: Blas, flags: ReadonlySet<string>): readonly string[] {
  if (kind !== 'openblas') return [];
  return CORE_TYPES.filter(([type, needs]) => type.toLowerCase() !== core.toLowerCase() && needs.every((flag) => flags.has(flag))).map(
    ([type]) => type,
  );
}

/** Each setting with OpenBLAS's own choice, then with each of the other core types. */
export function withCoreTypes(settings: readonly Setting[], types: readonly string[]): readonly Setting[] {
  return settings.flatMap((setting) => [
    setting,
    ...types.map((type) => ({
      ...setting,
      label: [setting.label, `OPENBLAS_CORETYPE=${type}`].filter(Boolean).join(', '),
      environment: { ...setting.environment, OPENBLAS_CORETYPE: type },
    })),
  ]);
}

/** Why ratios to a library with this BLAS would say nothing, or undefined. */
export function handicapOf(blas: Blas): string | undefined {
  return blas.kind === 'reference' ? 'it multiplies with the reference BLAS, which is not made for speed; install OpenBLAS' : undefined;
}

/** The instruction sets of this processor; empty where the system does not say. */
export function processorFlags(): ReadonlySet<string> {
  try {
    return new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.trim().split(/\s+/));
  } catch {
    return new Set();
  }
}
