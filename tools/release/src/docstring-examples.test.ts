// The examples in core's docstrings compile, and give the results written behind them: `tensor([1, 2]).add(3); // float32 [2] [4, 5]`.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as core from '@sinapse/core';
import { expect, test } from 'vitest';
import { compileGuide } from './guide.ts';
import { repository } from './tarball.ts';

const source = join(repository, 'packages/core/src');
const tensorFile = readFileSync(join(source, 'tensor/tensor.ts'), 'utf8');

interface Example {
  readonly expression: string;
  readonly result: string;
}

/** The lines of all examples in a file. */
function examplesIn(file: string): Example[] {
  const comments = file.match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  const lines = comments.flatMap((comment) => (/@example\n([\s\S]*?)(?=\n *\* @|\n? *\*\/)/.exec(comment)?.[1] ?? '').split('\n'));
  return lines
    .map((line) => line.replace(/^ *\* ?/, ''))
    .filter((line) => line !== '')
    .map((line) => {
      const [, expression, result] = /^(.*); \/\/ (.*)$/.exec(line) ?? [];
      if (expression === undefined || result === undefined) throw new Error(`an example is "expression; // result", not: ${line}`);
      return { expression, result };
    });
}

test('every method of Tensor has an example', () => {
  const method = String.raw`  (?:(?:async|override|get) )*(\w+)\(.*\{\n`;
  const methods = [...tensorFile.matchAll(new RegExp(`^${method}`, 'gm'))].map(([, name]) => name);
  const documented = [...tensorFile.matchAll(new RegExp(String.raw`\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n${method}`, 'g'))];
  const shown = documented.filter(([, comment]) => /@example|@internal|Recognises tensors/.test(comment!)).map(([, , name]) => name);
  expect(methods.length).toBeGreaterThan(35);
  expect(methods.filter((name) => !shown.includes(name))).toEqual([]);
});

test('the examples give their results', { timeout: 120_000 }, () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const examples = files.flatMap((name) => examplesIn(readFileSync(join(source, name), 'utf8')));
  const names = Object.keys(core).filter((name) => examples.some(({ expression }) => new RegExp(`\\b(?<!\\.)${name}\\(`).test(expression)));
  const code = [
    `import { use, ${names.join(', ')} } from '@sinapse/core';`,
    `import { cpu } from '@sinapse/backend-cpu';`,
    'use(await cpu());',
    'const results: unknown[] = [',
    ...examples.map(({ expression }) => `  ${expression},`),
    '];',
    'console.log(JSON.stringify(results.map((each) => (Array.isArray(each) ? JSON.stringify(each) : String(each)))));',
  ].join('\n');
  const { javascript } = compileGuide('docstrings', code);
  const printed = JSON.parse(execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' })) as string[];
  const given = printed.map((text, i) => ({ expression: examples[i]!.expression, result: text.replace(/\s+/g, ' ') }));
  expect(given).toEqual(examples);
});
