// Grad-CAM, occlusion and pictures against what they are by hand.

import type { Model } from '@sinapse/core';
import { SinapseError, memory, randomNormal, tensor, use, zeros } from '@sinapse/core';
import { conv2d, dense, flatten, globalAvgPool2d, sequential } from '@sinapse/layers';
import { describe, expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { calibrate } from '../selection/index.ts';
import { featureMaps, filterPictures, gradCam, heatMaps, integratedGradients, lossLine, lossPlane, occlusion } from './index.ts';
import { pictureGrid, profileLayers, saliency, smoothGrad } from './index.ts';

use(poisoned()); // at module level, since tensors are made there

const network = () => {
  const model = sequential([
    ['block', sequential([['conv', conv2d({ filters: 3, kernelSize: 3, activation: 'tanh' })]])],
    globalAvgPool2d(),
    ['classifier', dense({ units: 2 })],
  ]);
  model.build([6, 5, 1], 4);
  return model;
};
const image = () => randomNormal([2, 6, 5, 1], { seed: 1 });

describe('Grad-CAM', () => {
  test('before a global mean is the class activation map: relu(Σ_k W_kc A_k) / pixels', async () => {
    const model = network();
    const [block, , classifier] = [...model.layers.values()] as unknown as [Model, Model, { kernel: { value: ReturnType<typeof tensor> } }];
    const maps = block.call(image(), undefined as never); // [2, 4, 3, 3]
    const kernel = classifier.kernel.value.dataSync();
    const values = maps.dataSync();
    for (const [label, classes] of [[1, 1], [0, [0, 0]]] as const) {
      const { data, shape } = await gradCam(model, image(), { layer: 'block/conv', target: classes, enlarge: false });
      expect(shape).toEqual([2, 4, 3]);
      data.forEach((value, i) => {
        const weighted = [0, 1, 2].reduce((sum, k) => sum + kernel[2 * k + label]! * values[3 * i + k]!, 0);
        expect(value).toBeCloseTo(Math.max(0, weighted) / 12, 6); // float32 numbers below 1
      });
      expect(data.some((value) => value > 0)).toBe(true);
    }
  }); // prettier-ignore

  test('is enlarged to the size of the images', async () => {
    const { shape } = await gradCam(network(), image(), { layer: 'block/conv' });
    expect(shape).toEqual([2, 6, 5]);
  });

  test('a layer that is called twice has two paths', async () => {
    const twice = conv2d({ filters: 1, kernelSize: 3, padding: 'same' });
    const model = sequential([['a', twice], flatten(), dense({ units: 2 })]);
    model.build([4, 4, 1], 1);
    const again: Model = {
      call: (x, context) => {
        const once = twice.call(x, context);
        context.observe?.('a', twice, x, once);
        return model.call(once, context);
      },
    };
    const x = randomNormal([1, 4, 4, 1], { seed: 5 });
    expect(await gradCam(again, x, { layer: 'a:2', target: 0 })).toEqual(
      await gradCam(model, twice.call(x, undefined as never), { layer: 'a', target: 0 }),
    );
  });
});

test('nothing is left behind', async () => {
  const model = network();
  const x = image();
  const one = { data: new Float32Array(30), shape: [1, 6, 5, 1] };
  const data = { x, y: tensor([0, 1], { dtype: 'int32' }) };
  const once = { async *iterate() { yield data; } }; // prettier-ignore
  const loss = (output: ReturnType<typeof tensor>) => output.square().mean();
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    saliency: () => saliency(model, x),
    smoothGrad: () => smoothGrad(model, x, { samples: 2 }),
    integratedGradients: () => integratedGradients(model, x, { steps: 2 }),
    gradCam: () => gradCam(model, x, { layer: 'block/conv' }),
    'gradCam, refused': () => gradCam(model, x, { layer: 'classifier' }).catch(() => {}),
    occlusion: () => occlusion(model, x, { window: 3 }),
    featureMaps: () => featureMaps(model, one, 'block/conv'),
    filterPictures: () => filterPictures(model, 'block/conv/kernel'),
    lossLine: () => lossLine(model, once, { loss, points: 2 }),
    'lossLine, between models': () => lossLine(model, once, { loss, towards: model, points: 2 }),
    lossPlane: () => lossPlane(model, once, { loss, points: 2 }),
    calibrate: () => calibrate(model, data),
    profileLayers: async () => (await profileLayers((context) => model.call(x, context))).result.dispose(),
  };
  for (const [name, call] of Object.entries(calls)) {
    const before = memory().tensors;
    await call();
    expect([name, memory().tensors]).toEqual([name, before]);
  }
});

describe('occlusion', () => {
  /** The sum of w · x over an image of 4 by 5 with 2 channels. */
  const weights = randomNormal([4, 5, 2], { seed: 3 });
  const weighted: Model = { call: (x) => x.mul(weights).reshape([-1, 40]).sum({ axis: 1, keepDims: true }) };

  test.each([
    { window: 2, strides: undefined, value: 0, tops: [0, 2], lefts: [0, 2, 3], size: [2, 2] as const },
    { window: [1, 3] as const, strides: [2, 1] as const, value: 0.5, tops: [0, 2, 3], lefts: [0, 1, 2], size: [1, 3] as const },
  ])('of a weighted sum is the sum under the cover', async ({ window, strides, value, tops, lefts, size }) => {
    const x = randomNormal([2, 4, 5, 2], { seed: 8 });
    const { data, shape } = await occlusion(weighted, x, { window, ...(strides && { strides }), value });
    expect(shape).toEqual([2, tops.length, lefts.length]);
    const [pixels, w] = [x.dataSync(), weights.dataSync()];
    const expected = [0, 1].flatMap((example) => tops.flatMap((top) => lefts.map((left) => {
      let sum = 0;
      for (let row = top; row < top + size[0]; row++)
        for (let column = left; column < left + size[1]; column++)
          for (let c = 0; c < 2; c++) {
            const i = (row * 5 + column) * 2 + c;
            sum += w[i]! * (pixels[example * 40 + i]! - value);
          }
      return sum;
    })));
    expected.forEach((fall, i) => expect(data[i]).toBeCloseTo(fall, 4)); // differences of float32 sums of 40 products
  }); // prettier-ignore
});

