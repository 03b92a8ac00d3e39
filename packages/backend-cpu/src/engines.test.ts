// Every engine that this machine has passes the conformance suite of backends: the usual engines in the first tier, all in the full tier.

import { describeBackend } from '@sinapse/backend-testkit';
import { describe, expect, it } from 'vitest';
import type { CpuOptions } from './index.ts';
import { cpu } from './index.ts';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

/** Why an engine is missing here; undefined if it is not. */
async function missing(options: CpuOptions): Promise<string | undefined> {
  try {
    await (await cpu(options)).close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Candidate extends CpuOptions {
  readonly tier: 'first' | 'full';
}

const best = await cpu({ engine: 'native' }).then(
  async (backend) => {
    await backend.close();
    return backend.info.engine.split(' ')[1];
  },
  () => 'avx2',
);

const candidates: readonly Candidate[] = [
  { tier: 'first', engine: 'native', instructionSet: best, threads: 2 },
  { tier: 'first', engine: 'wasm', instructionSet: 'simd128', threads: 1 },
  { tier: 'first', engine: 'wasm', instructionSet: 'relaxed-simd', threads: 2 },
  ...['avx512', 'avx2', 'sse2', 'neon']
    .filter((instructionSet) => instructionSet !== best)
    .map((instructionSet): Candidate => ({ tier: 'full', engine: 'native', instructionSet, threads: 2 })),
  { tier: 'full', engine: 'native', instructionSet: best, threads: 1 },
  { tier: 'full', engine: 'wasm', instructionSet: 'simd128', threads: 2 },
  { tier: 'full', engine: 'wasm', instructionSet: 'relaxed-simd', threads: 1 },
];

/** In the first tier, one of the two modules of WebAssembly takes fewer cases: both are compiled from one source. */
const casesOf = ({ instructionSet }: CpuOptions): { casesPerKernel?: number } =>
  instructionSet === 'simd128' && !full ? { casesPerKernel: 24 } : {};

interface Offer {
  readonly name: string;
  readonly options: CpuOptions;
  /** Why it is missing here. */
  readonly reason: string | undefined;
}

const offers: Offer[] = [];
for (const { tier, ...options } of candidates) {
  const name = `${options.engine} ${options.instructionSet}, ${options.threads} threads`;
  if (tier === 'first' || full) offers.push({ name, options, reason: await missing(options) });
}

for (const { name, options } of offers.filter(({ reason }) => reason === undefined)) {
  describeBackend(name, () => cpu({ ...options, poison: true }), casesOf(options));
}

for (const { name, reason } of offers.filter(({ reason }) => reason !== undefined)) {
  it.skipIf(reason)(`${name} passes the suite (needs the engine: ${reason})`, () => expect(reason).toBeUndefined());
}

describe('cpu', () => {
  it('takes the best engine there is, and says why not a better one', async () => {
    const backend = await cpu();
    const order = ['native', 'wasm', 'TypeScript'];
    const rank = order.findIndex((name) => backend.info.engine.startsWith(name));
    expect(rank).toBeGreaterThanOrEqual(0);
    expect(backend.info.notes.length).toBeGreaterThanOrEqual(rank);
    await backend.close();
  });

  it.each([
    [{ engine: 'nativ' as 'native' }, /^cpu: engine: expected one of native, wasm, reference, got "nativ"; did you mean native?/],
    [{ threads: 0 }, /^cpu: threads: expected an integer from 1 to 256, got 0/],
    [{ threads: 1.5 }, /^cpu: threads: expected an integer/],
    [{ thread: 2 }, /^cpu: thread is no option; did you mean threads/],
    [{ wasm: { simd: '/simd128.wasm' } }, /^cpu: wasm: expected the address of a folder, or addresses by name: relaxed-threads, /],
    [{ engine: 'wasm' as const, instructionSet: 'avx2' }, /^cpu: the engine wasm cannot be had: wasm: there is no instruction set avx2/],
    [{ engine: 'native' as const, instructionSet: 'mmx' }, /the engine native cannot be had/],
  ])('refuses %o', async (options, message) => {
    await expect(cpu(options as CpuOptions)).rejects.toThrow(message);
  });
});
