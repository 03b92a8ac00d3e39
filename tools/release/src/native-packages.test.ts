// A user of backend-cpu gets the native engine if the platform has a package, else WebAssembly; both can train. The first tier packs
// what is already built, the full tier compiles every package as for a release.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closure, install } from './stranger.ts';
import { execute, pack, publicPackages, remove, repository, type Tarball } from './tarball.ts';

const training = `
import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';

const backend = use(await cpu());
const data = imageDataset(digits({ count: 640, seed: 1, split: 'train' })).batch(64);
const model = lenet5();
model.build([28, 28, 1], 1);
const { history } = await fit(model, data, { optimizer: adam({ learningRate: 2e-3 }), loss: softmaxCrossEntropy, epochs: 2, seed: 1 });
console.log(JSON.stringify({ engine: backend.info.engine, notes: backend.info.notes, losses: history.map(({ loss }) => loss) }));
`;

const full = process.env['SINAPSE_TEST_TIER'] === 'full';
let folder = '';
let laidOut = '';
let tarballs: Tarball[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sinapse-publish-'));
  const published = join(folder, 'published');
  laidOut = await execute(
    process.execPath,
    [join(repository, 'tools/release/lay-out-native.mjs'), ...(full ? [] : ['--here']), published],
    repository,
    900_000,
  );
  const names = laidOut.split('\n').filter((line) => line !== '' && !line.includes('LEFT OUT'));
  const others = (await publicPackages()).filter((path) => basename(path) !== 'backend-cpu');
  tarballs = await Promise.all([...names.map((name) => pack(join(published, name), 'npm')), ...others.map((path) => pack(path))]);
}, 960_000);
afterAll(async () => {
  await Promise.all(tarballs.map(remove));
  await rm(folder, { recursive: true, force: true });
});

const named = (name: string) => tarballs.find(({ manifest }) => manifest.name === `@sinapse/${name}`);
const here = `backend-cpu-linux-${process.arch}-gnu`;

/** Trains in an empty project with backend-cpu, the given packages, and those that the training needs. */
async function train(more: readonly Tarball[]): Promise<{ engine: string; notes: string[]; losses: number[] }> {
  const project = await mkdtemp(join(tmpdir(), 'sinapse-stranger-'));
  try {
    const needed = closure(
      ['backend-cpu', 'core', 'datasets', 'layers', 'optimizers', 'training', 'zoo'].map((name) => `@sinapse/${name}`),
      tarballs,
    );
    await install(project, [...needed, ...more], more.length > 0 ? [] : ['--omit=optional']);
    await writeFile(join(project, 'train.js'), training);
    return JSON.parse(await execute(process.execPath, ['train.js'], project)) as { engine: string; notes: string[]; losses: number[] };
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

it('lays out a package for each platform, bound to it, with nothing to run at its installation', async () => {
  const main = named('backend-cpu')!;
  expect(main.files).toEqual(expect.arrayContaining(['build/wasm/simd128.wasm', 'build/wasm/relaxed-threads.wasm', 'dist/index.js']));
  const manifest = JSON.parse(await readFile(join(folder, 'published/backend-cpu/package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  expect(Object.keys(manifest['optionalDependencies']!)).toEqual([
    '@sinapse/backend-cpu-linux-x64-gnu',
    '@sinapse/backend-cpu-linux-arm64-gnu',
  ]);
  for (const tarball of tarballs.filter(({ manifest: { name } }) => name.startsWith('@sinapse/backend-cpu-'))) {
    expect([...tarball.files].sort()).toEqual(['LICENSE', 'README.md', 'package.json', 'sinapse-cpu.node']);
    expect(tarball.manifest).toMatchObject({ version: main.manifest.version, os: ['linux'], libc: ['glibc'] });
    expect(tarball.manifest).not.toHaveProperty('scripts');
  }
});

it('trains with WebAssembly where the native package is not installed, and says why', async () => {
  const { engine, notes, losses } = await train([]);
  expect(engine).toMatch(/^wasm /);
  expect(notes.join('\n')).toContain(`${here} is not installed`);
  expect(losses[1]).toBeLessThan(losses[0]!);
});

const compiler = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64');
it.skipIf(!compiler)(
  'trains natively where it is (needs Linux on x64 or arm64)',
  async ({ skip }) => {
    const native = named(here);
    if (native === undefined) return skip(`needs a C++ compiler: ${laidOut.trim().split('\n').at(-1)}`);
    const { engine, notes, losses } = await train([native]);
    expect(engine).toMatch(/^native /);
    expect(notes).toEqual([]);
    expect(losses[1]).toBeLessThan(losses[0]!);
  },
  120_000,
);
