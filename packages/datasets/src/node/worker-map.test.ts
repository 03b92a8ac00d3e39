import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dataset } from '../dataset.ts';
import { workerMap } from './index.ts';

let folder: string;
let module: URL;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sinapse-workers-'));
  const path = join(folder, 'work.mjs');
  await writeFile(
    path,
    `import { threadId } from 'node:worker_threads';
    export default (x, { epoch, index }) => ({ data: Float32Array.of(x, epoch, index), shape: [3] });
    export const thread = async (x) => { await new Promise((r) => setTimeout(r, 20)); return threadId; };
    export const fails = (x) => { if (x === 2) throw new Error('two\\nmore'); return x; };
    export const hangs = (x) => { while (x === 1); return x; };
    export const exits = (x) => (x === 1 ? process.exit() : x);`,
  );
  module = pathToFileURL(path);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function all<T>(elements: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const element of elements) list.push(element);
  return list;
}

describe('workerMap', () => {
  it('maps in threads, in order, with the epoch and the place', async () => {
    const fn = workerMap<number, { data: Float32Array; shape: number[] }>(module, { workers: 2 });
    const batches = Dataset.from([5, 6, 7]).map(fn).batch(3);
    const [batch] = await all(batches.iterate({ epoch: 4 }));
    expect(batch).toEqual({ data: Float32Array.of(5, 4, 0, 6, 4, 1, 7, 4, 2), shape: [3, 3] });
    await fn.close();
    await expect(all(batches)).rejects.toThrow('workers: they were closed');
  });

  it('uses as many threads as it is given', async () => {
    const fn = workerMap<number, number>(module, { workers: 2, name: 'thread' });
    const threads = await all(Dataset.from(() => [1, 2, 3, 4, 5, 6]).map(fn, { concurrency: 4 }));
    expect(new Set(threads).size).toBe(2);
    await fn.close();
  });

  it('throws where the element is consumed, and serves those after it', async () => {
    const fn = workerMap<number, number>(module, { workers: 1, name: 'fails' });
    await expect(all(Dataset.from([1, 2, 3]).map(fn))).rejects.toThrow(/^two$/);
    expect(await all(Dataset.from([3]).map(fn))).toEqual([3]);
    await fn.close();
  });

  it('ends a call that takes too long, or that ends its thread', async () => {
    for (const [name, message] of [
      ['hangs', 'takes longer than 0.5 s'],
      ['exits', 'ended its thread'],
    ] as const) {
      // prettier-ignore
      const fn = workerMap<number, number>(module, { workers: 1, name, timeoutMs: 500 });
      await expect(all(Dataset.from([0, 1]).map(fn))).rejects.toThrow(message);
      expect(await all(Dataset.from([7]).map(fn))).toEqual([7]);
      await fn.close();
    }
  });

  it('says what is wrong', async () => {
    const fn = workerMap<unknown, unknown>(module, { workers: 1, name: 'none' });
    await expect(all(Dataset.from([1]).map(fn))).rejects.toThrow('exports no function none');
    await expect(all(Dataset.from([() => 1]).map(fn))).rejects.toThrow('an argument cannot be sent to a thread');
    await fn.close();
    expect(() => workerMap('')).toThrow('workerMap: module: expected the address or path of a module, got ""');
    expect(() => workerMap(module, { workers: 0 })).toThrow('workerMap: workers: expected an integer from 1 to 256, got 0');
  });
});
