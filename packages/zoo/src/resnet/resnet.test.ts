import type { Tensor } from '@sinapse/core';
import {
  Context,
  argMax,
  conv2d,
  memory,
  meta,
  parametersOf,
  profile,
  relu,
  scope,
  sqrt,
  statesOf,
  tensor,
  use,
  valueAndGrad,
  walk,
  withBackend,
  zeros,
} from '@sinapse/core';
import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import type { Sequential, Summary } from '@sinapse/layers';
import { summary } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { beforeEach, describe, expect, test } from 'vitest';
import { assignValues, expectClose, fingerprint, images, recording, statisticsOf, values } from '../../test/recorded.ts';
import { createModel } from '../create.ts';
import { preactivationBlock } from './blocks.ts';
import { resnet20 } from './resnet-cifar.ts';
import { resnet50 } from './resnet.ts';

beforeEach(() => void use(reference()));

const predicting = new Context();

/** Builds and summarises a model without values. */
function summaryOf(name: string, options: Record<string, unknown> = {}): Summary {
  return withBackend(meta(), () => {
    const { model, inputShape } = createModel(name, options);
    model.build(inputShape, 1);
    return summary(model, inputShape);
  });
}

const sizes = ({ layers }: Summary, path: string) => layers.find((layer) => layer.path === path)?.outputShape;

