// docs/datasets.md names everything that the package of data sets exports for users, and every set by name with its figures.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as datasets from '@sinapse/datasets';
import * as files from '@sinapse/datasets/node';
import * as tables from '@sinapse/datasets/tables';
import { expect, test } from 'vitest';
import { compileGuide } from './guide.ts';
import { repository } from './tarball.ts';

const page = readFileSync(join(repository, 'docs/datasets.md'), 'utf8');

/** What programs need that keep sets of their own. */
const FOR_AUTHORS: ReadonlySet<string> = new Set(['checkImageSet', 'parsePreprocessing', 'datasetNames', 'loadSplit', 'MNIST_MIRRORS']);

test('the page names every export', () => {
  const names = [datasets, files, tables].flatMap((exports) => Object.keys(exports)).filter((name) => !FOR_AUTHORS.has(name));
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
});

test('the page names every stage of a dataset', () => {
  const stages = Object.getOwnPropertyNames(datasets.Dataset.prototype).filter(
    (name) => !['constructor', 'toString', 'slice', 'length'].includes(name),
  );
  expect(stages.filter((name) => !page.includes(`${name}(`))).toEqual([]);
});

test('a row for each set says what the registry says', () => {
  for (const name of files.datasetNames) {
    const { train, test: tests, classes, megabytes, licence } = files.describeDataset(name);
    const count = (value: number): string => value.toLocaleString('en-US');
    const row = new RegExp(`^\\| \`${name}\` +\\| .+? +\\| (.+?) +\\| (.+?) +\\| (.+?) +\\| (.+?) +\\|$`, 'm').exec(page);
    const download = megabytes === 0 ? 'none' : `${megabytes} MB`;
    expect(row?.slice(1)).toEqual([`${count(train)} + ${count(tests)}`, `${classes}`, download, licence.replace(', as sinapse', '')]);
  }
});

test('a row for each synthetic set says what the registry says', () => {
  for (const name of datasets.syntheticNames)
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` +\\| ${datasets.describeSynthetic(name).replace('?', '\\?')}`, 'm'));
});

/** The programs of the page as one: each in a block of its own, with the imports of all in front. */
function joined(): string {
  const imports = new Map<string, Set<string>>();
  const blocks = [...page.matchAll(/^```ts run\n([\s\S]*?)^```$/gm)].map(([, code]) =>
    code!.replace(/^import \{ (.*) \} from '(.*)';$/gm, (_, names: string, from: string) => {
      for (const name of names.split(', ')) imports.set(from, (imports.get(from) ?? new Set()).add(name));
      return '';
    }),
  );
  const lines = [...imports].map(([from, names]) => `import { ${[...names].join(', ')} } from '${from}';`);
  return [...lines, ...blocks.map((block) => `{\n${block}}`)].join('\n');
}

test('the programs of the page run', { timeout: 120_000 }, () => {
  const { javascript } = compileGuide('datasets', joined());
  const printed = execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' });
  for (const line of [
    '[ 32, 2 ] [ 32 ]',
    '[ 32, 28, 28, 1 ]',
    'mass, mass missing, island=A, island=B',
    '[ 2, 5 ]',
    '[ 3, 3 ] [ 3, 1 ]',
    '[ 4, 31, 32, 1 ]',
  ])
    expect(printed).toContain(line);
});
