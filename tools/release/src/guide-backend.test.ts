// docs/add-a-backend.md is enough to add a backend: its code blocks, joined, compile strictly and pass the conformance suite.

import { describeBackend } from '@sinapse/backend-testkit';
import type { Backend } from '@sinapse/core';
import { expect, test } from 'vitest';
import { codeBlocks, compileGuide } from './guide.ts';

const page = 'docs/add-a-backend.md';
const { source } = compileGuide('arrays', codeBlocks(page, 'backend'));

test('the page calls the suite as it is called here', () => {
  expect(codeBlocks(page, 'test')).toContain("describeBackend('arrays', () => arrays());");
});

// The source, not the compiled file, is imported, so that it shares this repository's core with the suite.
const { arrays } = (await import(/* @vite-ignore */ source.href)) as { arrays: () => Backend };
describeBackend('arrays', () => arrays(), process.env['SINAPSE_TEST_TIER'] === 'full' ? {} : { casesPerKernel: 40 });