describe('ResNet-20', () => {
  test('has 269,722 parameters and 40.6 million multiply-accumulate operations', () => {
    const found = summaryOf('resnet20');
    // "0.27M" in table 6 of the paper.
    const kernels = 432 + 6 * 2304 + 4608 + 5 * 9216 + 18_432 + 5 * 36_864;
    const channels = 7 * 16 + 6 * 32 + 6 * 64;
    expect(found.trainable).toBe(kernels + 2 * channels + 650);
    expect(found.trainable).toBe(269_722);
    expect(found.nonTrainable).toBe(2 * channels);
    expect(found.macs).toBe(32 * 32 * (432 + 6 * 2304) + 16 * 16 * (4608 + 5 * 9216) + 8 * 8 * (18_432 + 5 * 36_864) + 640);
    // 6 n + 2 = 20 layers with weights.
    expect(found.layers.filter(({ parameters }) => parameters > 0)).toHaveLength(20);
    expect([sizes(found, 'conv2_3/conv2'), sizes(found, 'conv3_1/conv1'), sizes(found, 'conv4_3/conv2'), found.outputShape]).toEqual([
      [32, 32, 16],
      [16, 16, 32],
      [8, 8, 64],
      [10],
    ]);
  });

  describe(`as recorded from ${recording.origin}`, () => {
    const { parameters, predicted, trained, loss, gradients, statistics } = recording.resnet20;

    const recordedModel = (): Sequential => {
      use(reference({ precision: 'float64' }));
      const model = resnet20();
      model.build([32, 32, 3], 1);
      assignValues(model);
      return model;
    };

    test('its predictions', () => {
      const model = recordedModel();
      expect(parametersOf(model).reduce((sum, { cell }) => sum + cell.size, 0)).toBe(parameters);
      expectClose(scope(() => model.call(images(2, 32), predicting)).dataSync(), predicted.flat(), 1e-11);
    });

    test('a training step: logits, loss, every gradient and every running average', () => {
      const model = recordedModel();
      const context = new Context({ training: true });
      const cells = parametersOf(model).map(({ cell }) => cell);
      const labels = tensor([3, 7], { dtype: 'int32' });
      const result = scope(() =>
        valueAndGrad((): [Tensor, Tensor] => {
          const logits = model.call(images(2, 32), context);
          return [softmaxCrossEntropy(logits, labels), logits];
        }, cells),
      );
      context.commit();
      expectClose(result.value[1].dataSync(), trained.flat(), 1e-10);
      expectClose(result.value[0].dataSync(), [loss], 1e-10);
      expectClose(
        result.gradients.map((gradient, i) => fingerprint(gradient, 2000 + i)),
        gradients,
        1e-9,
      );
      expectClose(
        statisticsOf(model).map((state, i) => fingerprint(state, 3000 + i)),
        statistics,
        1e-10,
      );
    });
  });

  test.each([
    ['resnet20', 272_474],
    ['resnet32', 466_906],
    ['resnet110', 1_730_714],
  ])('%s has %d parameters with projections as shortcuts', (name, parameters) => {
    // "272,474": two convolutions of 1 by 1, from 16 to 32 and from 32 to 64 channels, with their normalisation.
    expect(summaryOf(name, { shortcut: 'projection' }).trainable).toBe(parameters);
    expect(summaryOf(name).trainable).toBe(parameters - (16 * 32 + 2 * 32 + 32 * 64 + 2 * 64));
  });

  test('takes images of other sizes, odd ones too, and other numbers of classes', () => {
    const model = resnet20({ classes: 3, inputShape: [13, 9, 1] });
    expect(model.build([13, 9, 1], 1)).toEqual([3]);
    expect(model.call(zeros([2, 13, 9, 1]), predicting).shape).toEqual([2, 3]);
  });

  test('learns sixteen images by heart, and knows them at prediction time', async () => {
    use(await cpu());
    const model = resnet20({ inputShape: [8, 8, 3] });
    model.build([8, 8, 3], 3);
    const count = 16;
    const x = tensor(Float32Array.from(values(count * 8 * 8 * 3, 1)), { shape: [count, 8, 8, 3] });
    const labels = Int32Array.from({ length: count }, (_, i) => i % 10);
    const target = tensor(labels, { shape: [count] });
    const cells = parametersOf(model).map(({ cell }) => cell);
    const rightOf = (logits: Tensor): number =>
      scope(() => argMax(logits, { axis: 1 }).dataSync()).filter((label, i) => label === labels[i]).length; // prettier-ignore
    let memoryUsed: number | undefined;
    let steps = 0;
    for (let right = 0; right < count && steps < 40; steps++) {
      const context = new Context({ training: true });
      right = scope(() => {
        const { value, gradients } = valueAndGrad((): [Tensor, Tensor] => {
          const logits = model.call(x, context);
          return [softmaxCrossEntropy(logits, target), logits];
        }, cells);
        cells.forEach((cell, i) => cell.assign(cell.value.sub(gradients[i]!.mul(0.1))));
        return rightOf(value[1]);
      });
      context.commit();
      memoryUsed ??= memory().bytes;
      expect(memory().bytes).toBe(memoryUsed);
    }
    expect(steps).toBeLessThan(40); // takes about 15
    for (let i = 0; i < 30; i++) {
      const context = new Context({ training: true }); // moves the running averages towards the batch's statistics
      scope(() => void model.call(x, context));
      context.commit();
    }
    expect(scope(() => rightOf(model.call(x, predicting)))).toBeGreaterThanOrEqual(count - 1);
  });
});

