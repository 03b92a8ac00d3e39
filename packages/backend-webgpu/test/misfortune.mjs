// What can go wrong on a device, and a training beside the reference. Prints JSON.

import { reference } from '@sinapse/backend-reference';
import { webgpu } from '@sinapse/backend-webgpu';
import {
  linear,
  logSoftmax,
  matmul,
  profile,
  randomNormal,
  scope,
  softmax,
  softmaxCrossEntropy,
  specOf,
  sub,
  tensor,
  use,
  valueAndGrad,
  zeros,
} from '@sinapse/core';

const message = async (run) => {
  try {
    await run();
    return 'no error';
  } catch (error) {
    return error.message;
  }
};

/** 200 steps of a small network; its losses, and the memory after 50 steps and at the end. */
async function train(backend) {
  use(backend);
  const x = randomNormal([32, 8], { seed: 1 });
  const labels = tensor(Int32Array.from({ length: 32 }, (_, i) => (i * 7) % 3));
  let weights = [randomNormal([8, 16], { seed: 2 }), zeros([16]), randomNormal([16, 3], { seed: 3 }), zeros([3])];
  const lossOf = (w1, b1, w2, b2) => softmaxCrossEntropy(linear(linear(x, w1, b1, { activation: 'tanh' }), w2, b2), labels).mean();
  const [losses, memory] = [[], []];
  for (let step = 0; step < 200; step++) {
    const { value, next } = scope(() => {
      const { value, gradients } = valueAndGrad(lossOf, weights);
      return { value, next: weights.map((w, i) => sub(w, gradients[i].mul(0.1))) };
    });
    for (const w of weights) w.dispose();
    weights = next;
    losses.push(await value.item());
    value.dispose();
    if (step === 50 || step === 199) memory.push(JSON.stringify(backend.memory()));
  }
  return { losses, memory };
}

const result = { option: await message(() => webgpu({ memoryLimt: 1 })) };
const small = await webgpu({ memoryLimit: 2 ** 20 });
use(small);
result.memory = await message(() => zeros([2 ** 20]));
result.usable = Array.from(await tensor([1, 2]).data());
await small.close();

const device = await webgpu();
const [trained, expected] = [await train(device), await train(reference())];
result.flat = trained.memory[0] === trained.memory[1];
result.furthest = Math.max(...trained.losses.map((loss, i) => Math.abs(loss - expected.losses[i])));
result.learned = trained.losses.at(-1) < trained.losses[0] / 2;

use(device);
/** Does `run` while a method of the device is another one, made from its own. */
async function withMethod(name, change, run) {
  const gpu = device.device;
  const own = gpu[name].bind(gpu);
  gpu[name] = change(own);
  try {
    return await run();
  } finally {
    delete gpu[name];
  }
}
/** How often a method is called with arguments that count. */
async function callsOf(name, counts, run) {
  let calls = 0;
  const counting =
    (own) =>
    (...given) => {
      if (counts(...given)) calls++;
      return own(...given);
    };
  await withMethod(name, counting, run);
  return calls;
}

// Compiled ahead, a call compiles nothing.
const attrs = { transposeA: false, transposeB: false, precision: { output: 'float32', accumulation: 'float32' } };
const inputs = { a: specOf('float32', [1, 40, 24]), b: specOf('float32', [1, 24, 16]) };
result.progress = [];
await device.prepare(
  [
    { kernel: 'matmul', inputs, attrs },
    { kernel: 'softmax', inputs: { x: specOf('float32', [4, 5]) }, attrs: {} },
  ],
  (ready, of) => result.progress.push([ready, of]),
);
const [a, b] = [randomNormal([40, 24], { seed: 4 }), randomNormal([24, 16], { seed: 5 })];
result.compiled = await callsOf('createComputePipeline', () => true, async () => (await matmul(a, b).data(), await softmax(zeros([4, 5])).data())); // prettier-ignore

// Reads use one buffer again and again; the device times kernels.
const isForReading = ({ usage }) => (usage & 1) !== 0;
const long = zeros([5000]);
result.staging = await callsOf('createBuffer', isForReading, async () => {
  for (let k = 0; k < 20; k++) await long.data();
});
const measured = profile(() => matmul(a, b));
await measured.complete;
result.timed = measured.entries.map(({ kernel, timed, milliseconds }) => [kernel, timed, milliseconds > 0]);

// A shader that does not compile is an error that names its kernel; later calls run its lowering. Work that others issued is lost only once.
result.shader = await withMethod(
  'createShaderModule',
  (own) => (module) => own(module.label === 'logSoftmax' ? { ...module, code: `${module.code}!` } : module),
  () => message(() => logSoftmax(zeros([1, 2])).data()),
);
result.lowered = [...(await logSoftmax(zeros([1, 2])).data())].map((y) => y.toFixed(4));

// The device has no memory for a buffer, and says so late.
const scopes = [];
result.deviceMemory = await withMethod(
  'pushErrorScope',
  (own) => (filter) => (scopes.push(filter), own(filter)),
  () =>
    withMethod(
      'popErrorScope',
      (own) => async () => {
        const full = scopes.pop() === 'out-of-memory';
        await own();
        return full ? new GPUOutOfMemoryError('full') : null;
      },
      () => message(() => zeros([30_000]).data()),
    ),
);
result.usableAgain = Array.from(await tensor([3, 4]).add(1).data());

use(device);
const x = zeros([1000]);
const pending = message(() => x.data());
device.device.destroy();
result.pending = await pending;
result.later = await message(() => zeros([3]));
await device.close();
process.stdout.write(JSON.stringify(result), () => process.exit(0));
