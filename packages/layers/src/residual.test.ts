import type { Tensor } from '@sinapse/core';
import {
  Context,
  add,
  intercept,
  memory,
  parametersOf,
  profile,
  randomNormal,
  relu,
  scope,
  sum,
  tensor,
  use,
  valueAndGrad,
  zeros,
} from '@sinapse/core';
import { fusedReference } from '@sinapse/backend-reference/fused';
import { beforeEach, describe, expect, test } from 'vitest';
import { assignRecorded, expectCells, expectRecorded, recorded, recording } from '../test/recorded.ts';
import { conv2d } from './conv2d.ts';
import { convNorm } from './conv-norm.ts';
import { dense } from './dense.ts';
import { identityShortcut } from './identity-shortcut.ts';
import type { Layer } from './layer.ts';
import { residual } from './residual.ts';
import { sequential } from './sequential.ts';
import { summary } from './summary.ts';

beforeEach(() => void use(fusedReference({ precision: 'float64', poison: true })));

const predicting = new Context();

/** A block of two convolutions of 3 by 3, as in figure 2 of the paper. */
const basic = (filters: number, strides: number, shortcut?: Parameters<typeof residual>[1]) =>
  residual(
    [
      ['conv1', convNorm({ filters, kernelSize: 3, strides, padding: 1, activation: 'relu' })],
      ['conv2', convNorm({ filters, kernelSize: 3, padding: 1 })],
    ],
    { activation: 'relu', ...shortcut },
  );

