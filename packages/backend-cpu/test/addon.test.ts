// The addon checks what it is given: wrong arguments are an exception, never a crash.

import fc from 'fast-check';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ABI } from '../src/engine/names.ts';
import type { Addon } from '../src/engine/native.ts';
import { NativeEngine } from '../src/engine/native.ts';
import { FULL } from './fuzz.ts';

const file = fileURLToPath(new URL('../build/native/sinapse-cpu.node', import.meta.url));
type Exported = (...args: unknown[]) => unknown;

describe.skipIf(!existsSync(file))('the addon (needs it to be built)', () => {
  const addon = (existsSync(file) ? createRequire(import.meta.url)(file) : undefined) as Addon;
  const exported = addon as unknown as Readonly<Record<string, Exported>>;

  it('throws a TypeError for arguments that are not what a function takes', () => {
    const block = addon.allocate(64);
    const set = addon.instructionSets[0];
    const calls: readonly (readonly [string, ...unknown[]])[] = [
      ['allocate'],
      ['allocate', '64'],
      ['allocate', -1],
      ['allocate', NaN],
      ['allocate', 64, 64],
      ['free', block],
      ['free', block, 128],
      ['free', block + 8, 64],
      ['free', 0, 0],
      ['write', block, [1, 2]],
      ['write', block, new ArrayBuffer(8)],
      ['write', block, new Float32Array(17)],
      ['write', block + 4, new Float64Array(8)],
      ['write', block - 4, new Float32Array(1)],
      ['write', block + 0.5, new Float32Array(1)],
      ['write', -block, new Float32Array(1)],
      ['write', 2 ** 60, new Float32Array(1)],
      ['read', 0, new Float32Array(1)],
      ['read', 8, new BigInt64Array(1)],
      ['create', set, 1],
      ['create', set, 0, () => undefined],
      ['create', set, 1e9, () => undefined],
      ['create', set, 1.5, () => undefined],
      ['create', 7, 1, () => undefined],
      ['create', 'a name that is longer than any', 1, () => undefined],
      ['scratchBytes', 1],
    ];
    for (const [name, ...args] of calls) expect(() => exported[name](...args), `${name}(${args.map(String).join()})`).toThrow(TypeError);
    addon.write(block, new Float64Array(8).fill(7));
    const back = new Float64Array(8);
    addon.read(block, back);
    expect([...back]).toEqual(Array(8).fill(7));
    addon.free(block, 64);
    expect(() => addon.read(block, back)).toThrow(/inside a block/);
  });

  it('copies as many bytes as an array has, whatever its properties say', () => {
    const block = addon.allocate(64);
    const data = Object.defineProperties(new Float32Array(4), { length: { value: 1e6 }, byteLength: { value: 4e6 } });
    addon.write(block, data);
    expect(() => addon.write(block, Object.defineProperty(new Float32Array(100), 'length', { value: 1 }))).toThrow(/inside a block/);
    addon.free(block, 64);
  });

  it('does nothing with the array of a detached buffer', () => {
    const block = addon.allocate(64);
    const data = new Float32Array(4);
    structuredClone(data.buffer, { transfer: [data.buffer] });
    addon.write(block, data);
    addon.read(block, data);
    addon.free(block, 64);
  });

  it('survives arbitrary arguments', () => {
    const anything = fc.oneof(
      fc.anything({ withTypedArray: true, withBigInt: true, withSparseArray: true }),
      fc.double(),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.constantFrom(...addon.instructionSets, () => undefined),
    );
    fc.assert(
      // Few bytes: `allocate` does what it is asked, and nobody gives it back.
      fc.property(
        fc.constantFrom('free', 'write', 'read', 'create', 'scratchBytes'),
        fc.array(anything, { maxLength: 5 }),
        (name, args) => {
          try {
            exported[name](...args);
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
          }
        },
      ),
      { numRuns: FULL ? 100_000 : 2000 },
    );
  });

  it.each([undefined, ABI - 1, ABI + 1])('is refused when its version is %s', (abi) => {
    const other = { ...addon, abi } as unknown as Addon;
    expect(() => new NativeEngine(other, addon.instructionSets[0], 1)).toThrow(
      /^the native addon .*this package needs \d+: .*npm run build$/,
    );
  });
});
