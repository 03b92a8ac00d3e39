// `npm run pack`: what it packs is installed in an empty project without a network, and runs there on every engine of this machine.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { execute, publicPackages, repository } from './tarball.ts';

const folder = mkdtempSync(join(tmpdir(), 'sinapse-pack-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pack = (...args: string[]) =>
  execute(process.execPath, [join(repository, 'tools/release/pack.mjs'), '--quick', ...args], repository, 300_000);

const program = `
import { cpu } from '@sinapse/backend-cpu';
import { tensor, use } from '@sinapse/core';
for (const engine of [undefined, 'wasm']) {
  const backend = use(await cpu({ engine }));
  console.log(backend.info.engine.split(' ')[0], (await tensor([1, 2]).add(1).data()).join(' '));
}`;

it('packs every package; they install without a network and run, natively where a compiler is, and as WebAssembly', async () => {
  const packed = join(folder, 'packed');
  const { version } = JSON.parse(readFileSync(join(repository, 'packages/core/package.json'), 'utf8')) as { version: string };
  const older = join(packed, `sinapse-core-${version}.tgz`);
  mkdirSync(packed);
  writeFileSync(older, 'older');
  await pack(packed); // the newer packages take the place of the older
  expect(statSync(older).size).toBeGreaterThan(10_000);
  const names = readdirSync(packed);
  for (const path of await publicPackages()) expect(names.some((name) => name.startsWith(`sinapse-${basename(path)}-0`))).toBe(true);
  expect(names.every((name) => name.endsWith('.tgz'))).toBe(true);

  const project = mkdtempSync(join(folder, 'project-'));
  const tarballs = names.map((name) => join(packed, name));
  await execute('npm', ['install', '--offline', '--cache', join(folder, 'cache'), '--no-audit', '--no-fund', ...tarballs], project);
  writeFileSync(join(project, 'program.mjs'), program);
  const lines = (await execute(process.execPath, ['program.mjs'], project)).trim().split('\n');
  expect(lines).toEqual([expect.stringMatching(/^(native|wasm) 2 3$/), 'wasm 2 3']);
});

it.each([[[]], [['a', 'b']], [['--help']], [['']]])('says how to call it, in one line, for %j', async (args) => {
  await expect(pack(...args)).rejects.toThrow(/\nsinapse: usage: npm run pack -- \[--quick\] FOLDER, .*\n$/);
});

it('refuses a file', async () => {
  await expect(pack(join(repository, 'package.json'))).rejects.toThrow('package.json is a file, but a folder is needed');
});
