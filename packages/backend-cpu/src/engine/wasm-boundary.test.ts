// Addresses above 2 GiB, which WebAssembly hands to JavaScript as negative numbers.

import { conformance } from '@sinapse/backend-testkit';
import { full, scope, sort, withBackend } from '@sinapse/core';
import { readFile } from 'node:fs/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { EngineBackend } from './backend.ts';
import { Heap } from './heap.ts';
import { importObject } from './wasm-boundary.ts';
import { WasmEngine } from './wasm.ts';

const GIB = 2 ** 30;
const bytes = await readFile(new URL('../../build/wasm/simd128.wasm', import.meta.url));

afterEach(() => void vi.restoreAllMocks());

/** A backend all of whose memory lies above `base` bytes. Nobody writes the memory below, so the system gives none for it. */
async function backendAbove(base: number): Promise<{ engine: WasmEngine; backend: EngineBackend }> {
  const engine = new WasmEngine({ name: 'simd128', module: await WebAssembly.compile(bytes) }, 1);
  engine.allocate(base);
  return { engine, backend: new EngineBackend(engine, { notes: [], poison: true }) };
}

it('every address that a module hands over is a number from 0 to 2^32 - 1', () => {
  const given: number[] = [];
  const unused = (): never => expect.fail('not called');
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { host } = importObject(memory, {
    allocate: () => 0,
    free: (address) => given.push(address),
    refuse: unused,
    startWorkers: unused,
  });
  for (const signed of [64, 2 ** 31 - 64, -(2 ** 31), -64]) (host.free as (signed: number) => void)(signed);
  expect(given).toEqual([64, 2 ** 31 - 64, 2 ** 31, 2 ** 32 - 64]);
});

it('a module imports and exports nothing with an address that the boundary does not know', async () => {
  const module = await WebAssembly.compile(bytes);
  const imported = WebAssembly.Module.imports(module).map(({ name }) => name);
  expect(imported.sort()).toEqual(['allocate', 'free', 'memory', 'refuse']);
  const { exports } = new WebAssembly.Instance(module, {
    env: { memory: new WebAssembly.Memory({ initial: 256 }) },
    host: { allocate: () => 0, free: () => undefined, refuse: () => undefined },
  });
  const others = WebAssembly.Module.exports(module).filter(
    ({ name, kind }) => !(kind === 'function' && (exports[name] as () => void).length === 0),
  );
  expect(others.map(({ name }) => name).sort()).toEqual(['__heap_base', '__stack_pointer', 'setThreads']);
});

it('kernels are right above 2 GiB, and give every block of scratch memory back', async () => {
  const { engine, backend } = await backendAbove(2.1 * GIB);
  const released = vi.spyOn(Heap.prototype, 'release');
  const { checks } = await conformance(() => backend, { casesPerKernel: 8 });
  expect(checks.filter(({ error }) => error !== undefined)).toEqual([]);
  const addresses = released.mock.calls.map(([start]) => start);
  expect(addresses.length).toBeGreaterThan(100);
  expect(addresses.every((start) => start > 2.1 * GIB && start < 4 * GIB)).toBe(true);
  expect(engine.workspaceBytes()).toBeLessThan(2 ** 20);
});

it.skipIf(process.env['SINAPSE_TEST_TIER'] !== 'full')(
  'scratch memory too large to be kept comes back (full tier: takes 10 s)',
  async () => {
    const { backend } = await backendAbove(2.5 * GIB);
    // It takes 272 MiB, which fit three times at most.
    withBackend(backend, () => {
      for (let round = 0; round < 5; round++) scope(() => expect(sort(full([1, 17 * 2 ** 20], 1)).values.size).toBe(17 * 2 ** 20));
    });
    await backend.close();
  },
);
