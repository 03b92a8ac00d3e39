// Two networks against each other: one makes points out of noise, the other tells them from points of a ring. Goodfellow et al. 2014.

import { cpu } from '@sinapse/backend-cpu';
import { cos, ones, parametersOf, randomKey, randomNormal, randomUniform, scope, sin, stack, use } from '@sinapse/core';
import { valueAndGrad, zeros } from '@sinapse/core';
import { dense, sequential } from '@sinapse/layers';
import { binaryCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
/** @typedef {import('@sinapse/core').Tensor} Tensor */

use(await cpu());

const batch = 256;
let step = 0;
const seed = (/** @type {string} */ name) => randomKey(1).fold(name).fold(step);

const hidden = () => dense({ units: 32, activation: 'leakyRelu' });
const generator = sequential([hidden(), hidden(), dense({ units: 2 })]); // from noise to a point
const critic = sequential([hidden(), hidden(), dense({ units: 1 })]); // from a point to the logit that it is real
generator.build([2], 1);
critic.build([2], 2);

/** Points out of noise, [batch, 2]. */
const made = (/** @type {string} */ name) => generator.call(randomNormal([batch, 2], { seed: seed(name) }));
/** Points of the unit circle, [batch, 2]. */
function real() {
  const angle = randomUniform([batch], { high: 2 * Math.PI, seed: seed('real') });
  return stack([cos(angle), sin(angle)], 1);
}

/** What the critic's answer costs where it should be all ones, or all zeros. @param {Tensor} points @param {typeof ones} answer */
const cost = (points, answer) => binaryCrossEntropy(critic.call(points), answer([batch, 1]));

/** A step of one of the two. @param {import('@sinapse/layers').Sequential} model @param {() => Tensor} loss */
function learner(model, loss) {
  const optimizer = adam({ learningRate: 1e-3, beta1: 0.5 });
  const parameters = parametersOf(model).map(({ cell }) => cell);
  return () => scope(() => optimizer.step(parameters, valueAndGrad(loss, parameters).gradients));
}
const learnToTell = learner(critic, () => cost(real(), ones).add(cost(made('for the critic'), zeros)));
const learnToMake = learner(generator, () => cost(made('for the generator'), ones));

/** How far the points made lie from the ring, on average. */
const distance = () => scope(() => made('test').square().sum({ axis: 1 }).sqrt().sub(1).abs().mean()).item();

export const before = await distance();
for (step = 1; step <= 2000; step++) {
  learnToTell();
  learnToMake();
  if (step % 500 === 0) console.log(`step ${step}: ${(await distance()).toFixed(3)} from the ring`);
}
export const after = await distance();
/** How far the centre of the points lies from that of the ring: no part of the ring is left out. */
export const centre = await scope(() => made('test').mean({ axis: 0 }).square().sum().sqrt()).item();
