// The mistakes that newcomers make. Each is answered in one line that says what is right; where TypeScript can, it refuses the program, too.

import { reference } from '@sinapse/backend-reference';
import { SinapseError, parametersOf, scope, tensor, use, valueAndGrad } from '@sinapse/core';
import { Dataset, digits, imageDataset } from '@sinapse/datasets';
import { batchNorm, conv2d, dense, dropout, flatten, sequential } from '@sinapse/layers';
import { meanSquaredError, softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam, createOptimizer, sgd } from '@sinapse/optimizers';
import { createModel } from '@sinapse/zoo';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BatchSource, FitOptions } from './index.ts';
import { earlyStopping, evaluate, fit, predict } from './index.ts';

beforeAll(() => void use(reference()));

const examples = [0, 1, 2, 3].map((i) => ({ x: [i, 3 - i], y: i % 2 }));
const data = () => Dataset.from(examples).batch(2);
const settings = (): FitOptions => ({ optimizer: sgd(), loss: softmaxCrossEntropy, epochs: 1 });

function classifier(units = 2) {
  const model = sequential([dense({ units })]);
  model.build([2]);
  return model;
}

/** The message of the SinapseError that a mistake throws, at once or later. */
async function answer(mistake: () => unknown): Promise<string> {
  try {
    await mistake();
  } catch (error) {
    expect(error).toBeInstanceOf(SinapseError);
    expect((error as Error).message).not.toContain('\n');
    return (error as Error).message;
  }
  return expect.unreachable('expected an error');
}

describe('of layers', () => {
  test.each<[string, () => unknown, string]>([
    ['examples of another length', () => classifier().call(tensor([[1, 2, 3]])), 'dense1: linear: '],
    ['an image to dense without flatten', () => sequential([dense({ units: 2 })]).build([]), 'dense1: dense: each example must be [inputs]'],
    ['an image without channels', () => sequential([conv2d({ filters: 1, kernelSize: 3 })]).build([28, 28]), 'conv2d1: conv2d: each example must be [height, width, channels], got [28,28]'],
    ['an image smaller than the filter', () => sequential([conv2d({ filters: 1, kernelSize: 5 })]).build([3, 3, 1]), 'conv2d1: conv2d: '],
    ['no build', () => sequential([dense({ units: 2 })]).call(tensor([[1, 2]])), 'dense1: dense: has no parameters yet; build the model first: model.build(inputShape)'],
    ['a number as the shape to build', () => classifier().build(784 as never), 'sequential: build: inputShape: expected the shape of one example, e.g. [28, 28, 1], got 784'],
    ['numbers to a model', () => classifier().call([[1, 2]] as never), 'sequential: call: expected a tensor [batch, …], got [[1,2]]'],
    ['an example without a batch axis', () => sequential([flatten(), dense({ units: 2 })]).call(tensor(1)), 'flatten1: flatten: input must have a batch axis'],
    ['an activation that there is not', () => dense({ units: 3, activation: 'rellu' as never }), 'dense: activation rellu is not known; did you mean relu?'],
    ['an option misspelt', () => dense({ unit: 3 } as never), 'dense: unit is no option; did you mean units?'],
    ["another library's option", () => conv2d({ filters: 8, kernelSize: 3, stride: 2 } as never), 'conv2d: stride is no option; did you mean strides?'],
    ['a layer that was not made', () => sequential([flatten as never]), 'sequential: entry 0 of the list must be a layer, or [name, layer], got a function'],
    ['layers without a list', () => (sequential as (...layers: unknown[]) => unknown)(flatten(), dense({ units: 1 })), 'sequential: expected a list of at least one layer'],
    ['the same layer twice', () => { const layer = dense({ units: 2 }); return sequential([layer, layer]); }, 'sequential: dense1 and dense2 are one layer; make two'],
    ['a rate of dropout in percent', () => dropout({ rate: 50 }), 'dropout: rate: expected a number within [0, 1), got 50'],
    ['a model that there is not', () => createModel('lenet'), 'model lenet is not known; did you mean lenet5?'],
  ])('%s', async (_, mistake, message) => expect(await answer(mistake)).toContain(message)); // prettier-ignore
});

