import type { Tensor } from '@sinapse/core';
import {
  Context,
  State,
  memory,
  meta,
  parametersOf,
  profile,
  randomNormal,
  scope,
  statesOf,
  use,
  valueAndGrad,
  walk,
  withBackend,
  zeros,
} from '@sinapse/core';
import { fusedReference } from '@sinapse/backend-reference/fused';
import { beforeEach, describe, expect, test } from 'vitest';
import { batchNorm } from './batch-norm.ts';
import { conv2d } from './conv2d.ts';
import { convNorm } from './conv-norm.ts';
import { normal } from './initializers/distributions.ts';
import { sequential } from './sequential.ts';
import { summary } from './summary.ts';

beforeEach(() => void use(fusedReference({ precision: 'float64', poison: true })));

const options = { filters: 4, kernelSize: 3, padding: 'same', kernelInitializer: normal({ deviation: 0.5 }) } as const;
const predicting = new Context();

/** Changes all values, as a few steps of training would. */
function disturb(model: object): void {
  scope(() =>
    walk(model).forEach(({ cell, path }) => {
      const noise = randomNormal(cell.shape, { seed: 7 }).mul(0.3);
      cell.assign(path.endsWith('variance') ? noise.square().add(0.5) : cell.value.add(noise));
    }),
  );
}

function expectClose(actual: Tensor, expected: Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  expect([...actual.dataSync()]).toEqual([...expected.dataSync()].map((value) => expect.closeTo(value, 10)));
}

