// Networks give the outputs that torchvision's networks, and others written with PyTorch's operations, gave for the same weights.

import { cpu } from '@sinapse/backend-cpu';
import { meta, parametersOf, scope, tensor, use, walk, withBackend } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import { beforeAll, expect, test } from 'vitest';
import { expectClose, values } from '../test/recorded.ts';
import type { RecordedNetwork } from '../test/torchvision.ts';
import { draw, fingerprintOf, pytorchNetworks, torchvision } from '../test/torchvision.ts';
import { createModel, modelEntry, modelNames } from './create.ts';
import { loadPretrained } from './weights/load-pretrained.ts';
import type { TorchNames } from './weights/torch-cells.ts';
import { torchCells } from './weights/torch-cells.ts';

beforeAll(async () => void use(await cpu()));

/** The small ones, one of each family; the full tier has all. */
const QUICK = ['resnet18', 'densenet121', 'squeezenet10', 'mobilenetv2', 'mobilenetv3small', 'efficientnetb0', 'vittiny'];

const isFull = process.env['SINAPSE_TEST_TIER'] === 'full';

/** Gives a model the recorded weights, and compares its outputs. */
function compare(name: string, options: Readonly<Record<string, unknown>>, recorded: RecordedNetwork, names: 'torchvision' | TorchNames) {
  const { size, tensors, fingerprint, outputs } = recorded;
  const inputShape = [...size, 3];
  const { model } = createModel(name, { ...options, inputShape });
  withBackend(meta(), () => void model.build(inputShape, 1)); // draws no weights
  const cells = torchCells(model, names === 'torchvision' ? modelEntry(name).torchvision! : names, inputShape);
  const shapes = new Map(cells.map(({ name: of, shape }) => [of, shape]));
  expect(shapes.size).toBe(tensors);
  expect(fingerprintOf(shapes)).toBe(fingerprint);
  const arrays = [...shapes].map(([of, shape]): [string, NamedArray] => [of, { dtype: 'float32', shape, data: draw(of, shape) }]);
  loadPretrained(model, new Map(arrays), { names });

  const shape = [2, ...inputShape];
  const pixels = Float32Array.from(values(2 * size[0] * size[1] * 3, 1000), (u) => 2 * u - 1);
  const scores = scope(() => model.call(tensor(pixels, { shape })).dataSync());
  // float32 against float64: rounding errors of 6e-8 grow through up to 150 layers, more where sums cancel. Another epsilon would show.
  expectClose(scores, outputs.flat(), 1e-4);
  for (const { cell } of walk(model)) cell.dispose();
}

const named = modelNames.filter((name) => modelEntry(name).torchvision !== undefined);

test('every model that has names of torchvision was recorded', () => {
  expect(Object.keys(torchvision.models).sort()).toEqual([...named].sort());
});

test.each(named.filter((name) => isFull || QUICK.includes(name)))(`%s, as recorded from ${torchvision.origin}`, (name) => {
  compare(name, { classes: torchvision.classes }, torchvision.models[name]!, 'torchvision');
});

test.each(pytorchNetworks.models)(`$name with $options, as recorded from ${pytorchNetworks.origin}`, ({ name, options, ...recorded }) => {
  const names: TorchNames = (path, part) => path.replaceAll('/', '.') + (part === 'normalisation' ? '.norm' : '');
  compare(name, { ...options, classes: pytorchNetworks.classes }, recorded, names);
});

test.each(Object.entries(torchvision.widths))('%s has as many parameters at other widths as in torchvision', (name, byWidth) => {
  withBackend(meta(), () => {
    for (const [width, parameters] of Object.entries(byWidth)) {
      const { model, inputShape } = createModel(name, { width: Number(width) });
      model.build(inputShape, 1);
      expect(parametersOf(model).reduce((sum, { cell }) => sum + cell.size, 0)).toBe(parameters);
    }
  });
});