describe('of tensors', () => {
  test.each<[string, () => unknown, string]>([
    ['a tensor that was disposed of', () => { const x = tensor([[1, 2]]); x.dispose(); return classifier().call(x); }, 'disposed'],
    ['a tensor read outside its scope', () => { let x = tensor([1]); scope(() => void (x = tensor([2]))); return x.dataSync(); }, 'disposed'],
    ['shapes that do not broadcast', () => tensor([1, 2]).add(tensor([1, 2, 3])), 'add: '],
    ['integers and floats', () => tensor([1]).add(tensor([1], { dtype: 'int32' })), 'cast'],
    ['rows of two lengths', () => tensor([[1, 2], [3]]), 'tensor: rows differ'],
    ['a gradient of no scalar', () => valueAndGrad(() => classifier().call(tensor([[1, 2]])), parametersOf(classifier()).map(({ cell }) => cell)), 'scalar'],
  ])('%s', async (_, mistake, message) => expect(await answer(mistake)).toContain(message)); // prettier-ignore
});

describe('of training', () => {
  const trained = (options: object, source: BatchSource = data(), model = classifier()) =>
    fit(model, source, { ...settings(), ...options });
  test.each<[string, () => unknown, string]>([
    ['no options', () => fit(classifier(), data(), undefined as never), 'fit: options: expected an object, got undefined'],
    ['examples in place of batches', () => trained({}, Dataset.from(examples) as never), 'epoch 1, step 1: x: expected a tensor, or { data, shape }'],
    ['a list in place of a dataset', () => trained({}, examples as never), 'fit: the data: expected a source of batches with iterate({ epoch }), e.g. dataset.batch(32), got an array'],
    ['a set of images in place of a dataset', () => trained({}, digits({ count: 10 }) as never), 'fit: the data: expected a source of batches'],
    ['no examples', () => trained({}, Dataset.from([] as typeof examples).batch(2)), 'fit: the data is empty'],
    ['no epochs', () => trained({ epochs: 0 }), 'fit: epochs: expected an integer >= 1, got 0'],
    ["another library's option", () => trained({ batchSize: 32 }), 'fit: batchSize is no option; there are optimizer, loss, epochs'],
    ['an optimizer by name', () => trained({ optimizer: 'adam' }), 'fit: optimizer: expected an optimizer with step(parameters, gradients), e.g. adam(), got "adam"'],
    ['an optimizer not made', () => trained({ optimizer: adam }), 'e.g. adam(), got a function'],
    ['a loss by name', () => trained({ loss: 'mse' }), 'fit: loss: expected a function of the output and the target, e.g. softmaxCrossEntropy, got "mse"'],
    ['a loss that was called', () => trained({ loss: meanSquaredError(tensor([1]), tensor([1])) }), 'fit: loss: expected a function'],
    ['a callback of another library', () => trained({ callbacks: [{ onEpochEnd() {} }] }), 'fit: callbacks[0]: expected an object with onStart, onStep, onEpoch or onStop'],
    ['a negative learning rate', () => sgd({ learningRate: -0.1 }), 'sgd: learningRate: expected a finite number > 0, or a schedule, got -0.1'],
    ['the learning rate misspelt', () => adam({ lr: 0.1 } as never), 'adam: lr is no option'],
    ['the learning rate without its name', () => adam(0.1 as never), 'adam: options: expected an object, got 0.1'],
    ['an optimizer that there is not', () => createOptimizer('adma'), 'optimizer adma is not known; did you mean adam?'],
    ['labels from 1', () => trained({}, Dataset.from([{ x: [1, 2], y: 2 }]).batch(1)), "epoch 1, step 1: label 2 of example 0 is outside the model's 2 classes, 0 to 1"],
    ['one-hot labels of another number of classes', () => trained({}, Dataset.from([{ x: [1, 2], y: [0, 0, 1] }]).batch(1)), 'softmaxCrossEntropy: for a prediction of [1,2], labels must be class numbers [1] or probabilities [1,2], got [1,3]'],
    ['one number as the target of a regression', () => trained({ loss: meanSquaredError }, data(), classifier(1)), "meanSquaredError: the target must have the prediction's shape [2,1], got [2]; reshape it, or give each example a list of one, y: [3]"],
    ['a loss of many numbers', () => trained({ loss: (y: ReturnType<typeof tensor>) => y }), 'the loss must be a scalar, the mean over the batch; got [2,2]'],
    ['a loss that is not finite', () => trained({ loss: (y: ReturnType<typeof tensor>) => y.sum().mul(NaN) }), 'epoch 1, step 1: the loss is NaN; the weights are those before this step. A smaller learning rate or clipped gradients may help'],
    ['an optimizer of another model', async () => { const optimizer = adam(); await trained({ optimizer }); const other = sequential([dense({ units: 3 }), dense({ units: 2 })]); other.build([2]); await trained({ optimizer }, data(), other); }, 'adam: 4 parameters, but 2 in the steps before; make another optimizer for others'],
    ['a last batch of one into batch norm', () => { const model = sequential([dense({ units: 2 }), batchNorm()]); model.build([2]); return trained({}, Dataset.from(examples).batch(3), model); }, 'leave out a short last one: .batch(size, { dropLast: true })'],
    ['a generator for two epochs', () => trained({ epochs: 2 }, Dataset.from((function* () { yield* examples; })()).batch(2)), 'dataset: this generator is used up after one epoch; pass the generator function itself'],
    ['early stopping without validation', () => trained({ callbacks: [earlyStopping()] }), 'earlyStopping: the epoch has no valLoss to monitor; give fit a validation set'],
    ['the images of another size', () => trained({}, imageDataset(digits({ count: 4 })).batch(2) as never), 'dense1: linear: '],
    ['an option of evaluate misspelt', () => evaluate(classifier(), data(), { loss: softmaxCrossEntropy, metric: {} } as never), 'evaluate: metric is no option; did you mean metrics?'],
    ['a text to predict', () => predict(classifier(), 'ant' as never), 'predict: x: expected a tensor [batch, ...], { data, shape } or rows of numbers, or a source of batches, e.g. dataset.batch(32), got "ant"'],
  ])('%s', async (_, mistake, message) => expect(await answer(mistake)).toContain(message)); // prettier-ignore

  test('endless data is taken by its first batches', async () => {
    const endless = Dataset.from(function* () {
      for (;;) yield* examples;
    });
    const { history } = await fit(classifier(), endless.batch(2).take(3), settings());
    expect(history[0]!.examples).toBe(6);
  });
});