describe('residual', () => {
  test(`a block with a projection: a training step and a prediction, as recorded from ${recording.origin}`, () => {
    const { x, before, y, dy, dx, gradients, after, evaluated } = recording.block;
    const block = basic(3, 2, { shortcut: convNorm({ filters: 3, kernelSize: 1, strides: 2 }) });
    expect(block.build([5, 4, 2], 1)).toEqual([3, 2, 3]);
    assignRecorded(block, before);
    const parameters = parametersOf(block);
    const context = new Context({ training: true });
    const cells = parameters.map(({ cell }) => cell);
    scope(() => {
      const result = valueAndGrad(
        (input) => {
          const output = block.call(input, context);
          return [sum(output.mul(recorded(dy))), output];
        },
        [recorded(x), ...cells],
      );
      expectRecorded(result.value[1], y);
      expectRecorded(result.gradients[0]!, dx);
      parameters.forEach(({ path }, i) => expectRecorded(result.gradients[i + 1]!, gradients[path]!, path));
    });
    context.commit();
    expectCells(block, after);
    expectRecorded(block.call(recorded(x), predicting), evaluated);
  });

  test('the sum and its activation are part of the kernels', () => {
    const block = basic(2, 1);
    block.build([4, 4, 2], 1);
    const x = randomNormal([2, 4, 4, 2], { seed: 1 });
    const kernels = (context: Context): string[] =>
      profile(() => scope(() => void block.call(x, context))).entries.map(({ kernel }) => kernel);
    kernels(predicting); // folds the normalisation into the filters
    expect(kernels(predicting)).toEqual(['conv2d']);
    const context = new Context({ training: true });
    expect(kernels(context).slice(0, 2)).toEqual(['conv2d', 'batchNorm']);
    expect(kernels(context)).not.toContain('biasActivation');
    context.discard();
    const plain = residual([conv2d({ filters: 2, kernelSize: 1 })], { activation: 'relu' });
    plain.build([4, 4, 2], 1);
    expect(profile(() => plain.call(x, predicting)).entries.map(({ kernel }) => kernel)).toEqual(['conv2d']);
  });

  test('any layers make a branch, with any activation', () => {
    const x = randomNormal([3, 4], { seed: 1 });
    for (const activation of ['linear', 'relu', 'swish'] as const) {
      const block = residual([dense({ units: 7, activation: 'tanh' }), ['out', dense({ units: 4 })]], { activation });
      expect(block.build([4], 1)).toEqual([4]);
      const branch = [...new Map(block.children()).values()];
      const total = add(branch.reduce((z, layer) => layer.call(z, predicting), x), x); // prettier-ignore
      const expected = activation === 'relu' ? relu(total) : activation === 'swish' ? total.mul(total.sigmoid()) : total;
      expect([...block.call(x, predicting).dataSync()]).toEqual([...expected.dataSync()].map((value) => expect.closeTo(value, 12)));
    }
    const activated = residual([conv2d({ filters: 2, kernelSize: 1, activation: 'relu' })]); // relu comes before the sum
    activated.build([1, 1, 2], 1);
    scope(() => activated.call(tensor([-3, -3]).reshape([1, 1, 1, 2]), predicting).dataSync().forEach((y) => expect(y).toBeLessThan(10))); // prettier-ignore
    activated.children().forEach(([, layer]) => parametersOf(layer)[0]!.cell.assign(zeros([1, 1, 2, 2])));
    expect([...activated.call(tensor([-3, 2]).reshape([1, 1, 1, 2]), predicting).dataSync()]).toEqual([-3, 2]);
  });

  test('lists the branch and the shortcut by name, in summaries too', () => {
    const model = sequential([['block', basic(4, 2, { shortcut: convNorm({ filters: 4, kernelSize: 1, strides: 2 }) })]]);
    model.build([6, 6, 2], 1);
    expect(parametersOf(model).filter(({ path }) => path.endsWith('kernel')).map(({ path }) => path)).toEqual(
      ['block/conv1/kernel', 'block/conv2/kernel', 'block/shortcut/kernel'],
    ); // prettier-ignore
    expect(summary(model, [6, 6, 2]).layers.map(({ path, outputShape, macs }) => [path, outputShape, macs])).toEqual([
      ['block/conv1', [3, 3, 4], 9 * 9 * 2 * 4],
      ['block/shortcut', [3, 3, 4], 9 * 2 * 4],
      ['block/conv2', [3, 3, 4], 9 * 9 * 4 * 4],
    ]);
  });

  test('repeated predictions cost no memory', () => {
    const block = basic(2, 1);
    block.build([4, 4, 2], 1);
    const x = zeros([1, 4, 4, 2]);
    scope(() => void block.call(x, predicting));
    const before = memory();
    for (let i = 0; i < 3; i++) scope(() => void block.call(x, predicting));
    expect(memory()).toEqual(before);
  });

  describe('writes the sum over its input', () => {
    const pass = (call: Layer['call']): Layer => ({ type: 'pass', build: (shape) => shape, call });
    const branch = () => [conv2d({ filters: 3, kernelSize: 1 }), conv2d({ filters: 2, kernelSize: 3, padding: 1 })];
    const block = (): Layer => residual(branch(), { activation: 'relu' });
    const image = (): Tensor => randomNormal([1, 5, 4, 2], { seed: 7 });
    /** Counts the convolutions of a call whose result took over the storage of their residual. */
    const taken = (model: Layer, x: Tensor, context = predicting): number => {
      let count = 0;
      const watched = (): unknown =>
        intercept((call, run) => {
          const { residual: added } = call.in as { residual?: Tensor };
          const storage = added?.storage;
          run();
          if (storage !== undefined && storage === (call.out as { y: Tensor }).y.storage) count++;
        }, () => model.call(x, context)); // prettier-ignore
      scope(() => void watched());
      return count;
    };

    test('where that is what the layer before it made, in models within models', () => {
      const model = sequential([conv2d({ filters: 2, kernelSize: 1 }), block(), sequential([block(), block()]), block()]);
      model.build([5, 4, 2], 1);
      const x = image();
      const before = [...x.dataSync()];
      const expected = scope(() => [...model.layers.values()].reduce((z, layer) => layer.call(z, predicting), x));
      expect(taken(model, x)).toBe(4);
      expect([...model.call(x, predicting).dataSync()]).toEqual([...expected.dataSync()]);
      expect([...x.dataSync()]).toEqual(before);
    });

    test('and over the result of its projection', () => {
      const shortcut = conv2d({ filters: 2, kernelSize: 1 });
      const model = residual([conv2d({ filters: 2, kernelSize: 3, padding: 1 })], { shortcut });
      model.build([5, 4, 2], 1);
      expect(taken(model, image())).toBe(1);
    });

    test('not where it is the caller’s, kept by a layer, or seen by an observer', () => {
      const x = image();
      const first = sequential([pass((z) => z), block()]);
      first.build([5, 4, 2], 1);
      expect(taken(first, x)).toBe(0);

      const seen: Tensor[] = [];
      const keeping = sequential([pass((z) => (seen.push(z.mul(2).keep()), seen.at(-1)!)), block()]);
      keeping.build([5, 4, 2], 1);
      expect(taken(keeping, x)).toBe(0);
      expect([...seen[0]!.dataSync()]).toEqual([...x.dataSync()].map((value) => 2 * value));

      const inputs: [number, number][] = [];
      const observe = (path: string, _: object, input: Tensor): void => {
        if (path.endsWith('residual1')) inputs.push([input.dataSync()[0]!, input.size]);
      };
      const observed = sequential([pass((z) => z.mul(2)), block()]);
      observed.build([5, 4, 2], 1);
      expect(taken(observed, x, new Context({ observe }))).toBe(0);
      expect(inputs).toEqual([[2 * x.dataSync()[0]!, 40]]);
    });

    test('not where it is kept inside the block, in its shortcut, or in a model within the model', () => {
      let saved: Tensor | undefined;
      const tap = (): Layer => pass((z) => (saved = z.keep()));
      for (const kept of [
        residual([tap(), ...branch()]),
        residual(branch(), { shortcut: tap() }),
        sequential([tap(), residual(branch())]),
      ]) {
        const model = sequential([pass((z) => z.mul(2)), kept]);
        model.build([5, 4, 2], 1);
        const x = image();
        expect(taken(model, x)).toBe(0);
        expect([...saved!.dataSync()]).toEqual([...x.dataSync()].map((value) => 2 * value));
      }
    });

    test('nor what a shortcut hands out again, where the block is called alone', () => {
      const held: { value?: Tensor } = {};
      const shortcut = pass((z) => (held.value ??= z.mul(2)));
      const model = residual(branch(), { shortcut });
      model.build([5, 4, 2], 1);
      scope(() => {
        const x = image();
        held.value = x.mul(2);
        const before = [...held.value.dataSync()];
        model.call(x, predicting);
        expect([...held.value.dataSync()]).toEqual(before);
      });
    });

    test('where gradients read it, they read what it was', () => {
      const model = sequential([conv2d({ filters: 2, kernelSize: 1 }), block(), block()]);
      model.build([5, 4, 2], 1);
      const x = image();
      const gradientsOf = (call: Layer['call']): number[][] =>
        scope(() => {
          const cells = parametersOf(model).map(({ cell }) => cell);
          const { gradients } = valueAndGrad((input) => sum(call(input, predicting).square()), [x, ...cells]);
          return gradients.map((gradient) => [...gradient.dataSync()]);
        });
      const layers = [...model.layers.values()];
      expect(gradientsOf((z, context) => model.call(z, context))).toEqual(
        gradientsOf((z, context) => layers.reduce((y, layer) => layer.call(y, context), z)),
      );
    });

    test('only the layer that was told, not one that it calls in the same context', () => {
      const context = new Context();
      const [told, other] = [block(), block()];
      scope(() => {
        const x = image();
        context.handOver(x, told);
        expect([context.isHandedOver(x, told), context.isHandedOver(x, other), context.isHandedOver(x.alias(), told)]).toEqual([
          true,
          false,
          false,
        ]);
        expect(context.child('inner').isHandedOver(x, told)).toBe(false);
      });
    });

    test('not where a layer of the caller’s uses it again', () => {
      const inner = block();
      const twice: Layer = pass((z, context) => add(inner.call(z, context), z));
      const model = sequential([pass((z) => z.mul(2)), { ...twice, build: (shape, seed) => inner.build(shape, seed) }]);
      model.build([5, 4, 2], 1);
      const x = image();
      expect(taken(model, x)).toBe(0);
      scope(() => {
        const z = x.mul(2);
        expect([...model.call(x, predicting).dataSync()]).toEqual([...add(inner.call(z, predicting), z).dataSync()]);
      });
    });
  });

  test('says where shapes do not meet', () => {
    expect(() => residual([])).toThrow('residual: expected a list of at least one layer');
    expect(() => residual([['shortcut', dense({ units: 1 })]])).toThrow('residual: shortcut is the name of what is added');
    expect(() => sequential([['block', basic(4, 2)]]).build([6, 6, 2], 1)).toThrow(
      'block: residual: the branch gives [3,3,4], the input is [6,6,2]; a shortcut must make them equal',
    );
    const shortcut = identityShortcut({ filters: 4 });
    expect(() => basic(4, 2, { shortcut }).build([6, 6, 2], 1)).toThrow('the branch gives [3,3,4], the shortcut gives [6,6,4]');
    const model = sequential([['block', basic(2, 1)]]);
    model.build([6, 6, 2], 1);
    expect(() => model.call(zeros([1, 6, 6, 3]), predicting)).toThrow('block/conv1: conv2d: filter expects 2 input channels');
  });
});

