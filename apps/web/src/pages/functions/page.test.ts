// What the page "functions" does, without a page: every function and slope against its formula in float64, softmax, tasks, the code.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cpu } from '@sinapse/backend-cpu';
import { erf } from '@sinapse/backend-reference';
import { memory, use } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { functionsCode } from './code.ts';
import type { FunctionName } from './functions.ts';
import { REACH, functionNames } from './functions.ts';
import { curveAt, curveOf, soften } from './machine.ts';
import type { FunctionsProgress } from './tasks.ts';
import { functionsTasks } from './tasks.ts';
import { functionsTexts } from './text.ts';

beforeAll(async () => void use(await cpu()));

const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 };

const formulas: Readonly<Record<FunctionName, (x: number) => number>> = {
  step: (x) => Number(x > 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  leakyRelu: (x) => (x > 0 ? x : 0.01 * x),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  selu: (x) => SELU.scale * (x > 0 ? x : SELU.alpha * Math.expm1(x)),
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  swish: (x) => x / (1 + Math.exp(-x)),
  softplus: (x) => Math.log1p(Math.exp(x)),
  softsign: (x) => x / (1 + Math.abs(x)),
  linear: (x) => x,
};

/** The distance of the difference quotient: its error is some h² of values of about 1, well below the five digits that are compared. */
const H = 1e-4;

test.each(functionNames)('%s and its slope are those of the formula, but for the corner at 0', async (name) => {
  const f = formulas[name];
  const before = memory().tensors;
  const { x, y, slope } = await curveOf(name);
  expect(memory().tensors).toBe(before);
  expect([x[0], x.at(-1)]).toEqual([-REACH, REACH]);
  x.forEach((at, i) => {
    expect(y[i]).toBeCloseTo(f(at), 5);
    if (at !== 0) expect(slope[i]).toBeCloseTo((f(at + H) - f(at - H)) / (2 * H), 5);
  });
});

test('one place is a point of the curve', async () => {
  expect((await curveAt('sigmoid', [0])).slope[0]).toBe(0.25);
  expect((await curveAt('tanh', [0])).slope[0]).toBe(1);
  expect((await curveAt('relu', [-2])).slope[0]).toBe(0);
});

test('softmax, cross-entropy and its gradient are those of the formulas', async () => {
  const scores = [2, 1, 0.1];
  const { probabilities, loss, gradient } = await soften(scores, 1);
  const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
  scores.forEach((score, i) => {
    expect(probabilities[i]).toBeCloseTo(Math.exp(score) / total, 6);
    expect(gradient[i]).toBeCloseTo(Math.exp(score) / total - Number(i === 1), 6);
  });
  expect(loss).toBeCloseTo(-Math.log(Math.exp(1) / total), 6);
});

describe('tasks', () => {
  const nothing: FunctionsProgress = { touched: true, x: 1, slopes: [], probabilities: [0.4, 0.3, 0.3], loss: 1, target: 0 };
  const done = (changes: Partial<FunctionsProgress>) =>
    functionsTasks.filter(({ isDone }) => isDone({ ...nothing, ...changes })).map(({ id }) => id);

  test('are done when they are, and not before the user has changed anything', async () => {
    expect(done({})).toEqual([]);
    const slopeAt = async (name: FunctionName, x: number) => ({ x, slopes: [{ name, slope: (await curveAt(name, [x])).slope[0]! }] });
    expect(done(await slopeAt('sigmoid', 5))).toEqual(['saturated']);
    expect(done(await slopeAt('sigmoid', 0))).toEqual(['steepest']);
    expect(done(await slopeAt('relu', -0.5))).toEqual(['dead']);
    expect(done(await slopeAt('relu', 0.5))).toEqual([]);
    expect(done({ probabilities: [0.001, 0.995, 0.004] })).toEqual(['sure']);
    expect(done({ loss: 3.1 })).toEqual(['wrong']);
    expect(done({ loss: 3.1, touched: false })).toEqual([]);
  });

  test('have words in both languages', () => {
    const ids = functionsTasks.map(({ id }) => id).sort();
    expect(Object.keys(functionsTexts.en.tasks).sort()).toEqual(ids);
    expect(Object.keys(functionsTexts.pt.tasks).sort()).toEqual(ids);
  });
});

test('the code runs as it stands, and prints the numbers', async () => {
  const folder = await mkdtemp(fileURLToPath(new URL('../../../dist/code-', import.meta.url)));
  try {
    const file = join(folder, 'program.mjs');
    await writeFile(file, functionsCode('sigmoid', 0, [2, 1, 0.1], 0));
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    const numbers = [...stdout.matchAll(/-?\d+\.\d+/g)].map(Number);
    const { probabilities, loss, gradient } = await soften([2, 1, 0.1], 0);
    expect(numbers).toEqual([0.5, 0.25, ...[...probabilities, loss, ...gradient].map((value) => expect.closeTo(value, 6) as number)]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
