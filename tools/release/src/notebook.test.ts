// The programs that a run's notebook and report hold compile strictly, run in the run's folder, and print what the notebook says.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { compileGuide } from './guide.ts';

const binary = fileURLToPath(new URL('../../../apps/cli/dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sinapse-notebook-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SEPARATOR = '--- next cell';

interface Cell {
  readonly cell_type: string;
  readonly source: string;
  readonly outputs: readonly { readonly text: string }[];
}

function sinapse(...args: string[]): void {
  execFileSync(process.execPath, [binary, ...args], { cwd: folder, stdio: 'pipe' });
}

function runIn(run: string, name: string, code: string): string {
  const { javascript } = compileGuide(name, code, ['node']);
  return execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8', cwd: join(folder, run) });
}

/** Runs the cells of a notebook and the program of its report. */
function check(run: string): string {
  sinapse('report', run, '--notebook');
  const { cells } = JSON.parse(readFileSync(join(folder, run, 'report.ipynb'), 'utf8')) as { readonly cells: readonly Cell[] };
  const code = cells.filter(({ cell_type }) => cell_type === 'code');
  const printed = runIn(run, `notebook-${run}`, code.map(({ source }) => source).join(`\nconsole.log('${SEPARATOR}');\n`));
  expect(printed.split(`${SEPARATOR}\n`)).toEqual(code.map(({ outputs }) => outputs.map(({ text }) => text).join('')));
  const [, escaped] = /<pre><code>(import [^]*?)<\/code><\/pre>/.exec(readFileSync(join(folder, run, 'report.html'), 'utf8'))!;
  const plain = escaped!.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&'); // prettier-ignore
  return runIn(run, `report-${run}`, plain);
}

test('of pictures', { timeout: 120_000 }, () => {
  sinapse('train', '--quick-start', '--train-limit', '64', '--test-limit', '20', '--out', 'digits');
  const run = JSON.parse(readFileSync(join(folder, 'digits/run.json'), 'utf8')) as {
    readonly pictures: readonly { readonly image: string }[];
  };
  writeFileSync(join(folder, 'digits/picture.jpg'), Buffer.from(run.pictures[0]!.image, 'base64'));
  expect(check('digits')).toMatch(/label: '\d'/);
});

test('of a table of numbers', { timeout: 120_000 }, () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${['a', 'b'][i % 2]},${(3 * (i % 7) + (i % 2)).toFixed(1)}`);
  writeFileSync(join(folder, 'table.csv'), `size,kind,price\n${rows.join('\n')}\n`);
  sinapse('train', '--data', 'table.csv', '--target', 'price', '--epochs', '2', '--out', 'values');
  writeFileSync(join(folder, 'values/rows.csv'), 'size,kind\n3,a\n4,b\n');
  expect(check('values').trim().split('\n').map(Number).every(Number.isFinite)).toBe(true);
});
