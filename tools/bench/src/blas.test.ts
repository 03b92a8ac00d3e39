import { expect, test } from 'vitest';
import type { Blas } from './blas.ts';
import { handicapOf, otherCoreTypes, withCoreTypes } from './blas.ts';

const openblas = (core: string): Blas => ({ kind: 'openblas', name: 'OpenBLAS 0.3.21', core });
const SAPPHIRE_RAPIDS = new Set(['avx2', 'fma', 'avx512f', 'avx512bw', 'avx512vl', 'avx512_bf16']);

test('a processor that OpenBLAS does not know is measured with every core type that it can run', () => {
  expect(otherCoreTypes(openblas('Prescott'), SAPPHIRE_RAPIDS)).toEqual(['Cooperlake', 'SkylakeX', 'Haswell', 'Zen']);
  expect(otherCoreTypes(openblas('Haswell'), new Set(['avx2', 'fma']))).toEqual(['Zen']);
  expect(otherCoreTypes(openblas('SkylakeX'), SAPPHIRE_RAPIDS)).not.toContain('SkylakeX');
  expect(otherCoreTypes(openblas('Nehalem'), new Set(['sse2']))).toEqual([]);
});

test('another BLAS has no core types', () => {
  expect(otherCoreTypes({ kind: 'reference', name: 'reference BLAS', core: '' }, SAPPHIRE_RAPIDS)).toEqual([]);
  expect(otherCoreTypes({ kind: 'other', name: '', core: '' }, SAPPHIRE_RAPIDS)).toEqual([]);
});

test('every setting is measured with every core type, and its label says which', () => {
  const settings = withCoreTypes([{ label: '', options: {} }, { label: 'channels last', options: { channelsLast: true } }], ['SkylakeX']); // prettier-ignore
  expect(settings.map(({ label, environment }) => [label, environment?.OPENBLAS_CORETYPE])).toEqual([
    ['', undefined],
    ['OPENBLAS_CORETYPE=SkylakeX', 'SkylakeX'],
    ['channels last', undefined],
    ['channels last, OPENBLAS_CORETYPE=SkylakeX', 'SkylakeX'],
  ]);
  expect(settings[3]!.options).toEqual({ channelsLast: true });
});

test('the reference BLAS is a handicap, OpenBLAS is none', () => {
  expect(handicapOf({ kind: 'reference', name: 'reference BLAS', core: '' })).toContain('reference BLAS');
  expect(handicapOf(openblas('Zen'))).toBeUndefined();
});
