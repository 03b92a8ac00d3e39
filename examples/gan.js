// Two networks against each other: one makes points out of noise, the other tells them from points of a ring. Goodfellow et al. 2014.

import { cpu } from '@sinapse/backend-cpu';
import { cos, ones, randomNormal, randomUniform, scope, sin, stack, use, zeros } from '@sinapse/core';
import { dense, sequential } from '@sinapse/layers';
import { binaryCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit, fromGenerator, progress } from '@sinapse/training';
/** @typedef {import('@sinapse/core').Tensor} Tensor @typedef {import('@sinapse/core').Seed} Seed */

use(await cpu());
const network = (/** @type {number} */ outputs) =>
  sequential([1, 2].map(() => dense({ units: 32, activation: 'leakyRelu' })).concat(dense({ units: outputs })));
const models = { generator: network(2), critic: network(1) }; // from noise to a point; from a point to the logit that it is of the ring
models.generator.build([2], 1);
models.critic.build([2], 2);
const make = (/** @type {Seed} */ seed) => models.generator.call(randomNormal([256, 2], { seed }));

/** What the critic's answer costs where it should be all ones, or all zeros. @param {Tensor} points @param {typeof ones} answer */
const cost = (points, answer) => binaryCrossEntropy(models.critic.call(points), answer([256, 1]));

const angles = fromGenerator(function* (epoch) {
  for (let i = 0; i < 200; i++) yield { x: randomUniform([256], { high: 2 * Math.PI, seed: 200 * epoch + i }) };
});
const learning = () => adam({ learningRate: 1e-3, beta1: 0.5 });
await fit(models, angles, {
  optimizer: { generator: learning(), critic: learning() },
  epochs: 10,
  callbacks: [progress()],
  step({ x: angle }, { key, minimize }) {
    const ring = stack([cos(angle), sin(angle)], 1);
    minimize(() => cost(ring, ones).add(cost(make(key.fold('critic')), zeros)), 'critic');
    return minimize(() => cost(make(key.fold('generator')), ones), 'generator');
  },
});

/** How far points lie from the ring, and their centre from its centre: no part of the ring is left out. */
export const after = await scope(() => make(0).square().sum({ axis: 1 }).sqrt().sub(1).abs().mean()).item();
export const centre = await scope(() => make(0).mean({ axis: 0 }).square().sum().sqrt()).item();
