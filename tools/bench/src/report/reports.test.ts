import { expect, test } from 'vitest';
import type { Entry, Measured } from '../measure/measure.ts';
import { betweenMarkers } from './docs.ts';
import { toJson } from './json.ts';
import { number, table, toMarkdown } from './markdown.ts';
import type { Ratio, Results } from './results.ts';
import { bestOf, ratiosOf } from './results.ts';

function measured(rounds: readonly number[], others = 0): Measured {
  return {
    engine: 'made up',
    rounds,
    least: Math.min(...rounds),
    runs: rounds.length,
    error: 1e-6,
    memory: { peakBytes: 123e6 },
    others: rounds.map(() => others),
  };
}

function entry(benchCase: string, contestant: string, threads: number, result: Entry['result'], setting = ''): Entry {
  return { case: benchCase, contestant, setting, threads, result };
}

const results: Results = {
  machine: { processor: 'A processor', cores: 2, memoryBytes: 24 * 2 ** 30, system: 'linux x64', node: '20.20.2', date: '2026-11-21' },
  roofline: { copyBytesPerSecond: 40e9, arithmetic: [{ threads: 1, flopsPerSecond: 100e9, from: 'NumPy' }, { threads: 2, flopsPerSecond: 200e9, from: 'NumPy' }] }, // prettier-ignore
  threads: [1, 2],
  cases: [
    { name: 'product', title: 'product', unit: 'GFLOP/s', flops: 2e9, bytes: 12e6 },
    { name: 'net', title: 'net training', unit: 'images/s', flops: 1e9, items: 128 },
    { name: 'add', title: 'add', unit: 'µs', flops: 8, bytes: 96 },
  ],
  contestants: [
    { name: 'sinapse-native', title: 'Sinapse native', ours: true, kind: 'native' },
    { name: 'sinapse-wasm', title: 'Sinapse wasm', ours: true, kind: 'wasm' },
    { name: 'pytorch', title: 'PyTorch', ours: false, kind: 'native' },
    { name: 'ort', title: 'ORT Web', ours: false, kind: 'wasm' },
  ],
  entries: [
    entry('product', 'sinapse-native', 1, measured([0.02, 0.02, 0.02])),
    entry('product', 'sinapse-native', 2, measured([0.011, 0.01, 0.009])),
    entry('product', 'pytorch', 1, measured([0.04]), 'default'),
    entry('product', 'pytorch', 1, measured([0.025]), 'channels last'),
    entry('product', 'pytorch', 2, measured([0.03]), 'channels last'), // slower with two threads
    entry('product', 'ort', 1, { reason: 'it has no product' }),
    entry('net', 'pytorch', 1, measured([0.128])),
    entry('net', 'sinapse-native', 1, { reason: 'wrong: losses is off' }),
    entry('net', 'ort', 1, { reason: 'it runs models and *never* trains' }),
    entry('add', 'sinapse-wasm', 1, measured([0.5e-6])),
    entry('add', 'ort', 1, measured([1e-6])),
    entry('add', 'pytorch', 1, measured([1e-6])),
  ],
};

test('the best setting counts, with at most as many threads as asked for', () => {
  const [product] = results.cases;
  expect(bestOf(results, product!, 'pytorch', 1)).toMatchObject({ seconds: 0.025, rate: 80, entry: { setting: 'channels last' } });
  expect(bestOf(results, product!, 'pytorch', 2)).toMatchObject({ seconds: 0.025, entry: { threads: 1 } });
  expect(bestOf(results, product!, 'sinapse-native', 2)).toMatchObject({
    seconds: 0.01,
    rate: 200,
    spread: expect.closeTo(0.05, 12) as number,
  });
  expect(bestOf(results, product!, 'ort', 2)).toBe('it has no product');
  expect(bestOf(results, product!, 'sinapse-wasm', 2)).toBeUndefined();
});

test('a ratio says how many times as fast ours is, in every unit, wherever both were measured', () => {
  const ratios = ratiosOf(results);
  const of = (benchCase: string, ours: string, peer: string, threads: number): Ratio | undefined =>
    ratios.find((ratio) => ratio.case === benchCase && ratio.ours === ours && ratio.peer === peer && ratio.threads === threads);
  expect(of('product', 'sinapse-native', 'pytorch', 1)?.ratio).toBe(1.25);
  expect(of('product', 'sinapse-native', 'pytorch', 2)?.ratio).toBe(2.5);
  expect(of('add', 'sinapse-wasm', 'pytorch', 1)?.ratio).toBe(2); // microseconds: less is more
  expect(of('net', 'sinapse-native', 'pytorch', 1)).toBeUndefined();
  expect(of('product', 'sinapse-native', 'ort', 1)).toBeUndefined();
});

