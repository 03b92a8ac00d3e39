// docs/metrics.md names every metric, and its examples compile and give their results.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as metrics from '@sinapse/training/metrics';
import { expect, test } from 'vitest';
import { codeBlocks, compileGuide } from './guide.ts';
import { repository } from './tarball.ts';

const page = readFileSync(join(repository, 'docs/metrics.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(\w+)` +\| .+? +\| `(of\(.+?)` +\| `(.+?)` +\|$/gm)].map(([, metric, example, result]) => ({
  metric: metric!,
  example: example!,
  result: result!,
}));
const numbers = ['meanSquaredError', 'rootMeanSquaredError', 'meanAbsoluteError', 'rSquared'];

test('every metric has a row whose example calls it', () => {
  const names = Object.entries(metrics).flatMap(([name, value]) => (typeof value === 'function' && name !== 'createMetric' ? [name] : []));
  expect(rows.map(({ metric }) => metric).sort()).toEqual(names.sort());
  expect(rows.filter(({ metric, example }) => !example.startsWith(`of(${metric}(`))).toEqual([]);
});

test('the examples give their results', { timeout: 120_000 }, () => {
  const [scores, labels, predicted, target] = ['scores', 'labels', 'predicted', 'target'].map(
    (name) => new RegExp(`const ${name} = (.+?)\``).exec(page)![1],
  );
  const called = (metric: string, example: string) =>
    example.replace('of(', numbers.includes(metric) ? 'of(predicted, target, ' : 'of(scores, labels, ');
  const code = [
    `import type { Tensor } from '@sinapse/core';`,
    `import { scope, use, tensor } from '@sinapse/core';`,
    `import { cpu } from '@sinapse/backend-cpu';`,
    `import type { AccumulatedMetric } from '@sinapse/training/metrics';`,
    `import { ${rows.map(({ metric }) => metric).join(', ')} } from '@sinapse/training/metrics';`,
    `use(await cpu({ engine: 'reference' }));`,
    `const [scores, labels, predicted, target] = [${scores}, ${labels}, ${predicted}, ${target}];`,
    'function of<R>(output: Tensor, right: Tensor, metric: AccumulatedMetric<R>): R {',
    '  const sums = metric.start();',
    '  scope(() => metric.add(sums, metric.batch(output, right).dataSync()));',
    '  return metric.result(sums);',
    '}',
    `const results: unknown[] = [${rows.map(({ metric, example }) => called(metric, example)).join(', ')}];`,
    'const short = (_: string, value: unknown) => (typeof value === "number" ? Number(value.toFixed(4)) : value);',
    'console.log(JSON.stringify(results.map((result) => JSON.stringify(result, short))));',
  ].join('\n');
  const { javascript } = compileGuide('metrics', code);
  const printed = JSON.parse(execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' })) as string[];
  expect(rows.map(({ metric }, i) => [metric, printed[i]])).toEqual(rows.map(({ metric, result }) => [metric, result]));
});

test('the program runs', { timeout: 120_000 }, () => {
  const { javascript } = compileGuide('metrics-program', codeBlocks('docs/metrics.md', 'guide'));
  const printed = execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' });
  expect(printed).toMatch(/validation: \{ f1: 0\.\d+, auc: 0\.\d+ \}\ntop 3: 0\.\d+ of 7 read as 1: \d+/);
});
