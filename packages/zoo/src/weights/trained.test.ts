// A small network that PyTorch trained (fixtures/record-trained.py) gives the same answers here, from every container.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meta, scope, tensor, use, withBackend } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import type { NamedArray } from '@sinapse/formats';
import { decodeArrays, decodeSafetensors, encodeNpz, encodeSafetensors } from '@sinapse/formats';
import { decodeKeras } from '@sinapse/formats/hdf5';
import type { Sequential } from '@sinapse/layers';
import { activation, conv2d, convNorm, dense, depthwiseConv2d, dropout, flatten, maxPool2d, sequential } from '@sinapse/layers';
import { beforeAll, expect, test } from 'vitest';
import { exportWeights } from './export-weights.ts';
import { loadPretrained } from './load-pretrained.ts';

const fixture = (name: string): Uint8Array => Uint8Array.from(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)));

const recorded = JSON.parse(new TextDecoder().decode(fixture('trained.json'))) as {
  readonly images: readonly number[];
  readonly labels: readonly number[];
  readonly right: number;
  readonly outputs: readonly (readonly number[])[];
};

const names = { conv1: 'features.0', 'conv1/norm': 'features.1', conv2: 'features.4', hidden: 'classifier.1', output: 'classifier.3' };

function network(): Sequential {
  const model = sequential([
    ['conv1', convNorm({ filters: 4, kernelSize: 3, padding: 1, activation: 'relu' })],
    ['pool', maxPool2d({ window: 2 })],
    ['conv2', conv2d({ filters: 6, kernelSize: [3, 2], activation: 'relu' })],
    ['flatten', flatten()],
    ['dropout', dropout({ rate: 0.1 })],
    ['hidden', dense({ units: 8 })],
    ['tanh', activation('tanh')],
    ['output', dense({ units: 3 })],
  ]);
  model.build([8, 8, 1], 1);
  return model;
}

beforeAll(() => void use(reference({ precision: 'float64' })));

/** The scores of the recorded images. PyTorch has channels first; here they have one channel, so that the order is the same. */
function answers(model: Sequential): number[][] {
  const images = tensor(Float64Array.from(recorded.images), { shape: [12, 8, 8, 1], dtype: 'float32' });
  const scores = scope(() => model.call(images).dataSync());
  return Array.from({ length: 12 }, (_, i) => Array.from(scores.slice(3 * i, 3 * i + 3)));
}

test.each(['trained.pt', 'trained.npz', 'trained.safetensors'])('%s', (file) => {
  const model = withBackend(meta(), network);
  const { loaded, ignored } = loadPretrained(model, fixture(file), { names });
  expect([loaded.length, ignored]).toEqual([11, []]);
  const found = answers(model);
  // Both sides compute in float64; what differs is the order of sums.
  found.forEach((scores, i) => scores.forEach((score, j) => expect(score).toBeCloseTo(recorded.outputs[i]![j]!, 10)));
  const right = found.filter((scores, i) => scores.indexOf(Math.max(...scores)) === recorded.labels[i]).length;
  expect(right).toBe(recorded.right);
  expect(right).toBeGreaterThanOrEqual(10);
});

test('a decoded file serves too', () => {
  expect(loadPretrained(network(), decodeArrays(fixture('trained.npz')), { names }).loaded).toHaveLength(11);
  expect(loadPretrained(network(), decodeSafetensors(fixture('trained.safetensors')), { names }).loaded).toHaveLength(11);
  expect(() => loadPretrained(network(), fixture('trained.json'), { names })).toThrow(/^safetensors: header/);
  expect(() => loadPretrained(network(), 'trained.pt' as never, { names })).toThrow(
    'loadPretrained: the file: expected its bytes, or arrays by name, got "trained.pt"',
  );
});

test('an ArrayBuffer serves too', () => {
  const { buffer } = Uint8Array.from(fixture('trained.npz'));
  expect(loadPretrained(network(), buffer, { names }).loaded).toHaveLength(11);
});

test('float64 is rounded to float32, unless a value is past its range', async () => {
  const model = network();
  const file = new Map(decodeArrays(fixture('trained.npz')));
  const wide = new Map<string, NamedArray>(
    [...file].map(([name, array]): [string, NamedArray] => [
      name,
      // A part in 2^30 is lost in float32, which keeps 24 bits.
      array.dtype === 'float32' ? { dtype: 'float64', shape: array.shape, data: Float64Array.from(array.data as Float32Array, (value) => value * (1 + 2 ** -30)) } : array, // prettier-ignore
    ]),
  );
  expect(loadPretrained(model, decodeArrays(encodeNpz(wide)), { names }).loaded).toHaveLength(11);
  file.delete('features.1.num_batches_tracked');
  expect(await exportWeights(model, { names })).toEqual(file);
  wide.set('classifier.3.bias', { dtype: 'float64', shape: [3], data: Float64Array.of(0, 1e39, 0) });
  expect(() => loadPretrained(model, wide, { names })).toThrow(
    'the first is "classifier.3.bias" of "output/bias", which is float64 past the range of float32 instead of float32',
  );
  expect(await exportWeights(model, { names })).toEqual(file);
});

