// Searches on objectives whose best parameters are known.

import { SinapseError } from '@sinapse/core';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { trialLog } from '../node/index.ts';
import type { SearchOptions, TrialLog } from './index.ts';
import { gridSearch, randomSearch, successiveHalving } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'sinapse-search-'));

/** A log in memory. */
function memoryLog(text = ''): TrialLog & { text: string } {
  return {
    text,
    read() {
      return this.text;
    },
    append(line) {
      this.text += `${line}\n`;
    },
  };
}

describe('gridSearch', () => {
  const space = { units: [8, 16], activation: ['relu', 'tanh'], rate: { from: 0.001, to: 0.1, scale: 'log', points: 3 } } as const;

  test('tries every combination in order and keeps the best', async () => {
    const tried: string[] = [];
    const { best, trials } = await gridSearch(({ units, activation, rate }) => {
      tried.push(`${units} ${activation} ${rate.toPrecision(3)}`);
      return Math.abs(Math.log10(rate) + 2) + (activation === 'tanh' ? 0 : 1) + units / 100;
    }, space);
    expect(tried).toEqual([8, 16].flatMap((units) => ['relu', 'tanh'].flatMap((activation) => ['0.00100', '0.0100', '0.100'].map((rate) => `${units} ${activation} ${rate}`)))); // prettier-ignore
    expect(trials.map(({ number }) => number)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(best.parameters).toMatchObject({ units: 8, activation: 'tanh' });
    expect(best.parameters.rate).toBeCloseTo(0.01, 12);
    expect(best).toBe(trials[best.number]);
  });

  test('whole numbers of a range are each tried once', async () => {
    const { trials } = await gridSearch(({ n }) => n, { n: { from: 1, to: 3, integer: true, points: 7 } });
    expect(trials.map(({ parameters }) => parameters.n)).toEqual([1, 2, 3]);
  });

  test('of equal scores the first is best, NaN never; `highest` turns them round', async () => {
    const scores = [NaN, 2, 1, 1, 2, NaN];
    const run = (best: 'lowest' | 'highest') => gridSearch(({ i }) => scores[i]!, { i: [0, 1, 2, 3, 4, 5] }, { best });
    expect([(await run('lowest')).best.number, (await run('highest')).best.number]).toEqual([2, 1]);
    expect((await gridSearch(() => NaN, { i: [0, 1] })).best.number).toBe(0);
  });
});

describe('randomSearch', () => {
  const space = {
    rate: { from: 1e-5, to: 1, scale: 'log' },
    layers: { from: 1, to: 4, integer: true },
    width: { from: 1, to: 64, integer: true, scale: 'log' },
    dropout: { from: -1, to: 1 },
    kind: ['a', 'b'],
  } as const;
  const objective = ({ rate, layers }: { readonly rate: number; readonly layers: number }) => Math.abs(Math.log(rate)) + layers;

  test('draws uniformly: on the scale, over whole numbers, over lists', async () => {
    const { trials } = await randomSearch(objective, space, { trials: 1000, seed: 1 });
    const values = <K extends keyof (typeof trials)[0]['parameters']>(name: K) => trials.map(({ parameters }) => parameters[name]);
    // The share of a half has the standard deviation 0.5 / sqrt(1000) = 0.016; 5 of them are allowed.
    const share = (list: readonly boolean[]) => list.filter(Boolean).length / list.length;
    expect(Math.abs(share(values('rate').map((rate) => rate < 10 ** -2.5)) - 0.5)).toBeLessThan(0.08);
    expect(Math.abs(share(values('dropout').map((value) => value < 0)) - 0.5)).toBeLessThan(0.08);
    expect(Math.abs(share(values('kind').map((kind) => kind === 'a')) - 0.5)).toBeLessThan(0.08);
    expect([1, 2, 3, 4].map((n) => Math.abs(share(values('layers').map((layers) => layers === n)) - 0.25) < 0.07)).toEqual([true, true, true, true]);
    expect(Math.abs(share(values('width').map((width) => width < 8)) - Math.log(8) / Math.log(65))).toBeLessThan(0.08);
    for (const rate of values('rate')) expect(rate >= 1e-5 && rate <= 1).toBe(true);
    expect([Math.min(...values('width')), Math.max(...values('width'))]).toEqual([1, 64]);
  }); // prettier-ignore

  test('a trial depends on the seed and its number alone', async () => {
    const run = (trials: number, seed: number) => randomSearch(objective, space, { trials, seed });
    const [few, many, other] = [await run(5, 1), await run(9, 1), await run(5, 2)];
    expect(many.trials.slice(0, 5)).toEqual(few.trials);
    expect(other.trials).not.toEqual(few.trials);
    const seeds: number[] = [];
    await randomSearch((_, { seed }) => seeds.push(seed), space, { trials: 5 });
    expect(new Set(seeds).size).toBe(5);
  });

  test('goes on from its log after any line, and gives the same', async () => {
    const whole = memoryLog();
    const expected = await randomSearch(objective, space, { trials: 6, seed: 1, log: whole });
    const lines = whole.text.split('\n').slice(0, -1);
    expect(lines).toHaveLength(7);
    for (let kept = 0; kept <= 7; kept++) {
      const log = memoryLog(lines.slice(0, kept).map((line) => `${line}\n`).join('')); // prettier-ignore
      let run = 0;
      const counted: typeof objective = (parameters) => (run++, objective(parameters));
      expect(await randomSearch(counted, space, { trials: 6, seed: 1, log })).toEqual(expected);
      expect(run).toBe(Math.min(6, 7 - kept));
      expect(log.text).toBe(whole.text);
    }
  });

  test('is killed in the middle of a line, and goes on in the file', async () => {
    const path = join(folder, 'search.jsonl');
    const options = { trials: 4, seed: 2 };
    const expected = await randomSearch(objective, space, { ...options, log: trialLog(path) });
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, text.length - 20));
    let run = 0;
    expect(await randomSearch((parameters) => (run++, objective(parameters)), space, { ...options, log: trialLog(path) })).toEqual(
      expected,
    );
    expect(run).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('keeps scores that JSON has not', async () => {
    const log = memoryLog();
    const scores = [NaN, Infinity, -Infinity, 0.1 + 0.2];
    const run = (given?: number[]) => randomSearch((_, { number }) => given![number]!, { i: [0] }, { trials: 4, log });
    await run(scores);
    expect((await run()).trials.map(({ score }) => score)).toEqual(scores);
  });

  test('a failing trial ends it; those before are kept', async () => {
    const log = memoryLog();
    const broken = (_: unknown, { number }: { readonly number: number }) => {
      if (number === 2) throw new Error('no memory');
      return number;
    };
    await expect(randomSearch(broken, space, { trials: 5, log })).rejects.toThrow('no memory');
    expect(log.text.split('\n')).toHaveLength(4); // the search, two trials, and what follows the last line feed
    const controller = new AbortController();
    const aborting: SearchOptions = { onTrial: ({ number }) => (number === 1 ? controller.abort(new Error('enough')) : undefined), signal: controller.signal }; // prettier-ignore
    await expect(randomSearch(objective, space, { trials: 5, ...aborting })).rejects.toThrow('enough');
  });
});

describe('successiveHalving', () => {
  const space = { x: { from: 0, to: 1 } } as const;

  test('gives each round a third of the candidates and three times the resource', async () => {
    const spent: [number, number][] = [];
    const { best, trials } = await successiveHalving(
      ({ x }, { number, resource }) => {
        spent.push([number, resource!]);
        return x + 1 / resource!;
      },
      space,
      { candidates: 27, most: 27, seed: 4 },
    );
    const counts = [1, 3, 9, 27].map((resource) => spent.filter(([, amount]) => amount === resource).length);
    expect(counts).toEqual([27, 9, 3, 1]);
    const draws = trials.slice(0, 27).map(({ parameters }) => parameters.x);
    expect(best.parameters.x).toBe(Math.min(...draws));
    expect(best.resource).toBe(27);
    const second = spent.filter(([, amount]) => amount === 3).map(([number]) => number);
    const nine = draws.map((x, number) => [x, number] as const).sort(([a], [b]) => a - b).slice(0, 9).map(([, number]) => number); // prettier-ignore
    expect(second).toEqual(nine.sort((a, b) => a - b));
  });

  test('the last round may spend `most`, though it is no power of the factor', async () => {
    const { trials } = await successiveHalving(({ x }) => x, space, { candidates: 5, least: 2, most: 10, factor: 2, best: 'highest' });
    expect(trials.map(({ resource }) => resource)).toEqual([2, 2, 2, 2, 2, 4, 4, 8, 10]);
  });

  test('goes on from its log', async () => {
    const options = { candidates: 9, most: 9, seed: 5 };
    const whole = memoryLog();
    const expected = await successiveHalving(({ x }) => x, space, { ...options, log: whole });
    for (const kept of [1, 5, 10, 12]) {
      const log = memoryLog(whole.text.split('\n').slice(0, kept).map((line) => `${line}\n`).join('')); // prettier-ignore
      expect(await successiveHalving(({ x }) => x, space, { ...options, log })).toEqual(expected);
      expect(log.text).toBe(whole.text);
    }
  });
});

describe('one line says what is wrong', () => {
  const log = memoryLog('{"search":"random","seed":1,"space":{"x":[1]}}\n{"trial":0,"parameters":{"x":2},"score":0}\n');
  test.each<[string, () => Promise<unknown>, string]>([
    ['no space', () => gridSearch(() => 1, {}), "gridSearch: the space: expected lists of values and ranges by name, e.g. { units: [16, 32], rate: { from: 1e-4, to: 0.1, scale: 'log' } }, got an object"],
    ['a range without points', () => gridSearch(() => 1, { x: { from: 0, to: 1 } }), 'gridSearch: x: points: a grid needs the number of points of a range'],
    ['a range turned round', () => randomSearch(() => 1, { x: { from: 1, to: 0 } }, { trials: 1 }), 'randomSearch: x: from: expected at most to, got 1 and 0'],
    ['a logarithm of 0', () => randomSearch(() => 1, { x: { from: 0, to: 1, scale: 'log' } }, { trials: 1 }), 'randomSearch: x: from: expected a number > 0 for the scale log, got 0'],
    ['a scale misspelt', () => randomSearch(() => 1, { x: { from: 0, to: 1, scale: 'lof' as 'log' } }, { trials: 1 }), 'randomSearch: x: scale: expected one of linear, log, got "lof"; did you mean log?'],
    ['a function as a choice', () => randomSearch(() => 1, { x: [() => 1] as never }, { trials: 1 }), 'randomSearch: x[0] is a function, which JSON cannot hold'],
    ['no values', () => gridSearch(() => 1, { x: [] }), 'gridSearch: x: expected at least one value, got an empty list'],
    ['no number', () => gridSearch(() => ({ loss: 1 }) as never, { x: [1] }), 'gridSearch: the objective must give a number, got an object in trial 0'],
    ['the log of another search', () => randomSearch(() => 1, { x: [1] }, { trials: 1, seed: 2, log }), 'randomSearch: the log is of another search: seed is 1 there, 2 here'],
    ['a log with other trials', () => randomSearch(() => 1, { x: [1] }, { trials: 1, seed: 1, log }), 'randomSearch: the log has another trial 0: its parameters is {"x":2}, not {"x":1}'],
    ['another file', () => gridSearch(() => 1, { x: [1] }, { log: memoryLog('hello\n') }), 'gridSearch: line 1 of the log is not JSON'],
    ['a path as log', () => gridSearch(() => 1, { x: [1] }, { log: 'a.jsonl' as never }), 'gridSearch: log: expected a log with read() and append(line), e.g. trialLog(path), got "a.jsonl"'],
    ['a folder as file', () => gridSearch(() => 1, { x: [1] }, { log: trialLog(folder) }), `read ${folder}: `],
    ['less than most', () => successiveHalving(() => 1, { x: [1] }, { candidates: 3, least: 5, most: 2 }), 'successiveHalving: least: expected at most 2, which is most, got 5'],
  ])('%s', async (_, mistake, message) => {
    const error = await mistake().then(() => expect.unreachable(), (reason: unknown) => reason as Error);
    expect(error).toBeInstanceOf(SinapseError);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
  }); // prettier-ignore
});
