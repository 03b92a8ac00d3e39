// Models of several inputs and outputs are trained, measured, applied, saved and opened like others.

import { double } from '@sinapse/backend-testkit';
import type { Context, Model, Optimizer, Tensor } from '@sinapse/core';
import { Parameter, freeze, parametersOf, statesOf, tensor, use, walk } from '@sinapse/core';
import { Dataset } from '@sinapse/datasets';
import type { Graph } from '@sinapse/layers';
import {
  add,
  allLayers,
  callChild,
  concatenate,
  connect,
  dense,
  graph,
  input,
  multiply,
  pruneWeights,
  sequential,
  summary,
} from '@sinapse/layers';
import { meanSquaredError, softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { beforeEach, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { bitsOf } from '../test/tiny.ts';
import type { BatchSource, Description, Json } from './index.ts';
import { bestWeights, describeModel, encodeModel, evaluate, fit, modelFrom, openModel, predict } from './index.ts';

beforeEach(() => void use(poisoned()));

interface Inputs {
  readonly point: Tensor;
  readonly scale: Tensor;
}
interface Outputs {
  readonly side: Tensor;
  readonly sum: Tensor;
}

/** Says on which side of a line a point lies, and scales the sum of its coordinates. */
function twoHeads(): Graph<Inputs, Outputs> {
  const [point, scale] = [input([2]), input([1])];
  const hidden = connect([point, scale], concatenate(), ['hidden', dense({ units: 8, activation: 'tanh' })]);
  const sum = connect([point.to(['plain', dense({ units: 1 })]), scale], multiply());
  const model = graph({ inputs: { point, scale }, outputs: { side: hidden.to(['side', dense({ units: 2 })]), sum } });
  model.build(model.inputShape, 3);
  return model;
}

const examples = Array.from({ length: 40 }, (_, i) => {
  const [a, b, s] = [Math.sin(3 * i), Math.cos(5 * i), 1 + (i % 3)];
  return { x: { point: [a, b], scale: [s] }, y: { side: a > b ? 1 : 0, sum: [s * (a + b)] } };
});
const data = () => Dataset.from(examples).shuffle(1).batch(8);
const loss = (output: Outputs, target: Outputs): Tensor =>
  softmaxCrossEntropy(output.side, target.side).add(meanSquaredError(output.sum, target.sum));
const metrics = { error: (output: Outputs, target: Outputs) => meanSquaredError(output.sum, target.sum) };

describe('a model of two inputs and two outputs', () => {
  test('learns, with validation, metrics and callbacks', async () => {
    const model = twoHeads();
    const options = { optimizer: adam({ learningRate: 0.03 }), loss, metrics, epochs: 15, validation: data(), callbacks: [bestWeights()] };
    const { history } = await fit(model, data(), options);
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss / 4);
    const { loss: after, metrics: means, accuracy, confusion, examples: count } = await evaluate(model, data(), { loss, metrics });
    expect(after).toBeLessThan(history[0]!.loss / 4);
    expect(means['error']).toBeLessThan(after);
    expect([accuracy, confusion, count]).toEqual([NaN, [], 40]);
  });

  test('gives the same bits on a device that answers late', async () => {
    const train = async (): Promise<unknown> => {
      const model = twoHeads();
      await fit(model, data(), { optimizer: adam(), loss, metrics, epochs: 2 });
      return Promise.all(parametersOf(model).map(async ({ cell }) => [...(await cell.tensor.data())]));
    };
    const here = await train();
    use(double());
    expect(await train()).toEqual(here);
  });

  test('predicts one batch and a whole source', async () => {
    const model = twoHeads();
    const point = tensor(examples.map(({ x }) => x.point));
    const scale = { data: Float32Array.from(examples, ({ x }) => x.scale[0]!), shape: [40, 1] };
    const once = await predict(model, { point, scale });
    expect([once.side.shape, once.sum.shape, point.disposed]).toEqual([[40, 2], [40, 1], false]); // prettier-ignore
    const batched = await predict(model, Dataset.from(examples).batch(16));
    expect(batched).toEqual(once);
  });

  test('is saved with its form and opens by itself', async () => {
    const model = twoHeads();
    const file = await encodeModel(model);
    const opened = openModel<Inputs, Outputs>(file, allLayers);
    expect(opened.inputShape).toEqual({ point: [2], scale: [1] });
    expect(opened.outputShape).toEqual({ side: [2], sum: [1] });
    expect(bitsOf(opened.model)).toEqual(bitsOf(model));
    const x = { point: tensor([[1, 2]]), scale: tensor([[3]]) };
    expect(await predict(opened.model, x)).toEqual(await predict(model, x));
    expect(await encodeModel(opened.model)).toEqual(file);
  });

  test('a batch of another form is named', async () => {
    const refused = (source: unknown): Promise<unknown> => fit(twoHeads(), source as ReturnType<typeof data>, { optimizer: adam(), loss, epochs: 1 });
    await expect(refused(Dataset.from([{ x: [1, 2], y: 0 }]).batch(1))).rejects.toThrow('graph: call: expected { point, scale }, got a float32 tensor [1,2]');
    await expect(refused(Dataset.from([{ x: { point: [1, 2] }, y: 0 }]).batch(1))).rejects.toThrow('graph: call: expected { point, scale }, got { point }');
    const rows = (count: number) => ({ data: new Float32Array(count), shape: [count, 1] });
    const source: BatchSource<unknown, unknown> = { async *iterate() { yield { x: { point: rows(2), scale: rows(3) }, y: rows(2) }; } }; // prettier-ignore
    await expect(refused(source)).rejects.toThrow('epoch 1, step 1: x.point has 2 examples, x.scale has 3');
    const wrong: BatchSource<unknown, unknown> = { async *iterate() { yield { x: { point: 1 }, y: rows(2) }; } }; // prettier-ignore
    await expect(refused(wrong)).rejects.toThrow('epoch 1, step 1: x.point: expected a tensor, or { data, shape }');
  }); // prettier-ignore

  test('TypeScript refuses', () => {
    const refused = async (): Promise<void> => {
      // @ts-expect-error an input is missing
      await predict(twoHeads(), { point: tensor([[1, 2]]) });
      // @ts-expect-error one input for two
      await fit(twoHeads(), Dataset.from([{ x: [1], y: 0 }]).batch(1), { optimizer: adam(), loss, epochs: 1 });
      // @ts-expect-error a loss of other outputs
      await evaluate(twoHeads(), data(), { loss: softmaxCrossEntropy });
      // @ts-expect-error two inputs for one
      await predict(sequential([dense({ units: 1 })]), { point: tensor([[1, 2]]) });
    };
    expect(refused).toBeTypeOf('function');
  });
});

test('a model of one’s own takes a list and gives an object, and says so in its type', async () => {
  class Ratio implements Model<readonly [Tensor, Tensor], { readonly value: Tensor }> {
    readonly layer = dense({ units: 1, useBias: false });
    call([a, b]: readonly [Tensor, Tensor], context: Context): { readonly value: Tensor } {
      return { value: callChild('layer', this.layer, a.div(b), context) };
    }
  }
  const model = new Ratio();
  model.layer.build([1], 1);
  expect(summary(model, [[1], [1]])).toMatchObject({ outputShape: { value: [1] }, trainable: 1, macs: 1 });
  const column = (...values: number[]) => ({ data: Float32Array.from(values), shape: [values.length, 1] });
  const batch = { x: [column(2, 9, 8), column(1, 3, 4)], y: column(4, 6, 4) } as const; // twice the ratio
  const source: BatchSource<typeof batch.x, typeof batch.y> = { async *iterate() { yield batch; } }; // prettier-ignore
  const error = (output: { readonly value: Tensor }, target: Tensor) => meanSquaredError(output.value, target);
  await fit(model, source, { optimizer: adam({ learningRate: 0.1 }), loss: error, epochs: 200 });
  const { value } = await predict(model, [tensor([[10]]), tensor([[5]])]);
  expect(value.data[0]).toBeCloseTo(4, 1);
});

test('a list of inputs: a siamese pair, whose tower is saved once', async () => {
  const tower = sequential([dense({ units: 4, activation: 'tanh' }), dense({ units: 2 })]);
  const [a, b] = [input([3]), input([3])];
  const model = graph({ inputs: [a, b] as const, outputs: connect([a.to(['tower', tower]), b.to(tower)], add()) });
  model.build([[3], [3]], 1);
  const file = await encodeModel(model);
  const { model: opened } = openModel<readonly [Tensor, Tensor]>(file, allLayers);
  expect(walk(opened).map(({ path }) => path)).toEqual(walk(model).map(({ path }) => path));
  expect(walk(model)).toHaveLength(4);
  const pair = [tensor([[1, 2, 3]]), tensor([[3, 2, 1]])] as const;
  expect(await predict(opened, pair)).toEqual(await predict(model, pair));
  const rows = { data: Float32Array.of(1, 2, 3), shape: [1, 3] };
  const y = { data: Float32Array.of(1, 0), shape: [1, 2] };
  const source: BatchSource<[typeof rows, typeof rows]> = { async *iterate() { yield { x: [rows, rows], y }; } }; // prettier-ignore
  const { history } = await fit(opened, source, { optimizer: adam(), loss: meanSquaredError, epochs: 3 });
  expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss);
});

