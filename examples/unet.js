// A U-Net cleans drawings: on the way down it sees more and more of the image at once, on the way up it is told again where things were.

import { cpu } from '@sinapse/backend-cpu';
import { add, cast, div, greater, mul, sum, use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { concatenate, connect, convNorm, conv2d, graph, input, maxPool2d, upSampling2d } from '@sinapse/layers';
import { binaryCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit, progress } from '@sinapse/training';

use(await cpu());

const conv = (/** @type {number} */ filters) => convNorm({ filters, kernelSize: 3, padding: 'same', activation: 'relu' });

// Ronneberger, Fischer, Brox 2015, figure 1, with two levels instead of five.
const x = input([28, 28, 1]);
const fine = x.to(conv(8));
const middle = fine.to(maxPool2d(), conv(16));
const coarse = middle.to(maxPool2d(), conv(32));
const up = connect([coarse.to(upSampling2d({ size: 2 }), conv(16)), middle], concatenate(), conv(16));
const top = connect([up.to(upSampling2d({ size: 2 }), conv(8)), fine], concatenate(), conv(8));
const model = graph({ inputs: x, outputs: top.to(['ink', conv2d({ filters: 1, kernelSize: 1 })]) });
model.build([28, 28, 1], 1);

/** Digits with lines drawn over them, and where the ink of the digits is. */
const drawings = (/** @type {number} */ count, /** @type {'train' | 'test'} */ split) =>
  imageDataset(digits({ count, seed: 1, split }), { scale: 1 / 255 }).map(({ x: { data, shape } }) => {
    const lines = Float32Array.from(data, (ink, at) => Math.max(ink, (Math.floor(at / 28) + at) % 7 === 0 ? 1 : 0));
    return { x: { data: lines, shape }, y: { data: Float32Array.from(data, (ink) => (ink > 0.5 ? 1 : 0)), shape } };
  });

const loss = binaryCrossEntropy;
await fit(model, drawings(500, 'train').batch(20), { optimizer: adam({ learningRate: 5e-3 }), loss, epochs: 4, callbacks: [progress()] });
/** @typedef {import('@sinapse/core').Tensor} Tensor The overlap with the true ink: their intersection, twice, over their sum. @type {(y: Tensor, is: Tensor) => Tensor} */
const dice = (y, is) => { const ink = cast(greater(y, 0), 'float32'); return div(mul(sum(mul(ink, is)), 2), sum(add(ink, is))); }; // prettier-ignore
export const overlap = (await evaluate(model, drawings(100, 'test').batch(50), { loss, metrics: { dice } })).metrics['dice'] ?? 0;
console.log(`covers the ink of unseen digits: Dice coefficient ${overlap.toFixed(3)}`);
