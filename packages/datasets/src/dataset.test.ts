import { describe, expect, it, vi } from 'vitest';
import { Dataset } from './dataset.ts';

async function all<T>(elements: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const element of elements) list.push(element);
  return list;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** A collation that leaves the elements in a list. */
const list = { collate: <T>(elements: T[]): T[] => elements };
const tick = (milliseconds = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A dataset of 0 to `count` - 1 without random access, with counters of how often its source was opened, closed and read. */
function streamOf(count: number): { dataset: Dataset<number>; opened: () => number; closed: () => number; read: () => number } {
  let [opened, closed, read] = [0, 0, 0];
  const dataset = Dataset.from(async function* () {
    opened++;
    try {
      for (let i = 0; i < count; i++) {
        read++;
        yield i;
      }
    } finally {
      closed++;
    }
  });
  return { dataset, opened: () => opened, closed: () => closed, read: () => read };
}

const sources: [string, (count: number) => Dataset<number>][] = [
  ['with random access', (count) => Dataset.from(numbers(count))],
  ['from an iterable', (count) => streamOf(count).dataset],
];

describe.each(sources)('a dataset %s', (_, source) => {
  it('is read from the start each time', async () => {
    const dataset = source(4);
    expect(await all(dataset)).toEqual([0, 1, 2, 3]);
    expect(await all(dataset)).toEqual([0, 1, 2, 3]);
  });

  it('maps with synchronous and asynchronous functions, in order', async () => {
    const later = source(5)
      .map(async (x) => {
        await tick(5 - x);
        return 10 * x;
      })
      .map((x) => x + 1);
    expect(await all(later)).toEqual([1, 11, 21, 31, 41]);
  });

  it('tells map the epoch and the position, also when resumed', async () => {
    const placed = source(4).map((x, { epoch, index }) => `${x} ${epoch} ${index}`);
    expect(await all(placed.iterate({ epoch: 7, skip: 2 }))).toEqual(['2 7 2', '3 7 3']);
  });

  it('filters, takes and skips', async () => {
    const even = source(20).filter((x) => x % 2 === 0);
    expect(await all(even.skip(2).take(3))).toEqual([4, 6, 8]);
    expect(await all(source(5).take(9))).toEqual([0, 1, 2, 3, 4]);
    expect(await all(source(5).skip(9))).toEqual([]);
    expect(await all(source(5).take(0))).toEqual([]);
    expect(await all(source(9).skip(2).take(5).skip(1).take(2))).toEqual([3, 4]);
    expect(await all(even.iterate({ skip: 8 }))).toEqual([16, 18]);
  });

  it('batches, with or without a short last batch', async () => {
    expect(await all(source(5).batch(2, list))).toEqual([[0, 1], [2, 3], [4]]);
    expect(await all(source(5).batch(2, { ...list, dropLast: true }))).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(await all(source(3).batch(1000, list))).toEqual([[0, 1, 2]]);
    expect(await all(source(4).batch(2, { collate: (pair) => pair.join('+') }))).toEqual(['0+1', '2+3']);
  });

  it('resumes exactly where an interrupted epoch stopped', async () => {
    const batches = source(23)
      .shuffle(5, { buffer: 7 })
      .map((x) => 2 * x)
      .batch(4)
      .prefetch(2);
    for (const epoch of [0, 3]) {
      const whole = await all(batches.iterate({ epoch }));
      for (let skip = 0; skip <= whole.length + 1; skip++) expect(await all(batches.iterate({ epoch, skip }))).toEqual(whole.slice(skip));
    }
  });

  it('shuffles: every element once, another order in each epoch, the same for the same seed', async () => {
    const shuffled = source(50).shuffle(1, { buffer: 20 });
    const order = await all(shuffled.iterate({ epoch: 0 }));
    expect([...order].sort((a, b) => a - b)).toEqual(numbers(50));
    expect(order).not.toEqual(numbers(50));
    expect(await all(shuffled.iterate({ epoch: 0 }))).toEqual(order);
    expect(await all(shuffled.iterate({ epoch: 1 }))).not.toEqual(order);
    expect(await all(source(50).shuffle(2, { buffer: 20 }))).not.toEqual(order);
  });

  it('throws what map throws on the line that consumes the element, and then ends', async () => {
    for (const asynchronous of [false, true]) {
      for (const depth of [0, 3]) {
        const mapped = source(6).map((x) => {
          if (x === 3) {
            if (asynchronous) return Promise.reject(new Error('three'));
            throw new Error('three');
          }
          return x;
        });
        const seen: number[] = [];
        const iterator = (depth > 0 ? mapped.prefetch(depth) : mapped).iterate();
        await expect(
          (async () => {
            for await (const x of iterator) seen.push(x);
          })(),
        ).rejects.toThrow('three');
        expect(seen).toEqual([0, 1, 2]);
        expect(await iterator.next()).toEqual({ done: true, value: undefined });
      }
    }
  });

  it('throws in a batch once, whichever of its elements fail', async () => {
    const failing = source(4).map(async (x) => {
      await tick();
      throw new Error(`element ${x}`);
    });
    await expect(all(failing.batch(4))).rejects.toThrow('element');
    const half = source(4).map((x): Promise<number> => {
      if (x === 2) throw new Error('at once');
      return Promise.reject(new Error('later'));
    });
    await expect(all(half.batch(4))).rejects.toThrow(/at once|later/);
    await tick(5); // an unhandled rejection would fail the run
  });

  it('gives each of two concurrent iterations its own position', async () => {
    const dataset = source(3).map((x) => x);
    const [a, b] = [dataset.iterate(), dataset.iterate({ skip: 1 })];
    expect([(await a.next()).value, (await b.next()).value, (await a.next()).value]).toEqual([0, 1, 1]);
  });
});

describe('sources', () => {
  async function* counting(): AsyncGenerator<number> {
    yield* [1, 2, 3];
  }

  it.each<[string, Dataset<number>]>([
    ['an array', Dataset.from([1, 2, 3])],
    ['a typed array', Dataset.from(Float32Array.of(1, 2, 3))],
    ['a set', Dataset.from(new Set([1, 2, 3]))],
    ['an asynchronous iterable', Dataset.from({ [Symbol.asyncIterator]: counting })],
    ['a generator function', Dataset.from(counting)],
    ['a function that returns an array', Dataset.from(() => [1, 2, 3])],
    ['a dataset', Dataset.from(Dataset.from([1, 2, 3]))],
  ])('%s is read in every epoch', async (_, dataset) => {
    for (const epoch of [0, 1]) expect(await all(dataset.iterate({ epoch }))).toEqual([1, 2, 3]);
  });

  it('a generator is read once, and then says what to pass', async () => {
    const dataset = Dataset.from(counting());
    expect(await all(dataset)).toEqual([1, 2, 3]);
    await expect(all(dataset.iterate({ epoch: 1 }))).rejects.toThrow(
      'dataset: this generator is used up after one epoch; pass the generator function itself, as in Dataset.from(function* () { … })',
    );
  });

  it('a dataset as source keeps its shuffle', async () => {
    const shuffled = Dataset.from(numbers(20)).shuffle(1);
    expect(await all(Dataset.from(shuffled).iterate({ epoch: 3 }))).toEqual(await all(shuffled.iterate({ epoch: 3 })));
  });
});

describe('length', () => {
  it('is known through every stage but filter', () => {
    const dataset = Dataset.from(numbers(10));
    expect(dataset.length).toBe(10);
    expect(dataset.map(String).shuffle(0).skip(3).take(5).length).toBe(5);
    expect(dataset.batch(4).length).toBe(3);
    expect(dataset.batch(4, { dropLast: true }).length).toBe(2);
    expect(dataset.batch(4).prefetch(2).length).toBe(3);
    expect(dataset.prefetch(2).skip(4).batch(4).length).toBe(2);
    expect(dataset.filter(() => true).length).toBeUndefined();
    expect(Dataset.from(() => [1]).length).toBeUndefined();
  });
});

describe('random access', () => {
  it('reads nothing of what is skipped', async () => {
    const get = vi.fn((index: number) => index);
    const batches = Dataset.from({ length: 1000, get }).shuffle(3).batch(10);
    const resumed = batches.iterate({ epoch: 2, skip: 99 });
    expect((await resumed.next()).value!.shape).toEqual([10]);
    expect(get).toHaveBeenCalledTimes(10);
  });

  it('makes batches with the source’s own gather, through take, skip and shuffle', async () => {
    const source = { length: 10, get: (index: number) => index, gather: (indices: Int32Array) => indices.join(' ') };
    expect(await all(Dataset.from(source).skip(1).take(5).batch(2))).toEqual(['1 2', '3 4', '5']);
    const shuffled: string[] = await all(Dataset.from(source).shuffle(1).batch(5));
    expect(
      shuffled
        .join(' ')
        .split(' ')
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(numbers(10));
    expect(
      await all(
        Dataset.from(source)
          .map((x) => -x)

          .batch(5, { ...list, dropLast: true }),
      ),
    ).toEqual([
      [-0, -1, -2, -3, -4],
      [-5, -6, -7, -8, -9],
    ]);
  });

  it('reads the elements of a batch at the same time', async () => {
    let [running, most] = [0, 0];
    const slow = Dataset.from(numbers(8)).map(async (x) => {
      most = Math.max(most, ++running);
      await tick();
      running--;
      return x;
    });
    expect(await all(slow.batch(4, list))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    expect(most).toBe(4);
  });
});

describe('prefetch', () => {
  it('reads ahead while the consumer works, no further than asked', async () => {
    const begun: number[] = [];
    const dataset = Dataset.from(numbers(10))
      .map((x) => (begun.push(x), x))
      .prefetch(3);
    const iterator = dataset.iterate();
    await iterator.next();
    expect(begun).toEqual([0]); // nothing begins ahead of the consumer's first element
    await tick(20);
    expect(begun).toEqual([0, 1, 2, 3]);
    await iterator.next();
    await tick(20);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  it('has asynchronous reads under way at the same time, and keeps their order', async () => {
    let [running, most] = [0, 0];
    const dataset = Dataset.from(numbers(12))
      .map(async (x) => {
        most = Math.max(most, ++running);
        await tick(12 - x);
        running--;
        return x;
      })
      .prefetch(4);
    expect(await all(dataset)).toEqual(numbers(12));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(5);
  });

  it('stops and closes the source when the consumer leaves early', async () => {
    const source = streamOf(100);
    for await (const x of source.dataset.map((value) => value).prefetch(4)) {
      await tick(5);
      if (x === 2) break;
    }
    expect(source.closed()).toBe(1);
    const read = source.read();
    expect(read).toBeLessThanOrEqual(8);
    await tick(10);
    expect(source.read()).toBe(read);
  });

  it('does not report errors of elements that nobody asked for', async () => {
    const dataset = Dataset.from(numbers(5))
      .map(async (x) => {
        if (x > 0) throw new Error(`element ${x}`);
        return x;
      })
      .prefetch(4);
    for await (const _ of dataset) {
      await tick(10);
      break;
    }
    await tick(5); // an unhandled rejection would fail the run
  });
});

describe('ending early', () => {
  it('closes the source on break and on an error in the loop', async () => {
    const source = streamOf(10);
    for await (const _ of source.dataset.batch(2)) break;
    await expect(
      (async () => {
        for await (const _ of source.dataset.filter(() => true)) throw new Error('mine');
      })(),
    ).rejects.toThrow('mine');
    expect([source.opened(), source.closed()]).toEqual([2, 2]);
  });

  it('ends a pending read at once when the signal is aborted', async () => {
    for (const depth of [0, 2]) {
      const controller = new AbortController();
      const stuck = Dataset.from(numbers(3)).map((x) => (x === 1 ? new Promise<number>(() => {}) : x));
      const iterator = (depth > 0 ? stuck.prefetch(depth) : stuck).iterate({ signal: controller.signal });
      expect((await iterator.next()).value).toBe(0);
      const pending = iterator.next();
      controller.abort(new Error('enough'));
      await expect(pending).rejects.toThrow('enough');
      await expect(iterator.next()).rejects.toThrow('enough');
    }
  });

  it('starts nothing when the signal is already aborted', async () => {
    const source = streamOf(3);
    await expect(all(source.dataset.iterate({ signal: AbortSignal.abort(new Error('no')) }))).rejects.toThrow('no');
    expect(source.opened()).toBe(0);
  });

  it('closes the source after an abort between two elements', async () => {
    const source = streamOf(10);
    const controller = new AbortController();
    const iterator = source.dataset.iterate({ signal: controller.signal });
    await iterator.next();
    controller.abort();
    await expect(iterator.next()).rejects.toThrow('aborted');
    await tick();
    expect(source.closed()).toBe(1);
  });
});

describe('mistakes', () => {
  const dataset = Dataset.from(numbers(10));

  it.each([0, -1, 1.5, NaN, Infinity, 2 ** 31])('a batch size of %s', (size) => {
    expect(() => dataset.batch(size)).toThrow(`batch: size: expected an integer from 1 to 2,147,483,647, got ${size}`);
  });

  it('a batch size that leaves nothing', () => {
    expect(() => dataset.batch(11, { dropLast: true })).toThrow(
      'batch: size 11 with dropLast leaves nothing of 10 elements; use a smaller size',
    );
    expect(Dataset.from<number>([]).batch(11, { dropLast: true }).length).toBe(0);
  });

  it('counts, epochs, seeds out of range', () => {
    expect(() => dataset.take(-1)).toThrow('take: count: expected an integer from 0');
    expect(() => dataset.skip(0.5)).toThrow('skip: count: expected an integer from 0');
    expect(() => dataset.prefetch(0)).toThrow('prefetch: count: expected an integer from 1 to 1,024, got 0');
    expect(() => dataset.iterate({ epoch: -1 })).toThrow('iterate: epoch');
    expect(() => dataset.iterate({ skip: NaN })).toThrow('iterate: skip');
    expect(() => dataset.shuffle(-1)).toThrow('seed');
    expect(() => dataset.shuffle(1, { buffer: 0 })).toThrow('shuffle: buffer: expected');
  });

  it('a shuffle without random access and without a buffer', () => {
    expect(() => dataset.filter(() => true).shuffle(1)).toThrow('pass { buffer: number }');
  });

  it('a source that is none', () => {
    expect(() => Dataset.from(5 as never)).toThrow(
      'dataset: expected an array, an object with length and get(index), an iterable, or a function that returns one, got 5',
    );
    expect(() => Dataset.from('abc')).toThrow('got "abc"');
    expect(() => Dataset.from(Promise.resolve([1]) as never)).toThrow('got a promise (await it)');
    expect(() => Dataset.from({ length: -1, get: () => 0 })).toThrow('dataset: length: expected an integer');
  });

  it('a function that returns no iterable', async () => {
    await expect(all(Dataset.from((() => 7) as never))).rejects.toThrow(
      "dataset: the source's function must return an iterable, as a generator function does, got 7",
    );
  });

  it('an unknown option', () => {
    expect(() => dataset.batch(2, { droplast: true } as never)).toThrow('batch: droplast is no option; did you mean dropLast?');
    expect(() => dataset.shuffle(1, { bufer: 3 } as never)).toThrow('shuffle: bufer is no option; did you mean buffer?');
    expect(() => dataset.iterate({ epochs: 1 } as never)).toThrow('iterate: epochs is no option; did you mean epoch?');
    expect(() => dataset.map(undefined as never)).toThrow('map: function: expected a function, got undefined');
  });
});