test('what is frozen stays as it is, and has no gradient taken; the rest learns', async () => {
  const model = twoHeads();
  expect(freeze(model, 'hidden')).toEqual(['hidden/kernel', 'hidden/bias']);
  const before = bitsOf(model);
  let taken = 0;
  const optimizer = adam();
  const counting: Optimizer = { step: (parameters, ...rest) => ((taken = parameters.length), optimizer.step(parameters, ...rest)), state: () => optimizer.state(), restore: (state) => optimizer.restore(state) }; // prettier-ignore
  await fit(model, data(), { optimizer: counting, loss, epochs: 1 });
  const after = bitsOf(model);
  const changed = Object.keys(after).filter((path) => after[path]!.some((bits, i) => bits !== before[path]![i]));
  expect(changed).toEqual(['plain/kernel', 'plain/bias', 'side/kernel', 'side/bias']);
  expect(taken).toBe(4);
});

test('layers that are shared between blocks stay shared in a file', async () => {
  const shared = dense({ units: 2, activation: 'tanh' });
  const model = sequential([['a', sequential([['s', shared]])], ['b', sequential([dense({ units: 2 }), ['t', shared]])]]); // prettier-ignore
  model.build([2], 1);
  expect(JSON.stringify(describeModel(model))).toContain('{"layer":{"sameAs":0}}');
  const { model: opened } = openModel(await encodeModel(model), allLayers);
  expect(parametersOf(opened)).toHaveLength(4);
  expect(bitsOf(opened)).toEqual(bitsOf(model));
  const x = tensor([[1, 2]]);
  expect(await predict(opened, x)).toEqual(await predict(model, x));
  for (const { cell } of parametersOf(opened)) expect(cell).toBeInstanceOf(Parameter);
});