describe('identityShortcut', () => {
  test('keeps every other pixel and adds channels of zeros', () => {
    const layer = identityShortcut({ filters: 3, strides: 2 });
    expect(layer.build([3, 4, 2])).toEqual([2, 2, 3]);
    const x = tensor(Float64Array.from({ length: 24 }, (_, i) => i), { shape: [1, 3, 4, 2] }); // prettier-ignore
    expect([...layer.call(x, predicting).dataSync()]).toEqual([0, 1, 0, 4, 5, 0, 16, 17, 0, 20, 21, 0]);
    expect(parametersOf(layer)).toEqual([]);
  });

  test('of equal shapes it is the input', () => {
    const layer = identityShortcut({ filters: 2 });
    const x = zeros([1, 3, 3, 2]);
    expect(layer.call(x, predicting).storage).toBe(x.storage);
  });

  test('refuses what cannot be', () => {
    expect(() => identityShortcut({ filters: 0 })).toThrow('identityShortcut: filters: expected an integer >= 1, got 0');
    expect(() => identityShortcut({ filters: 2, strides: 0.5 })).toThrow('identityShortcut: strides: expected an integer >= 1, got 0.5');
    expect(() => identityShortcut({ filters: 2 }).build([4, 4, 3])).toThrow(
      'identityShortcut: input [1,4,4,3] has more than the 2 channels of the result',
    );
    expect(() => identityShortcut({ filters: 2 }).build([4, 4])).toThrow(
      'identityShortcut: input must be [batch, height, width, channels]',
    );
  });
});