describe('convNorm', () => {
  test.each([
    [{ activation: 'relu' }, 'a fused activation'],
    [{ activation: 'gelu', useBias: true, strides: 2 }, 'a bias and another activation'],
    [{ groups: 2, epsilon: 0.1 }, 'groups'],
  ] as const)('%j: what convolution and normalisation give one after another (%s)', (more, _) => {
    const { activation, epsilon, ...rest } = { activation: 'linear' as const, epsilon: 1e-5, ...more };
    const fused = convNorm({ ...options, ...more });
    const apart = sequential([conv2d({ useBias: false, ...options, ...rest }), batchNorm({ epsilon, activation })]);
    for (const layer of [fused, apart]) expect(layer.build([6, 5, 2], 3)).toEqual('strides' in more ? [3, 3, 4] : [6, 5, 4]);
    const values = walk(fused);
    scope(() => walk(apart).forEach(({ cell }, i) => cell.assign(values[i]!.cell.value)));
    for (const layer of [fused, apart]) disturb(layer);
    const x = randomNormal([3, 6, 5, 2], { seed: 1 });
    for (const training of [false, true, false]) {
      const contexts = [fused, apart].map(() => new Context({ training }));
      expectClose(fused.call(x, contexts[0]), apart.call(x, contexts[1]));
      for (const context of contexts) context.commit();
    }
    expect(statesOf(fused).map(({ cell }) => [...cell.tensor.dataSync()])).toEqual(
      statesOf(apart).map(({ cell }) => [...cell.tensor.dataSync()].map((value) => expect.closeTo(value, 10))),
    );
  });

  test('predicts with one convolution, and folds once', () => {
    const layer = convNorm({ ...options, activation: 'relu' });
    layer.build([6, 6, 2], 1);
    const x = randomNormal([1, 6, 6, 2], { seed: 1 });
    const kernels = (): string[] => profile(() => scope(() => void layer.call(x, predicting))).entries.map(({ kernel }) => kernel);
    expect(kernels()).toContain('unary');
    const before = memory();
    expect(kernels()).toEqual(['conv2d']);
    expect(kernels()).toEqual(['conv2d']);
    expect(memory()).toEqual(before);
  });

  test('the folded filter stays one storage and version between calls, for what a backend caches about it', () => {
    const filters: { storage: unknown; version: number }[] = [];
    const right = fusedReference();
    const watching = Object.assign(Object.create(right) as typeof right, {
      kernels: {
        ...right.kernels,
        conv2d: (call: Parameters<NonNullable<typeof right.kernels.conv2d>>[0]) => {
          filters.push({ storage: call.in.filter.storage, version: call.in.filter.storage.version });
          right.kernels.conv2d!(call);
        },
      },
    });
    use(watching);
    const layer = convNorm(options);
    layer.build([6, 6, 2], 1);
    filters.length = 0;
    for (let i = 0; i < 3; i++) scope(() => void layer.call(zeros([1, 6, 6, 2]), predicting));
    expect(filters).toHaveLength(3);
    expect(filters[1]).toEqual(filters[0]);
    expect(filters[1]!.storage).toBe(filters[0]!.storage);
    expect(filters[2]!.storage).toBe(filters[0]!.storage);
  });

  test('a parameter or a running average that changes is seen, whichever it is', () => {
    const layer = convNorm({ ...options, useBias: true });
    layer.build([4, 4, 2], 1);
    const x = randomNormal([1, 4, 4, 2], { seed: 1 });
    const predict = (): number[] => scope(() => [...layer.call(x, predicting).dataSync()]);
    for (const { cell } of walk(layer)) {
      const before = predict();
      scope(() => cell.assign(cell.value.add(1)));
      expect(predict()).not.toEqual(before);
      scope(() => cell.assign(cell.value.sub(1)));
      expect(predict()).toEqual(before.map((value) => expect.closeTo(value, 10)));
    }
    expect(walk(layer).filter(({ cell }) => cell instanceof State)).toHaveLength(2);
  });

  test('a training step gives the folded filter back', () => {
    const layer = convNorm(options);
    layer.build([4, 4, 2], 1);
    const x = zeros([2, 4, 4, 2]);
    const live = (): number => memory().backend.liveBytes;
    const before = live();
    scope(() => void layer.call(x, predicting));
    expect(live() - before).toBe(4 * (3 * 3 * 2 * 4 + 4));
    const context = new Context({ training: true });
    scope(() => void layer.call(x, context));
    context.discard();
    expect(live()).toBe(before);
  });

  test('a summary sees one layer with all its values, and leaves the folded filter alone', () => {
    const model = sequential([['stem', convNorm({ ...options, activation: 'relu' })]]);
    model.build([6, 6, 2], 1);
    scope(() => void model.call(zeros([1, 6, 6, 2]), predicting));
    const before = memory();
    const { layers, trainable, nonTrainable } = summary(model, [6, 6, 2]);
    expect(layers).toEqual([{ path: 'stem', type: 'convNorm', outputShape: [6, 6, 4], parameters: 72 + 16, macs: 36 * 72 }]);
    expect([trainable, nonTrainable]).toEqual([72 + 8, 8]);
    expect(memory()).toEqual(before);
    expect(profile(() => scope(() => void model.call(zeros([1, 6, 6, 2]), predicting))).entries.map(({ kernel }) => kernel)).toEqual([
      'fill',
      'conv2d',
    ]);
    expect(parametersOf(model).map(({ path }) => path)).toEqual(['stem/kernel', 'stem/scale', 'stem/offset']);
    withBackend(meta(), () => expect(sequential([convNorm(options)]).build([6, 6, 2], 1)).toEqual([6, 6, 4]));
  });

  test('frozen, it is trained through the folded filter', () => {
    const layer = convNorm({ ...options, activation: 'tanh' });
    layer.build([4, 4, 2], 1);
    disturb(layer);
    layer.norm.frozen = true;
    const apart = sequential([conv2d({ ...options, useBias: false }), batchNorm({ activation: 'tanh' })]);
    apart.build([4, 4, 2], 1);
    scope(() => walk(apart).forEach(({ cell }, i) => cell.assign(walk(layer)[i]!.cell.value)));
    const x = randomNormal([2, 4, 4, 2], { seed: 1 });
    const gradients = [
      valueAndGrad(() => layer.call(x, new Context({ training: true })).sum(), parametersOf(layer).map(({ cell }) => cell)),
      valueAndGrad(() => apart.call(x, predicting).sum(), parametersOf(apart).map(({ cell }) => cell)),
    ] as const; // prettier-ignore
    gradients[0].gradients.forEach((gradient, i) => expectClose(gradient, gradients[1].gradients[i]!));
  });

  test('refuses what its parts refuse', () => {
    expect(() => convNorm({ ...options, filters: 0 })).toThrow('convNorm: filters: expected an integer >= 1, got 0');
    expect(() => convNorm({ ...options, momentum: -1 })).toThrow('convNorm: momentum');
    expect(() => convNorm(options).call(zeros([1, 4, 4, 2]), predicting)).toThrow('has no parameters yet; build the model first');
    const model = sequential([['stem', convNorm(options)]]);
    model.build([4, 4, 2], 1);
    expect(() => model.call(zeros([1, 4, 4, 3]), predicting)).toThrow('stem: conv2d: filter expects 2 input channels');
  });
});
