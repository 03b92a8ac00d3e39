// Every layer is saved in a model file that names it, opened from it, and computes the same bits.

import { Context, parametersOf, randomKey, randomNormal, use, walk } from '@sinapse/core';
import { allLayers, sequential } from '@sinapse/layers';
import { Draws, layerCases } from '@sinapse/layers/cases';
import { beforeAll, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { bitsOf } from '../test/tiny.ts';
import type { Json } from './index.ts';
import { describeModel, encodeModel, openModel, predict } from './index.ts';

beforeAll(() => void use(poisoned()));

const DRAWS = process.env['SINAPSE_TEST_TIER'] === 'full' ? 20 : 2;

test.each(layerCases.map((of) => [of.name, of] as const))('%s', async (name, { layer: type, draw }) => {
  for (let seed = 0; seed < DRAWS; seed++) {
    const { layer, inputShape, outputShape, batch } = draw(new Draws(randomKey(seed).fold(name)));
    const model = sequential([['it', layer]]);
    model.build(inputShape, 2);
    const x = (batch ?? ((shape, key) => randomNormal(shape, { seed: key })))([3, ...inputShape], 3);
    for (const { cell } of parametersOf(model)) cell.assign(cell.value.add(0.25)); // weights that no build gives
    const file = await encodeModel(model);
    const opened = openModel(file, allLayers);
    expect((describeModel(model).arguments[0] as Json[][])[0]![1]).toMatchObject({ layer: type });
    expect(describeModel(opened.model)).toEqual(describeModel(model));
    expect([opened.inputShape, opened.outputShape]).toEqual([inputShape, outputShape]);
    expect(walk(opened.model).map(({ path }) => path)).toEqual(walk(model).map(({ path }) => path));
    expect(bitsOf(opened.model)).toEqual(bitsOf(model));
    expect(await opened.model.call(x, new Context()).data()).toEqual(await model.call(x, new Context()).data());
    if (x.dtype === 'float32') expect(await predict(opened.model, x)).toEqual(await predict(model, x));
    expect(await encodeModel(opened.model)).toEqual(file);
  }
});
