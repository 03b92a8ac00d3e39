import { expect, it } from 'vitest';
import { windows } from './windows.ts';
import type { Window } from './windows.ts';

async function pairs(series: Parameters<typeof windows>[0], options: Parameters<typeof windows>[1]): Promise<unknown[]> {
  const list: unknown[] = [];
  for await (const { x, y } of windows(series, options)) list.push([[...x.data], [...y.data]]);
  return list;
}

it('cuts windows and what follows them', async () => {
  expect(await pairs([1, 2, 3, 4, 5], { length: 3 })).toEqual([[[1, 2, 3], [4]], [[2, 3, 4], [5]]]); // prettier-ignore
  expect(await pairs([1, 2, 3, 4, 5, 6], { length: 2, horizon: 2, stride: 2 })).toEqual([[[1, 2], [3, 4]], [[3, 4], [5, 6]]]); // prettier-ignore
  expect(await pairs(Int32Array.of(7, 8, 9), { length: 2, horizon: 2, offset: -1 })).toEqual([[[7, 8], [8, 9]]]); // prettier-ignore
  expect(await pairs([1, 2, 3, 4], { length: 1, offset: 2 })).toEqual([[[1], [4]]]); // prettier-ignore
});

it('takes several features, and predicts some', async () => {
  const series = { data: Float32Array.of(1, 10, 2, 20, 3, 30), shape: [3, 2] };
  const next = await windows(series, { length: 2, targets: [1] })
    .iterate()
    .next();
  expect(next.value as Window).toEqual({
    x: { data: Float32Array.of(1, 10, 2, 20), shape: [2, 2] },
    y: { data: Float32Array.of(30), shape: [1, 1] },
  });
});

it('says what is wrong', () => {
  expect(() => windows([1, 2], { length: 2 })).toThrow('windows: a window and its target take 3 steps, the series has 2');
  expect(() => windows([1, 2], { length: 1, offset: -2 })).toThrow('windows: offset: expected at least -1 for windows of 1 steps, got -2');
  expect(() => windows({ data: Float32Array.of(1, 2), shape: [1, 2] }, { length: 1, targets: [2] })).toThrow('windows: targets: there are 2 features, got [2]'); // prettier-ignore
  expect(() => windows('abc' as never, { length: 1 })).toThrow(
    'windows: expected numbers, or { data, shape: [steps, features] }, got "abc"',
  );
  expect(() => windows([1], { size: 1 } as never)).toThrow('windows: size is no option');
});