test('what is written back is what was read, bit for bit', async () => {
  const model = network();
  const file = new Map(decodeArrays(fixture('trained.pt')));
  loadPretrained(model, file, { names });
  const written = await exportWeights(model, { names });
  file.delete('features.1.num_batches_tracked');
  expect(written).toEqual(file);
  expect(decodeArrays(encodeNpz(written))).toEqual(file);
  expect(Object.fromEntries(decodeArrays(encodeSafetensors(written)))).toEqual(Object.fromEntries(file)); // in another order
});

const hasTorch = ((): boolean => {
  if (process.env['SINAPSE_TEST_TIER'] !== 'full') return false;
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import torch'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!hasTorch)('PyTorch loads what is written', async () => {
  const model = network();
  loadPretrained(model, fixture('trained.pt'), { names });
  const weights = await exportWeights(model, { names });
  const folder = mkdtempSync(join(tmpdir(), 'sinapse-weights-'));
  try {
    writeFileSync(join(folder, 'w.npz'), encodeNpz(weights));
    writeFileSync(join(folder, 'w.safetensors'), encodeSafetensors(weights));
    const program = `
import json, struct, sys
import numpy as np, torch
from torch import nn
net = nn.Module()
net.features = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, (3, 2)), nn.ReLU())
net.classifier = nn.Sequential(nn.Dropout(0.1), nn.Linear(36, 8), nn.Tanh(), nn.Linear(8, 3))
x = torch.tensor(json.load(open(sys.argv[2]))["images"], dtype=torch.float64).reshape(12, 1, 8, 8)
bytes = open(sys.argv[1] + "/w.safetensors", "rb").read()
size = struct.unpack("<Q", bytes[:8])[0]
header, data = json.loads(bytes[8:8 + size]), bytes[8 + size:]
read = lambda e: torch.from_numpy(np.frombuffer(data[slice(*e["data_offsets"])], "<f4").copy().reshape(e["shape"]))
states = [{n: torch.from_numpy(a) for n, a in np.load(sys.argv[1] + "/w.npz").items()}, {n: read(e) for n, e in header.items()}]
for state in states:
    net.load_state_dict(state)
    net.double().eval()
    print(json.dumps(net.classifier(torch.flatten(net.features(x), 1)).tolist()))
`;
    const json = join(import.meta.dirname, '../../fixtures/trained.json');
    const printed = execFileSync('/usr/bin/python3', ['-c', program, folder, json], { encoding: 'utf8' }).trim().split('\n');
    const expected = answers(model);
    expect(printed).toHaveLength(2);
    for (const line of printed)
      (JSON.parse(line) as number[][]).forEach((scores, i) =>
        scores.forEach((score, j) => expect(score).toBeCloseTo(expected[i]![j]!, 10)),
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(['keras3.keras', 'keras3.weights.h5', 'keras3-legacy.h5'])('a network of Keras: %s', async (file) => {
  const folder = new URL('../../../formats/fixtures/', import.meta.url);
  const kept = JSON.parse(readFileSync(new URL('keras.json', folder), 'utf8')) as { images: number[]; outputs: number[][] };
  const model = sequential([
    ['conv1', convNorm({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', epsilon: 1e-3 })],
    ['pool', maxPool2d({ window: 2 })],
    ['depthwise', depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same' })],
    ['conv2', conv2d({ filters: 6, kernelSize: [3, 2], activation: 'relu' })],
    ['flatten', flatten()],
    ['hidden', dense({ units: 8, activation: 'tanh' })],
    ['output', dense({ units: 3 })],
  ]);
  model.build([8, 8, 1], 1);
  const arrays = await decodeKeras(Uint8Array.from(readFileSync(new URL(file, folder))));
  expect(loadPretrained(model, arrays, { names: { 'conv1/norm': 'norm1' }, layout: 'keras' }).loaded).toHaveLength(13);
  const scores = scope(() => model.call(tensor(kept.images, { shape: [4, 8, 8, 1] })).dataSync());
  // Keras computed in float32: sums of up to 48 products of size 1, and tanh.
  kept.outputs.flat().forEach((output, i) => expect(Math.abs(scores[i]! - output)).toBeLessThan(1e-5));
});

test('names of torchvision are not those of a file of Keras', () =>
  expect(() => loadPretrained(network(), new Map(), { names: 'torchvision', layout: 'keras' })).toThrow(
    "loadPretrained: names: torchvision's are of PyTorch's layout; of a Keras file give the names by path",
  ));
