// The stages that join, repeat, keep and group elements. Each is tried with random access and over streams, and resumed at every place.

import { describe, expect, it } from 'vitest';
import { Dataset, memoryStore, padded } from '../index.ts';

async function all<T>(elements: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const element of elements) list.push(element);
  return list;
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

type Make = (from: number, to: number) => Dataset<number>;
const sources: [string, Make][] = [
  ['with random access', (from, to) => Dataset.from(numbers(from, to))],
  ['of known length', (from, to) => Dataset.from(numbers(from, to)).prefetch(2)],
  ['of unknown length', (from, to) => Dataset.from(() => numbers(from, to))],
];

/** The elements of an epoch, after checking that a run resumed at any place gives the rest of them. */
async function resumable<T>(dataset: Dataset<T, unknown>, epoch = 0): Promise<T[]> {
  const whole = await all(dataset.iterate({ epoch }));
  for (let skip = 0; skip <= whole.length + 1; skip++) expect(await all(dataset.iterate({ epoch, skip }))).toEqual(whole.slice(skip));
  return whole;
}

describe.each(sources)('sources %s', (name, make) => {
  const known = name !== 'of unknown length';

  it('zip to records', async () => {
    const zipped = Dataset.zip({ x: make(0, 3), y: make(3, 6).map((y) => `${y}`) });
    expect(zipped.length).toBe(known ? 3 : undefined);
    expect(await resumable(zipped)).toEqual([{ x: 0, y: '3' }, { x: 1, y: '4' }, { x: 2, y: '5' }]); // prettier-ignore
    const later = Dataset.zip({ x: make(0, 1).map(async (x) => x), y: make(1, 2) });
    expect(await all(later)).toEqual([{ x: 0, y: 1 }]);
  });

  it('of different lengths do not zip', async () => {
    const read = async () => all(Dataset.zip({ x: make(0, 3), y: make(0, 2) }));
    await expect(read()).rejects.toThrow(known ? 'zip: x has 3 elements, y has 2; take(count) makes them equal' : 'zip: y ended before x');
  });

  it('are concatenated', async () => {
    const joined = Dataset.concatenate([make(0, 3), make(3, 3), make(3, 5), make(5, 6)]);
    expect(joined.length).toBe(known ? 6 : undefined);
    expect(await resumable(joined)).toEqual(numbers(0, 6));
  });

  it('are interleaved, also in blocks', async () => {
    const parts = [make(0, 5), make(10, 12), make(20, 21)];
    expect(await resumable(Dataset.interleave(parts))).toEqual([0, 10, 20, 1, 11, 2, 3, 4]);
    expect(await resumable(Dataset.interleave(parts, { block: 2 }))).toEqual([0, 1, 10, 11, 20, 2, 3, 4]);
  });

  it('repeat, each time in another order', async () => {
    expect(await resumable(make(0, 3).repeat(2))).toEqual([0, 1, 2, 0, 1, 2]);
    const shuffled = make(0, 8).shuffle(1, { buffer: 8 });
    const twice = await resumable(shuffled.repeat(2), 1);
    expect(twice).toEqual([...(await all(shuffled.iterate({ epoch: 2 }))), ...(await all(shuffled.iterate({ epoch: 3 })))]);
    expect(twice.slice(0, 8)).not.toEqual(twice.slice(8));
  });

  it('repeat without end', async () => {
    const endless = make(0, 3).repeat();
    expect(endless.length).toBeUndefined();
    expect(await resumable(endless.take(7))).toEqual([0, 1, 2, 0, 1, 2, 0]);
    expect(await all(make(0, 0).repeat())).toEqual([]);
  });

  it('are cached: an element is computed once', async () => {
    let computed = 0;
    const cached = make(0, 4)
      .map(async (x) => (computed++, 2 * x))
      .cache();
    expect(await all(cached.iterate({ epoch: 0 }))).toEqual([0, 2, 4, 6]);
    expect(await all(cached.iterate({ epoch: 1 }))).toEqual([0, 2, 4, 6]);
    expect(computed).toBe(4);
    expect(await resumable(cached)).toEqual([0, 2, 4, 6]);
    expect(computed).toBe(4);
  });

  it('are cached where a pass ended early', async () => {
    let computed = 0;
    const cached = make(0, 4).map((x) => (computed++, x)).cache(); // prettier-ignore
    expect(await all(cached.take(2))).toEqual([0, 1]);
    expect(await all(cached)).toEqual([0, 1, 2, 3]);
    expect(await all(cached)).toEqual([0, 1, 2, 3]);
    expect(computed).toBe(4);
  });

  it('go in buckets of similar length, filled up', async () => {
    const words = make(0, 9).map((i) => ({ x: Int32Array.from({ length: 1 + (i % 3) * 3 }, () => i), y: i % 2 }));
    const batches = words.bucketByLength({ boundaries: [3, 6], size: 2, length: ({ x }) => x.length, padding: -1 });
    const shapes = (await resumable(batches)).map(({ x, y }) => [x.shape, [...y.data]]);
    expect(shapes).toEqual([[[2, 1], [0, 1]], [[2, 4], [1, 0]], [[2, 7], [0, 1]], [[1, 1], [0]], [[1, 4], [1]], [[1, 7], [0]]]); // prettier-ignore
    const whole = words.bucketByLength({ boundaries: [3, 6], size: 2, length: ({ x }) => x.length, dropLast: true });
    expect(await all(whole)).toHaveLength(3);
  });
});

