// What the page "descent" does, without a page: heights, the ways against rules in float64, the lowest places, tasks, the code.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cpu } from '@sinapse/backend-cpu';
import { memory, use } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { descentCode } from './code.ts';
import { heightsOf, walk } from './machine.ts';
import type { SurfaceName, Walk, WalkerName } from './surfaces.ts';
import { MOMENTUM, STEPS, frames, surfaceNames, walkerNames } from './surfaces.ts';
import type { DescentProgress } from './tasks.ts';
import { descentTasks } from './tasks.ts';
import { descentTexts } from './text.ts';

beforeAll(async () => void use(await cpu()));

/** Heights and slopes by hand. */
const surfaces: Readonly<Record<SurfaceName, (x: number, y: number) => [height: number, dx: number, dy: number]>> = {
  bowl: (x, y) => [x * x + y * y, 2 * x, 2 * y],
  ravine: (x, y) => [x * x + 25 * y * y, 2 * x, 50 * y],
  saddle: (x, y) => [x * x - y * y + y ** 4 / 8, 2 * x, -2 * y + y ** 3 / 2],
  rosenbrock: (x, y) => [(1 - x) ** 2 + 100 * (y - x * x) ** 2, -2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
  minima: (x, y) => [
    x * x + y * y + 3 * (2 - Math.cos(4 * x) - Math.cos(4 * y)),
    2 * x + 12 * Math.sin(4 * x),
    2 * y + 12 * Math.sin(4 * y),
  ],
};

/** One coordinate's step, by the rules of the page's texts. */
const rules: Readonly<Record<WalkerName, (rate: number) => (gradient: number) => number>> = {
  sgd: (rate) => (g) => -rate * g,
  momentum: (rate) => {
    let v = 0;
    return (g) => -rate * (v = MOMENTUM * v + g);
  },
  mean: (rate) => {
    let change = 0;
    return (g) => (change = MOMENTUM * change - (1 - MOMENTUM) * rate * g);
  },
  nesterov: (rate) => {
    let v = 0;
    return (g) => {
      v = MOMENTUM * v + g;
      return -rate * (g + MOMENTUM * v);
    };
  },
  adam: (rate) => {
    let [m, v, t] = [0, 0, 0];
    return (g) => {
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      t++;
      return (-rate * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
    };
  },
};

const usual = (surface: SurfaceName): Walk => ({ surface, start: frames[surface].start, rate: frames[surface].rate, noise: 0, seed: 1 });

describe.each(surfaceNames)('%s', (surface) => {
  test('has the heights of its formula, and is lowest where the page says', async () => {
    const before = memory().tensors;
    const { size, heights } = await heightsOf(surface);
    expect(memory().tensors).toBe(before);
    const { reach, lowest } = frames[surface];
    const at = (pixel: number) => -reach + (2 * reach * (pixel + 0.5)) / size;
    for (let row = 0; row < size; row += 5)
      for (let column = 0; column < size; column += 5) {
        const [height] = surfaces[surface](at(column), at(size - 1 - row));
        // A few float32 roundings of terms that are at most some thousands.
        expect(Math.abs(heights[row * size + column]! - height)).toBeLessThan(1e-5 * Math.max(1, Math.abs(height)) + 1e-4);
      }
    const [least, dx, dy] = surfaces[surface](...lowest);
    expect([dx, dy].every((slope) => Math.abs(slope) < 1e-12)).toBe(true);
    expect(least).toBeLessThanOrEqual(heights.reduce((a, b) => Math.min(a, b)) + 1e-6);
  });

  test.each(walkerNames)('the first steps of %s are those of its rule in float64', async (name) => {
    const { rate, start } = usual(surface);
    const before = memory().tensors;
    const { places, heights } = await walk(name, usual(surface));
    expect(memory().tensors).toBe(before);
    expect(places).toHaveLength(2 * (STEPS + 1));
    let [x, y] = start;
    const [alongX, alongY] = [rules[name](rate), rules[name](rate)];
    // Errors of float32 grow with the steps where the surface is steep; ten are few enough for four digits.
    for (let step = 0; step <= 10; step++) {
      expect(places[2 * step]).toBeCloseTo(x, 4);
      expect(places[2 * step + 1]).toBeCloseTo(y, 4);
      const [height, dx, dy] = surfaces[surface](x, y);
      expect(Math.abs(heights[step]! - height)).toBeLessThan(1e-3 * Math.max(1, Math.abs(height)));
      [x, y] = [x + alongX(dx), y + alongY(dy)];
    }
  });
});

test('noise comes from the seed, and lets a walk leave the ridge of the saddle', async () => {
  const ridge: Walk = { ...usual('saddle'), start: [-2, 0] };
  const end = async (changes: Partial<Walk>) => (await walk('sgd', { ...ridge, ...changes })).places.at(-1)!;
  expect(await end({})).toBe(0);
  expect(Math.abs(await end({ noise: 0.1 }))).toBeGreaterThan(1.5);
  expect(await end({ noise: 0.1, seed: 2 })).toBe(await end({ noise: 0.1, seed: 2 }));
  expect(await end({ noise: 0.1, seed: 2 })).not.toBe(await end({ noise: 0.1, seed: 3 }));
});

describe('tasks', () => {
  const progress = async (changes: Partial<Walk>, walkers: readonly WalkerName[], steps = STEPS): Promise<DescentProgress> => {
    const state = { ...usual(changes.surface ?? 'ravine'), ...changes, walkers };
    const ways = await Promise.all(walkers.map(async (name) => ({ name, ...(await walk(name, state)) })));
    return { touched: true, state, ways, steps };
  };
  const done = async (...given: Parameters<typeof progress>) => {
    const reached = await progress(...given);
    return descentTasks.filter(({ isDone }) => isDone(reached)).map(({ id }) => id);
  };

  test('can be done, and are not done at the start', async () => {
    for (const surface of surfaceNames) expect(await done({ surface }, walkerNames, 0)).toEqual([]);
    expect(await done({ surface: 'bowl', rate: 1.5 }, ['sgd'])).toEqual(['diverge']);
    expect(await done({ surface: 'ravine', rate: 0.002 }, ['sgd', 'momentum'])).toEqual(['ravine']);
    expect(await done({ surface: 'saddle', start: [-2, 0] }, ['sgd'])).toEqual(['saddle']);
    expect(await done({ surface: 'rosenbrock', rate: 0.003 }, ['momentum'])).toEqual(['rosenbrock']);
    expect(await done({ surface: 'minima', start: [-0.3, 0.2] }, ['sgd'])).toEqual(['escape']);
  });

  test('have words in both languages', () => {
    const ids = descentTasks.map(({ id }) => id).sort();
    expect(Object.keys(descentTexts.en.tasks).sort()).toEqual(ids);
    expect(Object.keys(descentTexts.pt.tasks).sort()).toEqual(ids);
  });
});

test('the code runs as it stands, and arrives where the page does', async () => {
  const folder = await mkdtemp(fileURLToPath(new URL('../../../dist/code-', import.meta.url)));
  try {
    const file = join(folder, 'program.mjs');
    await writeFile(file, descentCode({ ...usual('ravine'), walkers: ['nesterov'] }));
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    const { places } = await walk('nesterov', usual('ravine'));
    expect(stdout.trim().split(' ').map(Number)).toEqual(Array.from(places.slice(-2)));
  } finally {
    await rm(folder, { recursive: true });
  }
});
