// docs/add-a-backend.md is enough to add a backend: its own code, put together, compiles strictly and passes the conformance suite.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Backend } from '@sinapse/core';
import { describeBackend } from '@sinapse/backend-testkit';
import { expect, test } from 'vitest';
import { codeBlocks, readGuide } from './guide.ts';

const guide = readGuide('add-a-backend.md');
const folder = new URL('../dist/guide/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('arrays.ts', folder), codeBlocks(guide, 'backend'));
writeFileSync(
  new URL('tsconfig.json', folder),
  JSON.stringify({ extends: '../../../tsconfig/base.json', compilerOptions: { noEmit: true, composite: false }, files: ['arrays.ts'] }),
);

test('the code of docs/add-a-backend.md compiles', () => {
  const compiler = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
  expect(() => execFileSync(process.execPath, [compiler, '-p', fileURLToPath(folder)], { stdio: 'pipe' })).not.toThrow();
});

test('the guide calls the suite as it is called here', () => {
  expect(codeBlocks(guide, 'test')).toContain("describeBackend('arrays', () => arrays());");
});

const { arrays } = (await import(/* @vite-ignore */ new URL('arrays.ts', folder).href)) as { arrays: () => Backend };
describeBackend('arrays', () => arrays());