describe('pictures', () => {
  test('a grid of tiles, each from its darkest to its brightest value', () => {
    const maps = { data: Float32Array.of(0, 1, 2, 4, /* */ -1, -1, 0, 1, /* */ 7, 7, 7, 7), shape: [3, 2, 2] };
    expect(pictureGrid(maps, { columns: 2 })).toEqual({
      data: Uint8Array.of(0, 64, 0, 0, 0, 128, 255, 0, 128, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
      height: 5,
      width: 5,
      channels: 1,
    });
    const all = pictureGrid(maps, { columns: 3, gap: 0, scale: 'all' });
    expect(Array.from(all.data.slice(0, 6))).toEqual([32, 64, 0, 0, 255, 255]); // (0 + 1) / 8 · 255, …
  });

  test('maps of a layer are its channels', async () => {
    const model = sequential([['pick', conv2d({ filters: 2, kernelSize: 1, useBias: false })]]);
    model.build([1, 3, 1], 1);
    for (const { kernel } of model.layers.values() as unknown as Iterable<{ kernel: { assign(value: unknown): void } }>) kernel.assign(tensor([[[[1, -2]]]]));
    const picture = await featureMaps(model, tensor([[[[0], [1], [2]]]]), 'pick', { columns: 1, gap: 0 });
    expect(picture).toEqual({ data: Uint8Array.of(0, 128, 255, 255, 128, 0), height: 2, width: 3, channels: 1 });
  }); // prettier-ignore

  test('filters: of one channel, of colours, of several channels', async () => {
    const kernels = (channels: number, filters: number) => {
      const model = sequential([['conv', conv2d({ filters, kernelSize: [1, 2] as never, useBias: false })]]);
      model.build([4, 4, channels], 1);
      const [layer] = model.layers.values() as unknown as Iterable<{ kernel: { assign(value: unknown): void } }>;
      layer!.kernel.assign(tensor(Float32Array.from({ length: 2 * channels * filters }, (_, i) => i), { shape: [1, 2, channels, filters] })); // prettier-ignore
      return filterPictures(model, 'conv/kernel', { gap: 0, scale: 'all' });
    };
    const bytes = (most: number, ...values: number[]) => Uint8Array.from(values, (value) => Math.round((255 * value) / most));
    // kernel[0, x, c, f] = (x · channels + c) · filters + f
    expect(await kernels(1, 2)).toEqual({ data: bytes(3, 0, 2, 1, 3), height: 1, width: 4, channels: 1 });
    expect(await kernels(3, 1)).toEqual({ data: bytes(5, 0, 1, 2, 3, 4, 5), height: 1, width: 2, channels: 3 });
    expect(await kernels(2, 2)).toEqual({ data: bytes(7, 0, 4, 2, 6, 1, 5, 3, 7), height: 2, width: 4, channels: 1 }); // a row for each filter
  });

  test('heat maps are the largest absolute value over the channels', () => {
    expect(heatMaps({ data: Float32Array.of(1, -3, 2, 0), shape: [1, 1, 2, 2] })).toEqual({
      data: Float32Array.of(3, 2),
      shape: [1, 1, 2],
    });
  });
});

test.each<[string, () => unknown, string]>([
  ['a layer misspelt', () => gradCam(network(), image(), { layer: 'block/cov' }), 'gradCam: the layer block/cov is not known; did you mean block/conv?'],
  ['a layer without maps', () => gradCam(network(), image(), { layer: 'classifier' }), 'gradCam: the layer classifier gives [2,2]; maps [batch, height, width, channels] are needed'],
  ['no layer', () => gradCam(network(), image(), {} as never), 'gradCam: layer: expected the path of a layer, got undefined'],
  ['a table', () => gradCam(network(), zeros([2, 5]), { layer: 'block' }), 'gradCam: x: expected images [batch, height, width, channels], got [2,5]'],
  ['a cover larger than the image', () => occlusion(network(), image(), { window: 7 }), 'occlusion: a window of 7 by 7 does not fit into images of 6 by 5'],
  ['maps of two images', () => featureMaps(network(), image(), 'block'), 'featureMaps: the layer block gives [2,4,3,3]; the maps of one image, [1, height, width, channels], are needed'],
  ['a parameter misspelt', () => filterPictures(network(), 'block/conv/kernal'), 'filterPictures: the parameter block/conv/kernal is not known; did you mean block/conv/kernel?'],
  ['no kernel', () => filterPictures(network(), 'classifier/kernel'), 'filterPictures: classifier/kernel is [3,2]; a kernel [height, width, channels, filters] is needed'],
  ['no maps', () => pictureGrid({ data: new Float32Array(4), shape: [4] }), 'pictureGrid: maps: expected an array with its shape, [tiles, height, width] or [tiles, height, width, 1 or 3], got an object'],
])('%s', async (_, mistake, message) => {
  const error = await (async () => mistake())().then(() => expect.unreachable(), (reason: unknown) => reason as Error);
  expect(error).toBeInstanceOf(SinapseError);
  expect(error.message).toContain(message);
}); // prettier-ignore
