// docs/optimizers.md names every optimizer, schedule and wrapper, and its examples compile and give what it says.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as optimizers from '@sinapse/optimizers';
import { expect, test } from 'vitest';
import { codeBlocks, compileGuide } from './guide.ts';
import { repository } from './tarball.ts';

const page = readFileSync(join(repository, 'docs/optimizers.md'), 'utf8');

/** The rows of a section's table: their cells, without the marks of code. */
function rowsOf(section: string): string[][] {
  const text = page.split(/^## /m).find((part) => part.startsWith(section))!;
  const lines = text.split('\n').filter((line) => line.startsWith('| `'));
  return lines.map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll(/^`|`$/g, ''))); // prettier-ignore
}

const calls = (section: string): string[] => rowsOf(section).map(([call]) => call!);
const nameOf = (call: string): string => /^\w+/.exec(call)![0];

/** Functions of the package that are neither optimizers, schedules nor wrappers. */
const OTHERS = ['clipByGlobalNorm', 'clipByValue', 'createOptimizer', 'defaultLearningRate', 'globalNorm', 'lbfgs', 'minimize'];

/** Compiles and runs a program; returns what it prints. */
function run(name: string, code: string): string {
  const { javascript } = compileGuide(name, code);
  return execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' }).trim();
}

test('every optimizer, schedule and wrapper has a row, and only they; the other functions are in the text', () => {
  const named = ['All optimizers', 'All schedules', 'Around an optimizer'].map((section) => calls(section).map(nameOf));
  expect(named[0]!.toSorted()).toEqual([...optimizers.optimizerNames].sort());
  const functions = Object.entries(optimizers).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  expect([...named.flat(), ...OTHERS].sort()).toEqual(functions.sort());
  for (const name of ['createOptimizer', 'lbfgs', 'minimize']) expect(page).toContain(name);
});

test('the examples of the tables give what they say', { timeout: 120_000 }, () => {
  const optimizerRows = rowsOf('All optimizers');
  const scheduleRows = rowsOf('All schedules');
  const used = ['All optimizers', 'All schedules', 'Around an optimizer'].flatMap(calls).map(nameOf);
  const code = [
    `import { Parameter, tensor, use } from '@sinapse/core';`,
    `import { cpu } from '@sinapse/backend-cpu';`,
    `import { defaultLearningRate, ${[...new Set(used)].join(', ')} } from '@sinapse/optimizers';`,
    `use(await cpu({ engine: 'reference' }));`,
    `const model = { kernel: new Parameter(tensor([[1, 2]])), bias: new Parameter(tensor([1])) };`,
    `const moved = [`,
    ...[...optimizerRows, ...rowsOf('Around an optimizer')].map(([call]) => `  ${call!},`),
    `].map((optimizer) => {`,
    `  const parameters = [new Parameter(tensor([[1, 2]])), new Parameter(tensor([1]))];`,
    `  for (let step = 0; step < 4; step++) optimizer.step(parameters, [tensor([[1, 1]]), tensor([1])]);`,
    `  return parameters.every(({ value }) => value.dataSync()[0]! < 1);`,
    `});`,
    `const rates = [`,
    ...scheduleRows.map(([call]) => `  ${call!}(100),`),
    `];`,
    `const names = [${optimizerRows.map(([call]) => `'${nameOf(call!)}'`).join(', ')}];`,
    `console.log(JSON.stringify({ moved, rates, defaults: names.map(defaultLearningRate) }));`,
  ].join('\n');
  const { moved, rates, defaults } = JSON.parse(run('optimizers-tables', code)) as {
    moved: boolean[];
    rates: number[];
    defaults: number[];
  };
  expect(moved.every(Boolean)).toBe(true);
  scheduleRows.forEach(([call, , said], i) =>
    expect({ call, rate: Number(rates[i]!.toPrecision(5)) }).toEqual({ call, rate: Number(said) }),
  );
  optimizerRows.forEach(([call, , rate], i) => expect({ call, rate: defaults[i] }).toEqual({ call, rate: Number(rate) }));
});

test('the programs of the page', { timeout: 120_000 }, () => {
  const printed = run('optimizers', codeBlocks('docs/optimizers.md', 'optimizers'));
  expect(Number(/average of weights: loss (\S+)/.exec(printed)?.[1])).toBeLessThan(0.1);
  expect(Number(/minimum (\S+) after/.exec(printed)?.[1])).toBeLessThan(1e-8);
});
