// What the page "neuron" does, without a page: sums, rules of learning against gradients, gates, tasks, the code.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cpu } from '@sinapse/backend-cpu';
import { add, memory, mul, softplus, square, sub, sum, tensor, use, valueAndGrad } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { neuronCode } from './code.ts';
import { clouds, show, teach } from './machine.ts';
import type { Example, GateName, Neuron } from './neuron.ts';
import { activationNames, classOf, gate } from './neuron.ts';
import type { NeuronProgress } from './tasks.ts';
import { neuronTasks } from './tasks.ts';
import { neuronTexts } from './text.ts';

beforeAll(async () => void use(await cpu()));

const blank: Neuron = { weights: [0, 0], bias: 0, activation: 'step' };

/** Teaches passes over examples; resolves with the neuron and the mistakes of the last pass. */
async function train(from: Neuron, examples: readonly Example[], passes: number, rate: number) {
  let neuron = from;
  let wrong = 0;
  for (let pass = 0; pass < passes; pass++) {
    wrong = 0;
    for (const example of examples) {
      const lesson = await teach(neuron, example, rate);
      wrong += Number(classOf(lesson.output) !== example.target);
      ({ neuron } = lesson);
    }
  }
  return { neuron, wrong };
}

test('sums and outputs are those of the formula, at points and all over the plane', async () => {
  const neuron: Neuron = { weights: [0.5, -1.25], bias: 0.25, activation: 'sigmoid' };
  const examples = clouds(3, 5);
  const before = memory().tensors;
  const { sums, outputs, regions } = await show(neuron, examples);
  expect(memory().tensors).toBe(before);
  const sumAt = (x: number, y: number) => 0.5 * x - 1.25 * y + 0.25;
  examples.forEach(({ x }, i) => {
    expect(sums[i]).toBeCloseTo(sumAt(...x), 6);
    expect(outputs[i]).toBeCloseTo(1 / (1 + Math.exp(-sumAt(...x))), 6);
  });
  const half = 2 / regions.size / 2; // of a pixel
  expect(regions.probabilities[0]).toBeCloseTo(1 / (1 + Math.exp(-sumAt(-0.5 + half, 1.5 - half))), 6);
  expect(regions.probabilities.at(-1)).toBeCloseTo(1 / (1 + Math.exp(-sumAt(1.5 - half, -0.5 + half))), 6);
});

describe('a lesson', () => {
  const example: Example = { x: [0.7, -0.4], target: 1 };

  test('by Rosenblatt’s rule changes nothing after a right answer, and adds η x after a wrong one', async () => {
    const right = await teach({ ...blank, weights: [1, 0] }, example, 0.5);
    expect(right).toMatchObject({ output: 1, error: 0, neuron: { weights: [1, 0], bias: 0 } });
    const wrong = await teach({ ...blank, weights: [-1, 0] }, example, 0.5);
    expect(wrong).toMatchObject({ output: 0, error: 1 });
    expect(wrong.neuron.weights[0]).toBeCloseTo(-1 + 0.35, 6);
    expect(wrong.neuron.weights[1]).toBeCloseTo(-0.2, 6);
    expect(wrong.neuron.bias).toBeCloseTo(0.5, 6);
  });

  test.each(['linear', 'sigmoid'] as const)('of a %s neuron goes down the gradient of its loss', async (activation) => {
    const neuron: Neuron = { weights: [0.3, 0.9], bias: -0.2, activation };
    const [w, b, x] = [tensor(neuron.weights), tensor([neuron.bias]), tensor(example.x)];
    const { gradients } = valueAndGrad(
      (weights, bias) => {
        const s = add(sum(mul(weights, x)), sum(bias));
        // The cross-entropy of a sigmoid is softplus(s) - t s.
        return activation === 'linear' ? mul(square(sub(example.target, s)), 0.5) : sub(softplus(s), mul(s, example.target));
      },
      [w, b],
    );
    const [dw, db] = [await gradients[0]!.data(), await gradients[1]!.data()];
    const { neuron: next } = await teach(neuron, example, 0.1);
    expect(next.weights[0]).toBeCloseTo(0.3 - 0.1 * dw[0]!, 6);
    expect(next.weights[1]).toBeCloseTo(0.9 - 0.1 * dw[1]!, 6);
    expect(next.bias).toBeCloseTo(-0.2 - 0.1 * db[0]!, 6);
  });
});

describe('gates', () => {
  test('have their truth tables', () => {
    const table = (name: GateName) => gate(name).map(({ x: [a, b], target }) => [a, b, target].join(''));
    expect(table('and')).toEqual(['000', '010', '100', '111']);
    expect(table('xor')).toEqual(['000', '011', '101', '110']);
  });

  test.each(['and', 'or', 'nand'] as const)('%s is learnt without a mistake', async (name) => {
    expect((await train(blank, gate(name), 20, 0.2)).wrong).toBe(0);
  });

  test.each(activationNames)('XOR is not, with the activation %s', async (activation) => {
    const { neuron } = await train({ ...blank, activation }, gate('xor'), 40, 0.2);
    const { outputs } = await show(neuron, gate('xor'));
    expect(gate('xor').some(({ target }, i) => classOf(outputs[i]!) !== target)).toBe(true);
  });
});

test('two clouds of one seed are the same, and are learnt', async () => {
  expect(clouds(2)).toEqual(clouds(2));
  expect(clouds(2)).not.toEqual(clouds(3));
  expect((await train(blank, clouds(2), 60, 0.2)).wrong).toBeLessThanOrEqual(2);
});

describe('tasks', () => {
  const nothing: NeuronProgress = {
    data: 'and',
    activation: 'step',
    examples: gate('and'),
    wrong: undefined,
    steps: 0,
    passes: 0,
    byHand: false,
    weights: [0, 0],
  };
  const done = (changes: Partial<NeuronProgress>) =>
    neuronTasks.filter(({ isDone }) => isDone({ ...nothing, ...changes })).map(({ id }) => id);

  test('are done when they are, and not before', () => {
    expect(done({})).toEqual([]);
    expect(done({ byHand: true, wrong: 0 })).toEqual(['hand']);
    expect(done({ data: 'or', steps: 9, wrong: 0 })).toEqual(['or']);
    expect(done({ data: 'xor', steps: 40, passes: 10, wrong: 2 })).toEqual(['xor']);
    expect(done({ data: 'own', examples: [...gate('or'), ...gate('or')], steps: 9, wrong: 0 })).toEqual(['own']);
    expect(done({ data: 'own', examples: gate('or').slice(1), steps: 9, wrong: 0 })).toEqual([]);
    expect(done({ activation: 'linear', weights: [NaN, 0] })).toEqual(['explode']);
  });

  test('have words in both languages', () => {
    const ids = neuronTasks.map(({ id }) => id).sort();
    expect(Object.keys(neuronTexts.en.tasks).sort()).toEqual(ids);
    expect(Object.keys(neuronTexts.pt.tasks).sort()).toEqual(ids);
  });
});

test('the code runs as it stands, and learns what the page learns', async () => {
  const folder = await mkdtemp(fileURLToPath(new URL('../../../dist/code-', import.meta.url)));
  try {
    const file = join(folder, 'program.mjs');
    await writeFile(file, neuronCode(blank, gate('or'), 0.2));
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    const { neuron } = await train(blank, gate('or'), 50, 0.2);
    expect(stdout.trim().split(' ').map(Number)).toEqual([...neuron.weights, neuron.bias]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
