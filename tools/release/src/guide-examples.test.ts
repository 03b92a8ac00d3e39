// The programs that a newcomer copies compile strictly, run, and learn.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { codeBlocks, compileGuide } from './guide.ts';

function run(name: string, code: string): string {
  const { javascript } = compileGuide(name, code);
  return execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' });
}

test('the program of the README', { timeout: 120_000 }, () => {
  const printed = run('readme', codeBlocks('README.md', 'run'));
  expect(Number(/accuracy: ([\d.]+)/.exec(printed)?.[1])).toBeGreaterThan(0.8);
});

test('the programs of docs/getting-started.md', { timeout: 120_000 }, () => {
  const printed = run('getting-started', codeBlocks('docs/getting-started.md', 'guide'));
  expect(printed).toContain('[[ 8, 11],\n [16, 23]]');
  expect(printed).toContain('[ 3, 12, 27 ]');
  expect(Number(/accuracy on unseen digits: ([\d.]+)/.exec(printed)?.[1])).toBeGreaterThan(0.7);
});
