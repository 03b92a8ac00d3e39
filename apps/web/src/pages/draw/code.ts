// The program that does what the page shows: a network reads a digit and tells what its layers see.

/** @param seed of the data and the network */
export function drawCode(seed: number): string {
  return `import { cpu } from '@sinapse/backend-cpu';
import { Context, softmax, tensor, use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';

use(await cpu());
const pixels = { scale: 1 / 255, mean: 0.1307, std: 0.3081 };
const train = imageDataset(digits({ count: 4000, seed: ${seed} }), pixels).shuffle(${seed}).batch(32);
const model = lenet5();
model.build([28, 28, 1], ${seed});
await fit(model, train, { optimizer: adam({ learningRate: 0.002 }), loss: softmaxCrossEntropy, epochs: 2 });

const observe = (path, layer, input, output) => console.log(path, output.shape);
const drawing = imageDataset(digits({ count: 1, seed: ${seed}, split: 'test' }), pixels).batch(1);
for await (const { x } of drawing) {
  const scores = model.call(tensor(x.data, { shape: x.shape }), new Context({ observe }));
  console.log(await softmax(scores).data());
}
`;
}
