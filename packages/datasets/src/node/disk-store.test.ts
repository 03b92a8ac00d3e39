import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Dataset } from '../dataset.ts';
import { diskStore } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sinapse-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function all<T>(elements: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const element of elements) list.push(element);
  return list;
}

interface Row {
  readonly x: Float32Array;
  readonly name: string;
}
let computed = 0;
const rows = () => Dataset.from([0, 1, 2]).map((i): Row => (computed++, { x: Float32Array.of(i, NaN), name: `é ${i}` }));
const expected = [0, 1, 2].map((i) => ({ x: Float32Array.of(i, NaN), name: `é ${i}` }));
const path = async () =>
  join(
    folder,
    (await readdir(folder)).find((name) => name.endsWith('.elements'))!,
  );

it('keeps elements between runs, also a part of them', async () => {
  computed = 0;
  const first = await diskStore<Row>(folder, 'rows 1');
  expect(await all(rows().cache(first).take(2))).toEqual(expected.slice(0, 2));
  await first.close();
  const second = await diskStore<Row>(folder, 'rows 1');
  expect(await all(rows().cache(second))).toEqual(expected);
  expect(await all(rows().cache(second).batch(3))).toHaveLength(1);
  expect(computed).toBe(3);
  await second.close();
  const other = await diskStore<Row>(folder, 'rows 2');
  expect(await all(rows().cache(other))).toEqual(expected);
  expect(computed).toBe(6);
  await other.close();
});

it('knows the length of a stream that was read to its end', async () => {
  for (let run = 0; run < 2; run++) {
    const store = await diskStore<number>(folder, 'stream');
    let opened = 0;
    const stream = Dataset.from(() => (opened++, [5, 6, 7]));
    expect(await all(stream.cache(store))).toEqual([5, 6, 7]);
    expect(opened).toBe(1 - run);
    await store.close();
  }
});

it('cuts off what a killed process left half written, and damaged records', async () => {
  const store = await diskStore<Row>(folder, 'rows');
  await all(rows().cache(store));
  await store.close();
  const whole = await readFile(await path());
  for (let length = 0; length < whole.length; length += 7) {
    await writeFile(await path(), whole.subarray(0, length));
    const again = await diskStore<Row>(folder, 'rows');
    expect(await all(rows().cache(again))).toEqual(expected);
    await again.close();
  }
  for (let at = 0; at < whole.length; at += 5) {
    const bytes = Buffer.from(whole);
    bytes[at]! ^= 0x10;
    await writeFile(await path(), bytes);
    const again = await diskStore<Row>(folder, 'rows');
    expect(await all(rows().cache(again))).toEqual(expected);
    await again.close();
  }
});

it('is used by one process at a time', async () => {
  const store = await diskStore(folder, 'k');
  await expect(diskStore(folder, 'k')).rejects.toThrow(`is in use by process ${process.pid}; close it first`);
  await store.close();
  await writeFile(`${await path()}.lock`, '999999999'); // of a process that is gone
  await (await diskStore(folder, 'k')).close();
  await expect(diskStore('', 'k')).rejects.toThrow('diskStore: folder: expected the path of a folder, got ""');
});
