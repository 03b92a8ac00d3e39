// A training loop of your own: a small network learns the sine. This is all that `fit` does in a step.

import { cpu } from '@sinapse/backend-cpu';
import { Context, parametersOf, randomUniform, scope, sin, use, valueAndGrad } from '@sinapse/core';
import { dense, sequential } from '@sinapse/layers';
import { meanSquaredError } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';

use(await cpu());

const model = sequential([dense({ units: 32, activation: 'tanh' }), dense({ units: 32, activation: 'tanh' }), dense({ units: 1 })]);
model.build([1], 1);
const parameters = parametersOf(model).map(({ cell }) => cell);
const optimizer = adam({ learningRate: 0.01 });

/** @type {number[]} */
export const losses = [];
for (let step = 1; step <= 500; step++) {
  // Everything that is made in the scope is released at its end.
  const loss = scope(() => {
    const x = randomUniform([64, 1], { low: -Math.PI, high: Math.PI, seed: step });
    const target = sin(x);
    const context = new Context({ training: true, seed: step });
    const { value, gradients } = valueAndGrad(() => meanSquaredError(model.call(x, context), target), parameters);
    optimizer.step(parameters, gradients);
    return value;
  });
  losses.push(await loss.item());
  loss.dispose();
  if (step % 100 === 0) console.log(`step ${step}: loss ${losses.at(-1)?.toExponential(1)}`);
}