test('TypeScript refuses', () => {
  /** Never called: its lines must not compile. */
  const refused = async (): Promise<void> => {
    // @ts-expect-error an option misspelt
    dense({ unit: 3 });
    // @ts-expect-error an activation that there is not
    dense({ units: 3, activation: 'rellu' });
    // @ts-expect-error a number as a shape
    classifier().build(784);
    // @ts-expect-error numbers to a model
    classifier().call([[1, 2]]);
    // @ts-expect-error a tensor has no operators
    Math.abs(tensor([1]) * 2);
    // @ts-expect-error examples in place of batches
    await fit(classifier(), Dataset.from(examples), settings());
    // @ts-expect-error no loss
    await fit(classifier(), data(), { optimizer: sgd(), epochs: 1 });
    // @ts-expect-error another library's option
    await fit(classifier(), data(), { ...settings(), batchSize: 32 });
    // @ts-expect-error the result of fit is a promise
    fit(classifier(), data(), settings()).history.at(-1);
    // @ts-expect-error the learning rate misspelt
    adam({ lr: 0.1 });
    // @ts-expect-error an option that losses have not
    softmaxCrossEntropy(tensor([[1, 2]]), tensor([0]), { smoothing: 0.1 });
  };
  expect(refused).toBeTypeOf('function');
});
