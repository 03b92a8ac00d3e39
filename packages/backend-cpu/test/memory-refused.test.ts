// Memory that the system refuses: an error says so, and everything is as before. Each case runs in a process of its own.

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { FULL } from './fuzz.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const addon = existsSync(path('../build/native/sinapse-cpu.node'));
const folder = mkdtempSync(join(tmpdir(), 'sinapse-memory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function child(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { stdout } = await promisify(execFile)(command, args, { env: { ...process.env, ...env } });
  return JSON.parse(stdout);
}

const compiler = 'cc';

function hasCompiler(): boolean {
  try {
    execFileSync(compiler, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

it.skipIf(!(addon && process.platform === 'linux'))(
  'native survives a system that gives no more memory (needs the addon, on Linux)',
  async () => {
    // Node itself takes most of it; the blocks of the test are never written.
    const said = await child('/bin/sh', ['-c', `ulimit -v 2500000 && exec "$0" "$1"`, process.execPath, path('little-memory-child.mjs')]);
    expect(said).toMatchObject({ before: [true, true, true], after: [true, true, true], kept: true });
    const { blocks, large } = said as { readonly blocks: number; readonly large: readonly (boolean | string)[] };
    expect(blocks).toBeGreaterThan(10);
    expect(large.filter((outcome) => outcome !== true && outcome !== 'OutOfMemoryError')).toEqual([]);
    expect(large).toContain('OutOfMemoryError');
  },
);

describe('a kernel that is refused memory, at any of its requests, changes nothing and runs afterwards', () => {
  // Every gradient is made of the same kernels, so the first tier leaves them out.
  const options = JSON.stringify(FULL ? { casesPerKernel: 120 } : { casesPerKernel: 6, sections: ['kernels', 'behaviour'] });
  const expected = {
    problems: [],
    refused: expect.arrayContaining([
      'adamStep',
      'batchNorm',
      'conv2d',
      'conv2dInputGrad',
      'elementwise',
      'matmul',
      'reduce',
      'sort',
    ]) as string[],
  };

  it.skipIf(!(addon && process.platform === 'linux' && hasCompiler()))('native (needs the addon, and cc on Linux)', async () => {
    const allocator = join(folder, 'refuse.so');
    execFileSync(compiler, ['-shared', '-fPIC', '-O1', path('refusing-allocator.c'), '-o', allocator, '-ldl']);
    expect(await child(process.execPath, [path('memory-refused-child.mjs'), 'native', options], { LD_PRELOAD: allocator })).toMatchObject(
      expected,
    );
  });

  it('wasm', async () => {
    expect(await child(process.execPath, [path('memory-refused-child.mjs'), 'wasm', options])).toMatchObject(expected);
  });
});