test('a pruned model stays pruned: in training with weight decay, and in a file', async () => {
  const model = sequential([['hidden', dense({ units: 8, activation: 'tanh' })], ['out', dense({ units: 2 })]]); // prettier-ignore
  model.build([2], 1);
  const sparse = await pruneWeights(model, { share: 0.5 });
  const source = Dataset.from(examples.map(({ x, y }) => ({ x: x.point, y: y.side }))).batch(8);
  await fit(sparse, source, { optimizer: adam({ learningRate: 0.03, weightDecay: 0.01 }), loss: softmaxCrossEntropy, epochs: 10 });
  const { accuracy } = await evaluate(sparse, source, { loss: softmaxCrossEntropy });
  expect(accuracy).toBeGreaterThan(0.9);
  const { model: opened } = openModel(await encodeModel(sparse), allLayers);
  const masks = statesOf(opened);
  expect(masks.map(({ path, cell }) => [path, cell.value.sum().dataSync()[0]])).toEqual([['hidden/kernelMask', 8], ['out/kernelMask', 8]]); // prettier-ignore
  const x = tensor(examples.map(({ x: { point } }) => point));
  expect(await predict(opened, x)).toEqual(await predict(sparse, x));
});

describe('a file of a stranger is refused in one line:', () => {
  const call = (layer: string, ...given: Json[]): Json => ({ layer, arguments: given });
  const flat = call('flatten');
  const whole = { inputs: [4, 4], layers: [['a', flat]], steps: [{ call: 'a', from: 0, to: 1 }], outputs: 1 };
  const changed = (change: Readonly<Record<string, unknown>>): unknown => call('graph', { ...whole, ...change });
  test.each<[string, unknown, string]>([
    ['a circle', changed({ layers: [['a', flat], ['b', flat]], steps: [{ call: 'a', from: 2, to: 1 }, { call: 'b', from: 1, to: 2 }] }), 'graph: steps[0]: from: there is no value 2 yet, only 0 to 0'],
    ['a step that reads itself', changed({ steps: [{ call: 'a', from: 1, to: 1 }] }), 'graph: steps[0]: from: there is no value 1 yet'],
    ['an unknown layer', changed({ steps: [{ call: 'b', from: 0, to: 1 }] }), 'graph: steps[0]: there is no layer b'],
    ['a layer that is not called', changed({ layers: [['a', flat], ['b', flat]] }), 'graph: the layer b is called by no step'],
    ['a value given twice', changed({ steps: [{ call: 'a', from: 0, to: 0 }] }), 'graph: steps[0]: to: expected 1, the next value, got 0'],
    ['an output that there is not', changed({ outputs: 7 }), 'graph: outputs: there is no value 7 yet'],
    ['no output', changed({ outputs: [] }), 'graph: outputs: expected the number of a value, got none'],
    ['no input', changed({ inputs: {} }), 'graph: steps[0]: from: there is no value 0 yet'],
    ['a text for a value', changed({ outputs: 'x' }), 'graph: outputs: expected the number of a value, got "x"'],
    ['a negative value', changed({ outputs: -1 }), 'graph: outputs: expected the number of a value, got -1'],
    ['a shape of texts', changed({ inputs: ['a'] }), 'graph: inputs: 0: expected the shape of one example'],
    ['10,001 steps', changed({ steps: Array.from({ length: 10_001 }, (_, i) => ({ call: 'a', from: i, to: i + 1 })) }), 'graph: more than 10000 steps'],
    ['steps that are no steps', changed({ steps: [1] }), 'graph: steps[0]: options: expected an object, got 1'],
    ['another member', changed({ code: 'x' }), 'graph: code is no option'],
    ['a name with a slash', changed({ layers: [['a/b', flat]] }), 'graph: "a/b" is not a name'],
    ['symbols, which only a program has', call('graph', { inputs: 0, outputs: 1 }), 'graph: outputs: expected a symbolic tensor'],
    ['the same layer as a later one', call('sequential', [{ layer: { sameAs: 0 } }, flat]), 'a layer is said to be the same as layer 0, but only 0 are made before it'],
    ['the same layer as itself', { layer: { sameAs: 0 } }, 'a layer is said to be the same as layer 0, but only 0'],
    ['the same layer as no number', call('sequential', [flat, { layer: { sameAs: 'x' } }]), 'a layer is said to be the same as "x", which is not the number of a layer'],
    ['the same layer twice in a row', call('sequential', [flat, { layer: { sameAs: 0 } }]), 'sequential: flatten1 and flatten2 are one layer'],
  ])('%s', (_, description, message) => {
    expect(() => modelFrom(description as Description, allLayers)).toThrow(message);
  }); // prettier-ignore

  test('values that double at every step are refused by their size before memory is taken', () => {
    const steps = Array.from({ length: 60 }, (_, i) => ({ call: `c${i}`, from: [i, i], to: i + 1 }));
    const layers = steps.map(({ call: name }) => [name, call('concatenate', {})]);
    const model = modelFrom(changed({ inputs: [4], layers, steps, outputs: 60 }) as Description, allLayers);
    expect(() => model.build([4], 1)).toThrow(
      'c50: concatenate: its result: expected the shape of one example, e.g. [28, 28, 1], got [9007199254740992]',
    );
  });
});
