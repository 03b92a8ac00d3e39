// Two networks against each other: one makes points out of noise, the other tells them from points of a ring. Goodfellow et al. 2014.

import { cpu } from '@sinapse/backend-cpu';
import { cos, ones, randomNormal, randomUniform, scope, sin, stack, use, zeros } from '@sinapse/core';
import { dense, sequential } from '@sinapse/layers';
import { binaryCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit, progress } from '@sinapse/training';

use(await cpu());

const hidden = () => dense({ units: 32, activation: 'leakyRelu' });
const generator = sequential([hidden(), hidden(), dense({ units: 2 })]); // from noise to a point
const critic = sequential([hidden(), hidden(), dense({ units: 1 })]); // from a point to the logit that it is of the ring
generator.build([2], 1);
critic.build([2], 2);

/** Angles of points of the ring, in 200 batches an epoch. @param {{ epoch: number, skip?: number }} at */
async function* iterate({ epoch, skip = 0 }) {
  for (let i = skip; i < 200; i++) yield { x: randomUniform([256], { high: 2 * Math.PI, seed: 200 * epoch + i }) };
}

/** What the critic's answer costs where it should be all ones, or all zeros. @param {import('@sinapse/core').Tensor} points @param {typeof ones} answer */
const cost = (points, answer) => binaryCrossEntropy(critic.call(points), answer([256, 1]));
const make = (/** @type {import('@sinapse/core').Seed} */ seed) => generator.call(randomNormal([256, 2], { seed }));

const optimizer = { generator: adam({ learningRate: 1e-3, beta1: 0.5 }), critic: adam({ learningRate: 1e-3, beta1: 0.5 }) };
await fit({ generator, critic }, { length: 200, iterate }, { optimizer, epochs: 10, callbacks: [progress()],
  step({ x: angle }, { key, minimize }) {
    const real = stack([cos(angle), sin(angle)], 1);
    const told = minimize(() => cost(real, ones).add(cost(make(key.fold('critic')), zeros)), 'critic');
    return { loss: minimize(() => cost(make(key.fold('generator')), ones), 'generator'), metrics: { critic: told } };
  },
}); // prettier-ignore

/** How far points lie from the ring, and their centre from its centre: no part of the ring is left out. */
export const after = await scope(() => make(0).square().sum({ axis: 1 }).sqrt().sub(1).abs().mean()).item();
export const centre = await scope(() => make(0).mean({ axis: 0 }).square().sum().sqrt()).item();
