// One program, unchanged, on every backend: it trains as the reference does in float64, and a model that was trained on one is read by each.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { tfjs } from '@sinapse/backend-tfjs';
import type { Backend } from '@sinapse/core';
import { use } from '@sinapse/core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { enableProdMode } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { vulkanEnvironment } from '../../../packages/backend-webgpu/test/vulkan.ts';
import type { Found, Measured, Task, Trained } from '../pages/one-program/program.ts';
import { run, STEPS } from '../pages/one-program/program.ts';
import { chromium } from './chromium.ts';
import { runInNode } from './node-process.ts';
import { openPage } from './open-page.ts';

enableProdMode(); // or tfjs advertises its package for Node

const full = process.env['SINAPSE_TEST_TIER'] === 'full';
/** Steps of slow backends: software computes for the graphics card here. */
const FEW = full ? STEPS : 4;

/** Does a task in this process. */
async function here(open: () => Backend | Promise<Backend>, task: Task): Promise<Found> {
  const backend = use(await open());
  const found = await run(task);
  await backend.close();
  return found;
}

async function inPage(backend: string, task: Task): Promise<Found> {
  const { outcome, problems } = await openPage<Found>('one-program', {
    query: `?${backend}`,
    files: { 'task.json': JSON.stringify(task) },
  });
  expect(problems).toEqual([]);
  return outcome;
}

interface Contestant {
  /** What runs the kernels. */
  readonly engine: RegExp;
  /** Why this machine may lack it; absent where it does not. */
  readonly lacks?: string;
  readonly steps: number;
  readonly run: (task: Task) => Promise<Found>;
}

const vulkan = vulkanEnvironment();
const lacksVulkan = vulkan === undefined && { lacks: 'the driver of Chromium: install it, or name its folder in SINAPSE_SWIFTSHADER' };
const lacksChromium = chromium === undefined && { lacks: 'Chromium: install it, or set CHROMIUM_PATH' };
const lacksTime = !full && { lacks: 'time: SINAPSE_TEST_TIER=full; the tests of backend-tfjs have a smaller training' };
const lacksNative = await cpu({ engine: 'native' }).then(
  (backend) => backend.close(),
  (error: Error) => ({ lacks: error.message }),
);

const contestants: Readonly<Record<string, Contestant>> = {
  reference: { engine: /^TypeScript$/, steps: FEW, run: (task) => here(reference, task) },
  native: { engine: /^native /, ...lacksNative, steps: STEPS, run: (task) => here(() => cpu({ engine: 'native' }), task) },
  wasm: { engine: /^wasm /, steps: STEPS, run: (task) => here(() => cpu({ engine: 'wasm' }), task) },
  "TensorFlow.js's kernels in JavaScript": {
    engine: /^tfjs .* cpu$/,
    ...lacksTime,
    steps: STEPS,
    run: (task) => here(() => tfjs(new MathBackendCPU()), task),
  },
  'WebGPU in Node': { engine: /^WebGPU$/, ...lacksVulkan, steps: FEW, run: (task) => runInNode('one-program/node.ts', task, vulkan!) },
  // In the full tier only: WebGPU is the same in Node, and tfjs compiles its shaders for every shape.
  ...(full && {
    'WebGPU in Chromium': { engine: /^WebGPU$/, ...lacksChromium, steps: FEW, run: (task: Task) => inPage('webgpu', task) },
    'tfjs in Chromium': { engine: /^tfjs .* webgl$/, ...lacksChromium, steps: STEPS, run: (task: Task) => inPage('tfjs', task) },
  }),
  'WebGL in Chromium': { engine: /^WebGL2$/, ...lacksChromium, steps: FEW, run: (task) => inPage('webgl', task) },
};

const distance = (a: readonly number[], b: readonly number[]): number => {
  expect(a).toHaveLength(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
};

/** Expects the accuracy of a model within a point, and its loss within a distance. */
function expectMeasured({ accuracy, loss }: Measured, wanted: Measured, within: number): void {
  expect(Math.abs(accuracy - wanted.accuracy)).toBeLessThanOrEqual(0.01);
  expect(Math.abs(loss - wanted.loss)).toBeLessThan(within);
}

/** The trainings of the reference in float64. */
const expected = new Map<number, Trained>();
const models: { readonly name: string; readonly trained: Trained }[] = [];

beforeAll(async () => {
  for (const steps of new Set([FEW, STEPS])) {
    const { trained } = await here(() => reference({ precision: 'float64' }), { steps, models: [] });
    expected.set(steps, trained!);
  }
});

describe.each(Object.entries(contestants))('%s', (name, { engine, lacks, steps, run: runThere }) => {
  test.skipIf(lacks !== undefined)(`trains and reads as the reference does in float64${lacks ? ` (needs ${lacks})` : ''}`, async () => {
    const learned = expected.get(STEPS)!;
    const { trained, measured, ...found } = await runThere({ steps, models: [learned.model] });
    expect(found.engine).toMatch(engine);
    const { gradients, losses, model } = trained!;
    const wanted = expected.get(steps)!;
    expect(gradients).toHaveLength(wanted.gradients.length);
    gradients.forEach((gradient, k) => expect(distance(gradient, wanted.gradients[k]!)).toBeLessThan(1e-5));
    expect(distance(losses.slice(0, 1), wanted.losses.slice(0, 1))).toBeLessThan(1e-6);
    // Rounding decides which of two nearly equal values a pool takes, and from there on the trainings differ.
    expect(distance(losses, wanted.losses)).toBeLessThan(1e-2);
    expectMeasured(trained!, wanted, 1e-2);

    // The model that the reference trained is measured here, and the one trained here in WebAssembly: only float32 sums differ.
    expectMeasured(measured[0]!, learned, 1e-5);
    const elsewhere = await here(() => cpu({ engine: 'wasm' }), { steps: 0, models: [model] });
    expectMeasured(elsewhere.measured[0]!, trained!, 1e-5);
    models.push({ name, trained: trained! });
  });
});

test.runIf(full)('each reads the models of all others', async () => {
  const task: Task = { steps: 0, models: models.map(({ trained }) => trained.model) };
  for (const { lacks, run: runThere } of Object.values(contestants)) {
    if (lacks !== undefined) continue;
    const { measured } = await runThere(task);
    measured.forEach((found, i) => expectMeasured(found, models[i]!.trained, 1e-5));
  }
});

test('what is compared are trainings that learn', () => {
  const { losses, accuracy } = expected.get(STEPS)!;
  expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.8);
  expect(accuracy).toBeGreaterThan(0.4);
});
