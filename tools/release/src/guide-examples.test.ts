// The programs that a newcomer copies compile strictly, run, and learn.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { codeBlocks, compileGuide } from './guide.ts';
import { repository } from './tarball.ts';

function run(name: string, code: string): string {
  const { javascript } = compileGuide(name, code);
  return execFileSync(process.execPath, [fileURLToPath(javascript)], { encoding: 'utf8' });
}

test('the program of the README', { timeout: 120_000 }, () => {
  const printed = run('readme', codeBlocks('README.md', 'run'));
  expect(Number(/valAccuracy: ([\d.]+)/.exec(printed)?.[1])).toBeGreaterThan(0.8);
});

test('the figures of the README are those of docs/performance.md', () => {
  const [readme = '', performance = ''] = ['README.md', 'docs/performance.md'].map((page) => readFileSync(join(repository, page), 'utf8'));
  const rows = readme.split('\n').filter((line) => /^\| .* \| +(GFLOP\/s|images\/s|µs) /.test(line));
  expect(rows).toHaveLength(6);
  const bare = (line: string) => line.replace(/ +/g, ' ');
  const measured = new Set(performance.split('\n').map(bare));
  expect(rows.filter((row) => !measured.has(bare(row)))).toEqual([]);
});

test('the programs of docs/getting-started.md', { timeout: 120_000 }, () => {
  const printed = run('getting-started', codeBlocks('docs/getting-started.md', 'guide'));
  expect(printed).toContain('[[ 8, 11],\n [16, 23]]');
  expect(printed).toContain('[ 3, 12, 27 ]');
  expect(Number(/accuracy on unseen digits: ([\d.]+)/.exec(printed)?.[1])).toBeGreaterThan(0.7);
});

test('the programs of docs/models.md', { timeout: 120_000 }, () => {
  const printed = run('models', codeBlocks('docs/models.md', 'guide'));
  expect(printed).toContain('network: [ 3 ]');
  expect(printed).toMatch(/^concatenate1 +concatenate +\[12\] +a, b /m);
  const [, loss, size] = /loss ([\d.]+), predicted size ([-\d.]+)/.exec(printed)!;
  expect(Number(loss)).toBeLessThan(0.3); // about 2 before training
  expect(Math.abs(Number(size) - 0.5)).toBeLessThan(0.3);
  expect(printed).toContain('features: [ 2, 8 ]');
  expect(printed).toContain("frozen: [ 'conv/kernel', 'conv/bias' ]");
  expect(printed).toContain('adapted: [ 1, 5 ]');
  expect(printed).toContain('parameters: 323 -> 163');
  expect(printed).toContain('opened: { picture: [ 8, 8, 1 ], age: [ 1 ] } true');
});

test('the programs of docs/choosing-models.md', { timeout: 120_000 }, () => {
  const printed = run('choosing-models', codeBlocks('docs/choosing-models.md', 'guide'));
  const [, suggested] = /suggested: (\S+)/.exec(printed)!;
  expect(Number(suggested)).toBeGreaterThan(1e-5);
  expect(Number(suggested)).toBeLessThan(0.3);
  expect(Number(/accuracy: ([\d.]+)/.exec(printed)?.[1])).toBeGreaterThan(0.5); // 0.1 by chance
  expect(printed).toMatch(/best of 4: { units: \d+, rate: [\d.]+ } [\d.]+/);
  expect(printed).toContain('trials of three rounds: 13');
  expect(printed).toMatch(/^150 examples: loss/m);
  expect(printed).toContain('better than their mean: true');
  expect(printed).toContain('opened: [ 10 ]');
  expect(printed).toContain('calibration improved: true');
  expect(printed).toMatch(/81 of 90: { low: 0.8207\d*, high: 0.946\d* }/);
});

