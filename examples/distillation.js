// Distillation: from a hundred images, a small network learns more by the answers of a large one than by labels. Hinton, Vinyals, Dean 2015.

import { cpu } from '@sinapse/backend-cpu';
import { inference, softmax, use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { dense, flatten, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit, progress } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';

use(await cpu());

const many = imageDataset(digits({ count: 2000, seed: 1 }))
  .shuffle(1)
  .batch(32);
const few = imageDataset(digits({ count: 100, seed: 2 }))
  .shuffle(1)
  .batch(20);
const test = imageDataset(digits({ count: 1000, seed: 1, split: 'test' })).batch(100);
const loss = softmaxCrossEntropy;

const teacher = lenet5();
teacher.build([28, 28, 1], 1);
await fit(teacher, many, { optimizer: adam({ learningRate: 2e-3 }), loss, epochs: 3, callbacks: [progress()] });

const small = () => {
  const model = sequential([flatten(), dense({ units: 32, activation: 'relu' }), dense({ units: 10 })]);
  model.build([28, 28, 1], 2);
  return model;
};

// One learns from labels.
const alone = small();
await fit(alone, few, { optimizer: adam({ learningRate: 3e-3 }), loss, epochs: 40 });

// The other sees only how likely the teacher finds each digit, at a temperature at which the unlikely ones show.
const temperature = 4;
const student = small();
await fit(student, few, {
  optimizer: adam({ learningRate: 3e-3 }),
  epochs: 40,
  step({ x, y }, { model, context, minimize }) {
    const answers = inference(() => softmax(teacher.call(x).div(temperature)));
    const told = minimize(() => loss(model.call(x, context).div(temperature), answers).mul(temperature ** 2));
    return { loss: told, output: inference(() => model.call(x)), target: y };
  },
});

const accuracyOf = async (/** @type {import('@sinapse/core').Model} */ model) => (await evaluate(model, test, { loss })).accuracy;
export const [ofTeacher, fromLabels, distilled] = [await accuracyOf(teacher), await accuracyOf(alone), await accuracyOf(student)];
console.log(`teacher ${ofTeacher}, from labels ${fromLabels}, distilled ${distilled}`);
