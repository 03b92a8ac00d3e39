import { Context, ones, use } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeAll, expect, test } from 'vitest';
import { dropout } from './dropout.ts';
import { sequential } from './sequential.ts';

beforeAll(() => void use(reference()));

test('drops a share of the values in training and scales the others, and does nothing otherwise', () => {
  const layer = dropout({ rate: 0.25 });
  expect(layer.build([1000])).toEqual([1000]);
  const y = layer.call(ones([1, 1000]), new Context({ training: true, seed: 1 })).dataSync();
  const kept = y.filter((value) => value !== 0);
  expect(kept.every((value) => value === Math.fround(1 / 0.75))).toBe(true);
  expect(kept.length).toBeGreaterThan(700);
  expect(kept.length).toBeLessThan(800);
  expect(
    layer
      .call(ones([1, 1000]), new Context())
      .dataSync()
      .every((value) => value === 1),
  ).toBe(true);
});

test('what is dropped depends on the seed and the path in the model', () => {
  const dropped = (seed: number, names: [string, string]) => {
    const model = sequential([
      [names[0], dropout({ rate: 0.5 })],
      [names[1], dropout({ rate: 0.5 })],
    ]);
    return [...model.call(ones([1, 64]), new Context({ training: true, seed })).dataSync()];
  };
  expect(dropped(1, ['a', 'b'])).toEqual(dropped(1, ['a', 'b']));
  expect(dropped(1, ['a', 'b'])).not.toEqual(dropped(2, ['a', 'b']));
  expect(dropped(1, ['a', 'b'])).not.toEqual(dropped(1, ['a', 'c']));
  // If both layers dropped the same elements, half of the elements would remain, not a quarter.
  expect(dropped(1, ['a', 'b']).filter((value) => value !== 0).length).toBeLessThan(26);
});

test('refuses rates that cannot be, and training without a seed', () => {
  for (const rate of [1, -0.1, Number.NaN])
    expect(() => dropout({ rate })).toThrow(`dropout: rate: expected a number within [0, 1), got ${rate}`);
  expect(() => sequential([['drop', dropout({ rate: 0.5 })]]).call(ones([1, 2]), new Context({ training: true }))).toThrow(
    /^drop: context: a layer draws random numbers in training; give the context a seed: new Context\({ training: true, seed }\)$/,
  );
});
