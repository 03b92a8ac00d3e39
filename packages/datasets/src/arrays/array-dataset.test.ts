import { expect, test } from 'vitest';
import { arrayDataset, takeRows } from './array-dataset.ts';

const arrays = {
  x: { data: Float32Array.of(0, 1, 2, 3, 4, 5), shape: [3, 2] },
  y: { data: Int32Array.of(7, 8, 9), shape: [3] },
};

test('a row is a view, a number of a vector itself; a batch is a copy', async () => {
  const dataset = arrayDataset(arrays);
  const rows = [];
  for await (const row of dataset) rows.push(row);
  expect(rows[1]).toEqual({ x: { data: Float32Array.of(2, 3), shape: [2] }, y: 8 });
  for await (const batch of dataset.skip(1).batch(2)) {
    expect(batch).toEqual({ x: { data: Float32Array.of(2, 3, 4, 5), shape: [2, 2] }, y: { data: Int32Array.of(8, 9), shape: [2] } });
    batch.x.data.fill(-1);
  }
  expect([...arrays.x.data]).toEqual([0, 1, 2, 3, 4, 5]);
});

test('a batch made at once equals one collated from rows', async () => {
  const dataset = arrayDataset(arrays).shuffle(1);
  const [direct, collated] = [[], []] as unknown[][];
  for await (const batch of dataset.batch(2)) direct!.push(batch);
  for await (const batch of dataset.map((row) => row).batch(2)) collated!.push(batch);
  expect(direct).toEqual(collated);
});

test('takes rows', () => {
  expect(takeRows(arrays, [2, 0]).x).toEqual({ data: Float32Array.of(4, 5, 0, 1), shape: [2, 2] });
  expect(() => takeRows(arrays, [3])).toThrow('takeRows: index: expected an integer from 0 to 2, got 3');
});

test('says what does not fit', () => {
  expect(() => arrayDataset({})).toThrow('arrayDataset: expected arrays by name, e.g. { x, y }, got an object');
  expect(() => arrayDataset({ x: [1] as never })).toThrow('arrayDataset: x: expected { data, shape }, got [1]');
  expect(() => arrayDataset({ x: { data: Float32Array.of(1), shape: [2] } })).toThrow(
    'arrayDataset: x has 1 values, its shape [2] needs 2',
  );
  expect(() => arrayDataset({ ...arrays, z: { data: Int32Array.of(1), shape: [1] } })).toThrow('arrayDataset: x has 3 rows, z has 1');
});
