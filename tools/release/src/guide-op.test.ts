// docs/add-an-op.md: its program adds a kernel with a gradient from outside core, and its types include the kernel.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { codeBlocks, compileGuide } from './guide.ts';

test('the program of docs/add-an-op.md', { timeout: 120_000 }, () => {
  const { javascript } = compileGuide('add-an-op', codeBlocks('docs/add-an-op.md', 'op'));
  const printed = execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' });
  expect(printed.trim().split('\n')).toEqual([
    'lowered the backend has no such kernel',
    'the values',
    'the gradient',
    'the gradient of one output',
    'the second derivative',
    'the gradient at another frequency',
    'native',
    'the values of the kernel',
  ]);
});
