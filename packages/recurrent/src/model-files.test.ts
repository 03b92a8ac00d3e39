// Model files hold recurrent layers: they open to models that compute the same.

import { reference } from '@sinapse/backend-reference';
import { randomNormal, use } from '@sinapse/core';
import { allLayers, dense, flatten, sequential } from '@sinapse/layers';
import type { Layer } from '@sinapse/layers';
import { decodeModel, encodeModel, openModel } from '@sinapse/training';
import { beforeEach, expect, test } from 'vitest';
import { recurrentLayers } from './index.ts';
import { recurrentCases } from '../test/cases.ts';

beforeEach(() => void use(reference()));

const described = Object.entries(recurrentCases).filter(([, { make }]) => make().describe !== undefined);

test.each(described)('%s', async (_, { make, inputShape }) => {
  const model = sequential([make(), flatten(), dense({ units: 2 })]);
  model.build(inputShape, 1);
  const opened = openModel(decodeModel(await encodeModel(model)), { ...allLayers, ...recurrentLayers }).model as Layer;
  const x = randomNormal([2, ...inputShape], { seed: 1 });
  expect([...opened.call(x, undefined as never).dataSync()]).toEqual([...model.call(x).dataSync()]);
});

test('a cell of one’s own is none that a file can hold', async () => {
  const model = sequential([recurrentCases['a cell of one’s own']!.make(), dense({ units: 2 })]);
  model.build([4, 2], 1);
  await expect(encodeModel(model)).rejects.toThrow(/rnn/);
});
