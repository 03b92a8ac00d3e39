// Every layer is saved in a model file, opened from it, and computes the same bits.

import { reference } from '@sinapse/backend-reference';
import { Context, parametersOf, randomKey, randomNormal, use, walk } from '@sinapse/core';
import { allLayers } from '@sinapse/layers';
import { Draws, layerCases } from '@sinapse/layers/cases';
import { beforeAll, expect, test } from 'vitest';
import { encodeModel, openModel } from './index.ts';

beforeAll(() => void use(reference()));

test.each(layerCases.map(({ name, draw }) => [name, draw] as const))('%s', async (name, draw) => {
  for (let seed = 0; seed < 2; seed++) {
    const { layer, inputShape, outputShape, batch } = draw(new Draws(randomKey(seed).fold(name)));
    layer.build(inputShape, 2);
    const x = (batch ?? ((shape, key) => randomNormal(shape, { seed: key })))([3, ...inputShape], 3);
    for (const { cell } of parametersOf(layer)) cell.assign(cell.value.add(0.25)); // weights that no build gives
    const opened = openModel(await encodeModel(layer, { inputShape }), allLayers);
    expect(opened.outputShape).toEqual(outputShape);
    expect(walk(opened.model).map(({ path }) => path)).toEqual(walk(layer).map(({ path }) => path));
    expect(await opened.model.call(x, new Context()).data()).toEqual(await layer.call(x, new Context()).data());
  }
});
