// What can go wrong on a device, and a training beside the reference. Prints JSON.

import { reference } from '@sinapse/backend-reference';
import { webgpu } from '@sinapse/backend-webgpu';
import { linear, randomNormal, scope, softmaxCrossEntropy, sub, tensor, use, valueAndGrad, zeros } from '@sinapse/core';

const message = async (run) => {
  try {
    await run();
    return 'no error';
  } catch (error) {
    return error.message;
  }
};

/** 200 steps of a small network; its losses, and the bytes in use after 50 steps and at the end. */
async function train(backend) {
  use(backend);
  const x = randomNormal([32, 8], { seed: 1 });
  const labels = tensor(Int32Array.from({ length: 32 }, (_, i) => (i * 7) % 3));
  let weights = [randomNormal([8, 16], { seed: 2 }), zeros([16]), randomNormal([16, 3], { seed: 3 }), zeros([3])];
  const lossOf = (w1, b1, w2, b2) => softmaxCrossEntropy(linear(linear(x, w1, b1, { activation: 'tanh' }), w2, b2), labels).mean();
  const [losses, bytes] = [[], []];
  for (let step = 0; step < 200; step++) {
    const { value, next } = scope(() => {
      const { value, gradients } = valueAndGrad(lossOf, weights);
      return { value, next: weights.map((w, i) => sub(w, gradients[i].mul(0.1))) };
    });
    for (const w of weights) w.dispose();
    weights = next;
    losses.push(await value.item());
    value.dispose();
    if (step === 50 || step === 199) bytes.push(backend.memory().liveBytes);
  }
  return { losses, bytes };
}

const result = { option: await message(() => webgpu({ memoryLimt: 1 })) };
const small = await webgpu({ memoryLimit: 2 ** 20 });
use(small);
result.memory = await message(() => zeros([2 ** 20]));
result.usable = Array.from(await tensor([1, 2]).data());
await small.close();

const device = await webgpu();
const [trained, expected] = [await train(device), await train(reference())];
result.flat = trained.bytes[0] === trained.bytes[1];
result.furthest = Math.max(...trained.losses.map((loss, i) => Math.abs(loss - expected.losses[i])));
result.learned = trained.losses.at(-1) < trained.losses[0] / 2;

use(device);
const x = zeros([1000]);
const pending = message(() => x.data());
device.device.destroy();
result.pending = await pending;
result.later = await message(() => zeros([3]));
await device.close();
process.stdout.write(JSON.stringify(result), () => process.exit(0));