describe('ResNet-50', () => {
  test.each([
    ['v1', 3_857_973_248], // "3.8 · 10^9" in table 1 of the paper
    ['v1.5', 4_089_184_256], // torchvision: 4.09 billion
  ])('%s has 25,557,032 parameters and %d multiply-accumulate operations', (variant, macs) => {
    const found = summaryOf('resnet50', { variant });
    expect(found).toMatchObject({ trainable: 25_557_032, nonTrainable: 53_120, macs, outputShape: [1000] });
    expect(found.layers.filter(({ parameters, path }) => parameters > 0 && !path.endsWith('shortcut'))).toHaveLength(50);
    expect(
      ['conv1', 'pool1', 'conv2_3/conv3', 'conv3_4/conv3', 'conv4_6/conv3', 'conv5_3/conv3', 'pool'].map((path) => sizes(found, path)),
    ).toEqual([[112, 112, 64], [56, 56, 64], [56, 56, 256], [28, 28, 512], [14, 14, 1024], [7, 7, 2048], [2048]]);
    expect(sizes(found, 'conv3_1/conv1')).toEqual(variant === 'v1' ? [28, 28, 128] : [56, 56, 128]);
  });

  test.each([
    ['resnet18', [64, 128, 256, 512], 512],
    ['resnet50', [256, 512, 1024, 2048], 2048],
  ])('v2 of %s normalises before its convolutions, and has as many of them', (name, channels, last) => {
    const first = summaryOf(name);
    const found = summaryOf(name, { variant: 'v2' });
    expect([found.macs, found.outputShape]).toEqual([first.macs, [1000]]);
    // Projections lose their norms; those that followed the sums' last convolutions come before the blocks, and after the last one.
    const normsIn = ({ layers }: Summary): number => layers.filter(({ type }) => type === 'convNorm' || type === 'batchNorm').length;
    expect(normsIn(first) - normsIn(found)).toBe(name === 'resnet18' ? 3 : 4);
    const conv = name === 'resnet18' ? 'conv2' : 'conv3';
    expect(channels.map((_, i) => sizes(found, `conv${i + 2}_2/${conv}`)?.[2])).toEqual(channels);
    expect(sizes(found, 'norm')).toEqual([7, 7, last]);
  });

  test('a block of v2 gives x + conv2(relu(norm2(conv1(relu(norm(x))))))', () => {
    use(reference({ precision: 'float64' }));
    const block = preactivationBlock({ inner: 4, filters: 4, strides: 1 }, false, false);
    block.build([5, 5, 4], 1);
    assignValues(block);
    const x = tensor(values(5 * 5 * 4, 7), { shape: [1, 5, 5, 4] });
    const cells = new Map(walk(block).map(({ path, cell }) => [path, cell.value]));
    const of = (name: string): Tensor => cells.get(name)!;
    const normalized = (y: Tensor, prefix: string): Tensor => {
      const centred = y.sub(of(`${prefix}/mean`)).div(sqrt(of(`${prefix}/variance`).add(1e-5)));
      return relu(centred.mul(of(`${prefix}/scale`)).add(of(`${prefix}/offset`)));
    };
    const inner = conv2d(normalized(x, 'norm'), of('conv1/kernel'), { padding: 1 });
    const expected = x.add(conv2d(normalized(inner, 'conv1'), of('conv2/kernel'), { padding: 1 }));
    expectClose(block.call(x, predicting).dataSync(), [...expected.dataSync()], 1e-12);
  });

  // 24 million weights take longer than all the rest.
  const variants = process.env['SINAPSE_TEST_TIER'] === 'full' ? (['v1', 'v1.5'] as const) : (['v1.5'] as const);

  test.each(variants)(`the predictions of %s, as recorded from ${recording.origin}`, async (variant) => {
    use(await cpu());
    const { predicted, parameters } = recording.resnet50[variant];
    const inputShape = [64, 64, 3] as const;
    const model = resnet50({ classes: 10, inputShape, variant });
    withBackend(meta(), () => void model.build(inputShape, 1)); // draws no weights
    assignValues(model);
    expect(parametersOf(model).reduce((sum, { cell }) => sum + cell.size, 0)).toBe(parameters);
    // float32 through 50 layers, against float64
    expectClose(scope(() => model.call(images(1, 64), predicting)).dataSync(), predicted.flat(), 1e-5);
  });

  test('predicts with 53 convolutions, and nothing between them but one pooling', () => {
    const model = resnet50({ classes: 2, inputShape: [32, 32, 1] });
    withBackend(meta(), () => {
      model.build([32, 32, 1], 1);
      const x = zeros([1, 32, 32, 1]);
      scope(() => void model.call(x, predicting)); // folds the normalisation into the filters
      const { entries } = profile(() => scope(() => void model.call(x, predicting)));
      expect(entries.map(({ kernel, calls }) => [kernel, calls])).toEqual([['conv2d', 53], ['maxPool2d', 1], ['reduce', 1], ['binaryScalar', 1], ['linear', 1]]); // prettier-ignore
      expect(statesOf(model)).toHaveLength(106);
    });
  });
});
