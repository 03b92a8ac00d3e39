import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runExample, runExamples } from './stranger.ts';
import { pack, publicPackages, remove, type Tarball } from './tarball.ts';

const packages = (await publicPackages()).map((folder) => ({ name: basename(folder), folder }));
const full = process.env['SINAPSE_TEST_TIER'] === 'full';
let tarballs: Tarball[] = [];
/** What the examples print in one project for all; in the full tier each has its own. */
let printed = new Map<Tarball, string>();

beforeAll(async () => {
  tarballs = await Promise.all(packages.map(({ folder }) => pack(folder)));
  if (!full) printed = await runExamples(tarballs);
});
afterAll(() => Promise.all(tarballs.map(remove)));

// The packages are ES modules only, so problems of an old `require` do not count.
const concernsRequire = (problem: object) =>
  'resolutionKind' in problem && (problem.resolutionKind === 'node10' || problem.resolutionKind === 'node16-cjs');

describe.each(packages)('$name', ({ folder }) => {
  const tarball = () => tarballs.find((packed) => packed.folder === folder)!;
  const bytes = async () => new Uint8Array(await readFile(tarball().path));

  it('packs what a user needs and no tests', () => {
    expect(tarball().files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']));
    expect(tarball().files.filter((file) => /\.test\.|tsbuildinfo/.test(file))).toEqual([]);
  });

  it('has a manifest that Node and bundlers read alike', async () => {
    const { messages, pkg } = await publint({ pack: { tarball: (await bytes()).buffer }, level: 'warning', strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('gives TypeScript the types of every entry', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(await bytes()));
    const problems = 'problems' in analysis ? analysis.problems : [{ kind: 'NoTypes' }];
    expect(problems.filter((problem) => !concernsRequire(problem))).toEqual([]);
  });

  it('runs the example of its README from the packed files', async () => {
    expect(full ? await runExample(tarball(), tarballs) : printed.get(tarball())).toMatch(/./);
  });
});
