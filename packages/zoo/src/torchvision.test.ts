// Networks with torchvision's names give the outputs that torchvision's networks gave for the same weights.

import { cpu } from '@sinapse/backend-cpu';
import type { NamedArray } from '@sinapse/formats';
import { meta, scope, tensor, use, walk, withBackend } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { expectClose, values } from '../test/recorded.ts';
import { draw, fingerprintOf, torchvision } from '../test/torchvision.ts';
import { createModel, modelEntry, modelNames } from './create.ts';
import { loadPretrained } from './weights/load-pretrained.ts';
import { torchCells } from './weights/torch-cells.ts';

beforeAll(async () => void use(await cpu()));

/** The small ones, one of each family; the full tier has all. */
const QUICK = ['resnet18', 'densenet121', 'squeezenet10', 'mobilenetv2', 'mobilenetv3small', 'efficientnetb0', 'vittiny'];

const isFull = process.env['SINAPSE_TEST_TIER'] === 'full';
const { classes, models, origin } = torchvision;

const named = modelNames.filter((name) => modelEntry(name).torchvision !== undefined);

test('every model that has names of torchvision was recorded', () => {
  expect(named.filter((name) => !Object.hasOwn(models, name))).toEqual([]);
});

test.each(named.filter((name) => isFull || QUICK.includes(name)))(`%s, as recorded from ${origin}`, (name) => {
  const { size, tensors, fingerprint, outputs } = models[name]!;
  const inputShape = [...size, 3];
  const { model } = createModel(name, { classes, inputShape });
  withBackend(meta(), () => void model.build(inputShape, 1)); // draws no weights
  const shapes = new Map(torchCells(model, modelEntry(name).torchvision!, inputShape).map(({ name: of, shape }) => [of, shape]));
  expect(shapes.size).toBe(tensors);
  expect(fingerprintOf(shapes)).toBe(fingerprint);
  const arrays = [...shapes].map(([of, shape]): [string, NamedArray] => [of, { dtype: 'float32', shape, data: draw(of, shape) }]);
  loadPretrained(model, new Map(arrays), { names: 'torchvision' });

  const shape = [2, ...inputShape];
  const pixels = Float32Array.from(values(2 * size[0] * size[1] * 3, 1000), (u) => 2 * u - 1);
  const scores = scope(() => model.call(tensor(pixels, { shape })).dataSync());
  // float32 against float64. Rounding errors grow from layer to layer, and some sums nearly cancel; the issue of the zoo asks for 1e-4.
  expectClose(scores, outputs.flat(), 1e-4);
  for (const { cell } of walk(model)) cell.dispose();
});