test('the programs of docs/pretrained.md', { timeout: 120_000 }, () => {
  const page = readFileSync(join(repository, 'docs/pretrained.md'), 'utf8');
  const printed = run('pretrained', codeBlocks('docs/pretrained.md', 'guide'));
  expect(printed).toContain('features.0.weight 6 x 1 x 5 x 5\n');
  expect(printed).toContain(/```text\n([^`]+)```/.exec(page)![1]!);
  expect(printed).toContain("head: [ 'dense3' ]");
  const [, before, after] = /loss: ([\d.]+) -> ([\d.]+)/.exec(printed)!;
  expect(Number(after)).toBeLessThan(0.8 * Number(before));
  expect(printed).toContain('[ 0.485, 0.456, 0.406 ] golden retriever');
});

test('the programs of docs/training.md', { timeout: 120_000 }, () => {
  const printed = run('training', codeBlocks('docs/training.md', 'guide'));
  const xor = /xor: Float32Array\(8\) \[([^\]]+)/.exec(printed)![1]!.split(',').map(Number);
  expect([0, 2, 4, 6].map((row) => Number(xor[row]! < xor[row + 1]!))).toEqual([0, 1, 1, 0]);
  expect(Number(/accuracy on 50 others: ([\d.]+)/.exec(printed)?.[1])).toBeGreaterThan(0.9);
  const [usual, pieces, lever] = [/usual step: ([\d.]+)/, /in pieces: ([\d.]+)/, /probability ([\d.]+)/].map((figure) =>
    Number(figure.exec(printed)?.[1]),
  );
  expect(usual).toBeLessThan(1); // 2.3 before training
  expect(Math.abs(pieces! - usual!)).toBeLessThan(1e-3); // the same steps, but for rounding
  expect(lever).toBeGreaterThan(0.9); // 0.5 by chance
});

test('the programs of docs/inspection.md', { timeout: 120_000 }, () => {
  const printed = run('inspection', codeBlocks('docs/inspection.md', 'guide'));
  expect(printed).toContain('maps: [ 1, 28, 28 ] [ 1, 28, 28, 1 ] [ 1, 28, 28 ] [ 1, 4, 4 ] missing: true');
  expect(Number(/size: the loss rises by ([\d.]+)/.exec(printed)?.[1])).toBeGreaterThan(3);
  expect(Number(/age: the loss rises by (-?[\d.]+)/.exec(printed)?.[1])).toBeLessThan(1);
  expect(printed).toContain('pictures: 49x74, 11x17, 28x28');
  expect(printed).toContain('lowest in the middle: true true');
  expect(printed).toMatch(/^layer +kernel +calls/m);
});

test('the programs of docs/classic.md', { timeout: 120_000 }, () => {
  const printed = run('classic', codeBlocks('docs/classic.md', 'guide'));
  expect(printed).toContain('xor: [ 0, 1, 1, 0 ]');
  expect(printed).toContain('cycles');
  expect(Number(/mean squared distance: ([\d.]+)/.exec(printed)?.[1])).toBeLessThan(0.2); // of noise 0.2 along two axes, 0.08
  expect(Number(/of the variance: ([\d.]+)/.exec(printed)?.[1])).toBeGreaterThan(0.5);
  expect(printed).toContain('recalled: 1 1 1 1 1 1 -1 -1 -1 -1 -1 -1\n');
  const [, quantisation, topographic] = /errors: ([\d.]+) ([\d.]+)/.exec(printed)!;
  expect(Number(quantisation)).toBeLessThan(0.2);
  expect(Number(topographic)).toBeLessThan(0.2); // units between the clouds belong to none
  const squared = /squared errors: \[ ([\d.e-]+), ([\d.e-]+)/.exec(printed)!;
  expect(printed).toContain('features that matter: [ 1, 3 ] layers: 1');
  const [, reconstructed, mean] = /reconstruction error: ([\d.]+) of ([\d.]+)/.exec(printed)!;
  expect(Number(reconstructed)).toBeLessThan(Number(mean)); // the error of a guess that knows only the mean of each pixel
  expect(printed).toContain('features: [ 200, 20 ] model: [ 200, 10 ]');
  expect(printed).toContain('unusual: true');
  expect(Number(/divergence: ([\d.]+)/.exec(printed)?.[1])).toBeLessThan(1.5);
  squared.slice(1).forEach((error) => expect(Number(error)).toBeLessThan(0.05)); // 0.5 for a constant
  expect(printed).toContain('the same from a file: true');
});