it('a batch of texts of different lengths is filled up, and says their lengths', async () => {
  const rows = Dataset.from([{ x: [1, 2, 3], y: 0 }, { x: [4], y: 1 }]); // prettier-ignore
  const [batch] = await all(rows.batch(2, { collate: padded(-1) }));
  expect(batch).toEqual({
    x: { data: Float32Array.of(1, 2, 3, 4, -1, -1), shape: [2, 3] },
    xLengths: { data: Int32Array.of(3, 1), shape: [2] },
    y: { data: Int32Array.of(0, 1), shape: [2] },
  });
  const lists = await all(rows.batch(2, { collate: padded(-1, { lengthsIn: 'x' }) }));
  expect(lists).toEqual([{ x: [batch!.x, { data: Int32Array.of(3, 1), shape: [2] }], y: batch!.y }]);
  const alike = await all(rows.batch(1, { collate: padded(0, { lengthsIn: 'x' }) }));
  expect(alike[1]!.x).toEqual([
    { data: Float32Array.of(4), shape: [1, 1] },
    { data: Int32Array.of(1), shape: [1] },
  ]);
  await expect(all(rows.batch(2, { collate: padded(0, { lengthsIn: 'y' }) }))).rejects.toThrow(
    'padded: lengthsIn: example 0 has no sequence y',
  );
  const matrices = Dataset.from([[[1, 2]], [[3, 4], [5, 6]]]); // prettier-ignore
  expect((await all(matrices.batch(2, { collate: padded() })))[0]).toEqual({ data: Float32Array.of(1, 2, 0, 0, 3, 4, 5, 6), shape: [2, 2, 2] }); // prettier-ignore
  const arrays = Dataset.from([{ data: Int32Array.of(1, 2), shape: [1, 2] }, { data: Int32Array.of(3, 4, 5, 6), shape: [2, 2] }]); // prettier-ignore
  expect((await all(arrays.batch(2, { collate: padded(9) })))[0]).toEqual({ data: Int32Array.of(1, 2, 9, 9, 3, 4, 5, 6), shape: [2, 2, 2] }); // prettier-ignore
});

it('maps several elements of a stream at once, in order', async () => {
  let [running, most] = [0, 0];
  const slow = Dataset.from(() => numbers(0, 9)).map(
    async (x) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 9 - x));
      running--;
      return x;
    },
    { concurrency: 3 },
  );
  expect(await resumable(slow)).toEqual(numbers(0, 9));
  expect(most).toBe(3);
});

it('an element with random access may depend on the epoch', async () => {
  const changing = Dataset.from<string>({ length: 2, get: (index, epoch) => `${epoch}.${index}` });
  expect(await all(changing.repeat(2).iterate({ epoch: 1 }))).toEqual(['2.0', '2.1', '3.0', '3.1']);
  const frozen = changing.cache(memoryStore());
  expect(await all(frozen.iterate({ epoch: 5 }))).toEqual(['0.0', '0.1']);
});

it('a failed element is read again', async () => {
  let fails = true;
  const cached = Dataset.from([1]).map(async (x) => (fails ? Promise.reject(new Error('not yet')) : x)).cache(); // prettier-ignore
  await expect(all(cached)).rejects.toThrow('not yet');
  fails = false;
  expect(await all(cached)).toEqual([1]);
});

it('closes every source of an interleaving that is left', async () => {
  let closed = 0;
  const endless = Dataset.from(function* () {
    try {
      for (;;) yield 1;
    } finally {
      closed++;
    }
  });
  for await (const _ of Dataset.interleave([endless, endless])) break;
  for await (const _ of Dataset.zip({ a: endless, b: endless.map((x) => x) })) break;
  expect(closed).toBe(3); // the second source of the interleaving was never begun
});

it('says what is wrong', () => {
  const one = Dataset.from([1]);
  expect(() => Dataset.zip({})).toThrow('zip: expected datasets by name, e.g. { x: images, y: labels }, got an object');
  expect(() => Dataset.concatenate([[1]] as never)).toThrow(
    'concatenate: expected a list of datasets, got [1]; make one with Dataset.from(…)',
  );
  expect(() => Dataset.interleave([])).toThrow('interleave: expected a list of datasets');
  expect(() => Dataset.interleave([one], { blocks: 2 } as never)).toThrow('interleave: blocks is no option; did you mean block?');
  expect(() => one.repeat(0)).toThrow('repeat: count: expected an integer from 1');
  expect(() => Dataset.from([1, 2]).repeat(2 ** 31 - 1)).toThrow('repeat: number of elements: expected an integer from 0');
  expect(() => one.cache({} as never)).toThrow('cache: expected a store with get(index) and set(index, element), got an object');
  expect(() => one.bucketByLength({ boundaries: [3, 2], size: 1, length: () => 1 })).toThrow('bucketByLength: boundaries: expected rising numbers > 0, got [3,2]'); // prettier-ignore
  expect(() => one.map((x) => x, { concurrency: 0 })).toThrow('map: concurrency: expected an integer from 1 to 1,024, got 0');
});