test('Markdown: rates with spread, ratios within a kind, memory, and a reason for every gap', () => {
  const text = toMarkdown(results);
  const rows = text.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
  expect(rows).toContain('A processor, 2 cores, 24 GiB, linux x64, Node 20.20.2, 2026-11-21.');
  expect(rows).toContain(
    'Memory copy 40.0 GB/s, read and written; arithmetic 100 GFLOP/s on 1 thread (NumPy), 200 GFLOP/s on 2 threads (NumPy).',
  );
  expect(rows).toContain('| case | unit | roofline | Sinapse native | Sinapse wasm | PyTorch | ORT Web |');
  expect(rows).toContain('| product | GFLOP/s | 100 | 100 ±0% | | 80.0 ±0% | – |');
  expect(rows).toContain('| product | GFLOP/s | 200 | 200 ±5% | | 80.0 ±0% | – |');
  expect(rows).toContain('| net training | images/s | | – | | 1000 ±0% | – |');
  expect(rows).toContain('| add | µs | | | 0.500 ±0% | 1.00 ±0% | 1.00 ±0% |');
  expect(rows).toContain('| ours / peer | Sinapse native / PyTorch | Sinapse wasm / ORT Web |');
  expect(rows).toContain('| product | 2.50 | |');
  expect(rows).toContain('| add | | 2.00 |');
  expect(rows).toContain('| add | | 123 | 123 | 123 |');
  expect(rows).toContain('- Sinapse native, net: wrong: losses is off');
  expect(rows).toContain(String.raw`- ORT Web, net: it runs models and \*never\* trains`);
  expect(text).not.toContain('Other programs');
});

test('a peer with a handicap keeps its rates, but no ratio to it is counted, and the report says why', () => {
  const contestants = results.contestants.map((one) => (one.name === 'pytorch' ? { ...one, handicap: 'it multiplies by hand' } : one));
  const slow = { ...results, contestants };
  expect(ratiosOf(slow).some(({ peer }) => peer === 'pytorch')).toBe(false);
  expect(ratiosOf(slow).some(({ peer }) => peer === 'ort')).toBe(true);
  expect(toMarkdown(slow)).toContain('**Ratios not counted**\n\n- PyTorch: it multiplies by hand');
  expect(toMarkdown(results)).not.toContain('not counted');
});

test('Markdown says when the machine was not quiet, and drops who has no figure at all from the tables', () => {
  const busy = {
    ...results,
    entries: [entry('product', 'pytorch', 1, measured([1], 0.4)), entry('product', 'ort', 1, { reason: 'not installed' })],
  };
  const text = toMarkdown({ ...busy, cases: results.cases.slice(0, 1), threads: [1] });
  expect(text).toContain('Other programs took 40% of the processor meanwhile');
  expect(text).toMatch(/^\| case +\| unit +\| roofline \| +PyTorch \|$/m);
  expect(text).not.toContain('Ratios');
  expect(text).toContain('- ORT Web, product: not installed');
});

test('tables are aligned, and a pipe in a title is their own affair', () => {
  expect(
    table(
      ['a', 'rate'],
      [
        ['long name', '1'],
        ['b', '22222'],
      ],
      1,
    ),
  ).toBe(
    // prettier-ignore
    ['| a         |  rate |', '| --------- | ----: |', '| long name |     1 |', '| b         | 22222 |'].join('\n'),
  );
});

test('three significant digits, never an exponent', () => {
  expect([1234.5, 123.4, 99.95, 12.34, 1.234, 0.1234, 0.01234, 0, NaN, Infinity].map(number)).toEqual(
    ['1235', '123', '100.0', '12.3', '1.23', '0.123', '0.0123', '0', '–', '–'], // prettier-ignore
  );
});

test('JSON holds everything measured, and the ratios', () => {
  const read = JSON.parse(toJson(results)) as Results & { version: number; ratios: Ratio[] };
  expect(read).toMatchObject({ version: 1, machine: results.machine, entries: results.entries, cases: results.cases });
  expect(read.ratios).toEqual(ratiosOf(results));
});

test('a page gets new text between its markers, again and again', () => {
  const page = 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n';
  const once = betweenMarkers(page, 'new');
  expect(once).toBe('before\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\nafter\n');
  expect(betweenMarkers(once, 'new')).toBe(once);
  expect(() => betweenMarkers('no markers', 'new')).toThrow('needs the lines <!-- bench:begin --> and <!-- bench:end -->');
  expect(() => betweenMarkers('<!-- bench:end --> <!-- bench:begin -->', 'new')).toThrow('needs the lines');
});
