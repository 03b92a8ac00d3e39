// docs/callbacks.md names every callback, and its program compiles and runs.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { codeBlocks, compileGuide } from './guide.ts';
import { repository } from './tarball.ts';

const page = readFileSync(join(repository, 'docs/callbacks.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(\w+)` +\| .+? +\| `(.+?)` +\|$/gm)].map(([, name, example]) => ({ name: name!, example: example! }));

test('every callback has a row whose example calls it', () => {
  const source = join(repository, 'packages/training/src');
  const files = ['callbacks', 'node'].flatMap((folder) =>
    readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?<!\.test)\.ts$/.test(name))
      .map((name) => readFileSync(join(source, folder, name), 'utf8')),
  );
  const names = files.flatMap((code) =>
    [...code.matchAll(/^export function (\w+)\((?:(?!^\}).)*?\): Callback \{$/gms)].map(([, name]) => name!),
  );
  expect(rows.map(({ name }) => name).sort()).toEqual(names.filter((name) => name !== 'fileLog').sort());
  expect(rows.filter(({ name, example }) => !example.startsWith(`${name}(`))).toEqual([]);
});

test('the examples compile, and make callbacks', { timeout: 120_000 }, () => {
  const files = ['checkpointFolder', 'csvLog', 'jsonLinesLog', 'tensorBoard'];
  const inMemory = rows.map(({ name }) => name).filter((name) => !files.includes(name));
  const code = [
    `import { adam, movingAverage, onPlateau } from '@sinapse/optimizers';`,
    `import { ${inMemory.join(', ')} } from '@sinapse/training';`,
    `import type { Callback } from '@sinapse/training';`,
    `import { ${files.join(', ')}, saveCheckpoint } from '@sinapse/training/node';`,
    `const made: Callback[] = [${rows.map(({ example }) => example).join(', ')}];`,
    'console.log(made.length);',
  ].join('\n');
  const { javascript } = compileGuide('callbacks-table', code);
  expect(execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' })).toBe(`${rows.length}\n`);
});

test('the program runs, and its files go on', { timeout: 120_000 }, () => {
  const { javascript } = compileGuide('callbacks', codeBlocks('docs/callbacks.md', 'guide'));
  const cwd = mkdtempSync(join(tmpdir(), 'sinapse-callbacks-'));
  const printed = execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8', cwd });
  expect(printed).toMatch(/^epoch 1 of 2: loss [\d.]+, accuracy /m);
  expect(printed).toContain('after epoch 2 there are 30 steps');
  expect(printed).toContain('after epoch 3 there are 45 steps');
  const [header, ...rows] = readFileSync(join(cwd, 'run-epochs.csv'), 'utf8').trimEnd().split('\r\n');
  expect(header).toBe('epoch,loss,accuracy,valLoss,valAccuracy,seconds,examples,examplesPerSecond');
  expect(rows.map((row) => row[0])).toEqual(['1', '2', '3']);
  expect(readFileSync(join(cwd, 'run-course.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(9 + 3);
  expect(readdirSync(join(cwd, 'run-checkpoints'))).toEqual(['best.checkpoint', 'step-000000030.checkpoint', 'step-000000045.checkpoint']);
  expect(readdirSync(join(cwd, 'run-events'))).toEqual([expect.stringContaining('tfevents')]);
});
