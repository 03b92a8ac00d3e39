import type { Backend, Optimizer, Tensor } from '@sinapse/core';
import { Parameter, memory, profile, scope, tensor, use, valueAndGrad } from '@sinapse/core';
import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { adam, adamW } from './adam.ts';
import { sgd } from './sgd.ts';

let wasm: Backend;
beforeAll(async () => {
  wasm = await cpu({ engine: 'wasm', threads: 1 });
});
afterAll(() => wasm.close());

beforeEach(() => void use(reference({ poison: true })));

const makers = {
  'sgd': () => sgd({ learningRate: 0.1 }),
  'sgd with momentum': () => sgd({ learningRate: 0.1, momentum: 0.9 }),
  'adam': () => adam({ learningRate: 0.1 }),
  'adam with amsgrad': () => adam({ learningRate: 0.1, amsgrad: true }),
  'adamW': () => adamW({ learningRate: 0.1 }),
}; // prettier-ignore
const each = Object.entries(makers);

const parametersOfTwo = () => scope(() => [new Parameter(tensor([1, 2, 3])), new Parameter(tensor([[4], [5]]))]);
const gradientsOfTwo = (scale = 1) => [tensor([0.5 * scale, -1, 2]), tensor([[1 * scale], [-0.25]])];
const valuesOf = (parameters: readonly Parameter[]) => parameters.map(({ tensor: held }) => [...held.dataSync()]);
const step = (optimizer: Optimizer, parameters: readonly Parameter[], scale = 1) =>
  scope(() => optimizer.step(parameters, gradientsOfTwo(scale)));

describe.each(each)('%s', (_, make) => {
  test('updates all parameters with one kernel call, in place', () => {
    use(wasm); // not the reference, which runs the formula op by op
    const optimizer = make();
    const parameters = parametersOfTwo();
    step(optimizer, parameters);
    const storages = parameters.map((parameter) => parameter.tensor.storage);
    const before = valuesOf(parameters);
    const { entries } = profile(() => scope(() => optimizer.step(parameters, gradientsOfTwo())));
    expect(entries.map(({ kernel, calls }) => [kernel, calls])).toEqual([['elementwise', 1]]);
    expect(parameters.map((parameter) => parameter.tensor.storage)).toEqual(storages);
    parameters.forEach((parameter, i) => expect(parameter.tensor.storage).toBe(storages[i]));
    expect(valuesOf(parameters)).not.toEqual(before);
  });

  test('a snapshot stays what it was', () => {
    const optimizer = make();
    const parameters = parametersOfTwo();
    const best = parameters[0]!.value;
    step(optimizer, parameters);
    step(optimizer, parameters);
    expect([...best.dataSync()]).toEqual([1, 2, 3]);
    expect(valuesOf(parameters)[0]).not.toEqual([1, 2, 3]);
  });

  test('memory does not move over a thousand steps', () => {
    const optimizer = make();
    const parameters = parametersOfTwo();
    step(optimizer, parameters);
    const before = memory();
    for (let i = 0; i < 1000; i++) step(optimizer, parameters);
    expect(memory()).toEqual(before);
  });

  test('a step that is skipped leaves parameters and slots as they are', () => {
    const optimizer = make();
    const parameters = parametersOfTwo();
    step(optimizer, parameters);
    const slotValues = () => Object.values(optimizer.state().slots).map((list) => list.map((slot) => [...slot.dataSync()]));
    const before = { parameters: valuesOf(parameters), slots: slotValues() };
    const infinite = () => [tensor([NaN, Infinity, 1]), tensor([[1], [1]])];
    optimizer.step(parameters, infinite(), { skip: tensor([true]).reshape([]) });
    expect({ parameters: valuesOf(parameters), slots: slotValues() }).toEqual(before);
    optimizer.step(parameters, gradientsOfTwo(), { skip: tensor([false]).reshape([]) });
    expect(valuesOf(parameters)).not.toEqual(before.parameters);
  });

  test('goes on from a saved state bit for bit', () => {
    const first = make();
    const parameters = parametersOfTwo();
    for (let i = 0; i < 5; i++) step(first, parameters, i);
    const saved = first.state();
    const twins = scope(() =>
      parameters.map((parameter) => new Parameter(tensor(parameter.tensor.dataSync(), { shape: parameter.shape }))),
    );
    for (let i = 5; i < 9; i++) step(first, parameters, i);
    expect(saved.step).toBe(5);

    const second = make();
    second.restore(saved);
    for (const slot of Object.values(saved.slots).flat()) slot.dispose();
    for (let i = 5; i < 9; i++) step(second, twins, i);
    expect(valuesOf(twins)).toEqual(valuesOf(parameters));
    expect(second.state().step).toBe(9);
  });

  test('a state of before the first step is one to begin with', () => {
    const fresh = make();
    fresh.restore(make().state());
    const [one, two] = [parametersOfTwo(), parametersOfTwo()];
    step(fresh, one);
    step(make(), two);
    expect(valuesOf(one)).toEqual(valuesOf(two));
  });

  test('leaves parameters alone that are not trainable', () => {
    const optimizer = make();
    const parameters = parametersOfTwo();
    parameters[0]!.trainable = false;
    step(optimizer, parameters);
    expect(valuesOf(parameters)[0]).toEqual([1, 2, 3]);
    expect(valuesOf(parameters)[1]).not.toEqual([4, 5]);
    parameters[0]!.trainable = true;
    step(optimizer, parameters);
    expect(valuesOf(parameters)[0]).not.toEqual([1, 2, 3]);
    for (const parameter of parameters) parameter.trainable = false;
    step(optimizer, parameters);
  });
});

describe('weight decay', () => {
  test('applies to the parameters that are chosen', () => {
    const decayed = (options: object) => {
      const parameters = parametersOfTwo();
      adamW({ learningRate: 0.1, weightDecay: 0.5, ...options }).step(parameters, [tensor([0, 0, 0]), tensor([[0], [0]])]);
      return valuesOf(parameters).map((values) => values.map((value) => Number(value.toFixed(5))));
    };
    expect(decayed({})).toEqual([
      [0.95, 1.9, 2.85],
      [3.8, 4.75],
    ]);
    expect(decayed({ decay: (parameter: Parameter) => parameter.shape.length >= 2 })).toEqual([
      [1, 2, 3],
      [3.8, 4.75],
    ]);
  });
});

describe('clipping', () => {
  const moved = (options: object, gradients: () => Tensor[]) => {
    const parameters = [new Parameter(tensor([0, 0])), new Parameter(tensor([0]))];
    sgd({ learningRate: 1, ...options }).step(parameters, gradients());
    return valuesOf(parameters)
      .flat()
      .map((value) => -value);
  };
  const gradients = () => [tensor([3, -4]), tensor([12])]; // their norm is 13

  test('by the norm of all gradients', () => {
    expect(moved({ clipNorm: 1.3 }, gradients)).toEqual([0.3, -0.4, 1.2].map((value) => expect.closeTo(value, 6) as number));
    expect(moved({ clipNorm: 14 }, gradients)).toEqual([3, -4, 12]);
    expect(moved({ clipNorm: 1 }, () => [tensor([0, 0]), tensor([0])])).toEqual([-0, -0, -0].map(() => expect.closeTo(0) as number));
  });

  test('the norm scales gradients inside the step: none of them is multiplied beforehand', () => {
    use(wasm);
    const { entries } = profile(() => moved({ clipNorm: 1.3 }, gradients));
    const callsOf = (name: string): number | undefined => entries.find(({ kernel }) => kernel === name)?.calls;
    expect([callsOf('norm'), callsOf('binary'), callsOf('elementwise')]).toEqual([3, undefined, 1]); // of two gradients, and of their norms
  });

  test('by value, before the norm', () => {
    expect(moved({ clipValue: 3.5 }, gradients)).toEqual([3, -3.5, 3.5]);
    const norm = Math.hypot(3, 3.5, 3.5);
    expect(moved({ clipValue: 3.5, clipNorm: 1 }, gradients)).toEqual(
      [3, -3.5, 3.5].map((value) => expect.closeTo(value / norm, 6) as number),
    );
  });
});

describe('learning rates', () => {
  test('a schedule is asked with the number of steps already made, also after a restore', () => {
    const asked: number[] = [];
    const optimizer = sgd({ learningRate: (at) => (asked.push(at), 1 / (at + 1)) });
    const parameter = new Parameter(tensor([0]));
    for (let i = 0; i < 3; i++) optimizer.step([parameter], [tensor([1])]);
    expect(parameter.tensor.dataSync()[0]).toBeCloseTo(-(1 + 1 / 2 + 1 / 3), 6);
    optimizer.restore({ step: 10, slots: {} });
    optimizer.step([parameter], [tensor([1])]);
    expect(asked).toEqual([0, 1, 2, 10]);
  });

  test('a schedule that gives nonsense is named, and nothing is changed', () => {
    const optimizer = sgd({ learningRate: () => NaN });
    const parameter = new Parameter(tensor([1]));
    expect(() => optimizer.step([parameter], [tensor([1])])).toThrow(
      'sgd: learningRate: the schedule gave NaN at step 0; it must be finite and >= 0',
    );
    expect([...parameter.tensor.dataSync()]).toEqual([1]);
  });
});

describe('training', () => {
  test.each([
    ['sgd', () => sgd({ learningRate: 0.1 }), 200],
    ['momentum', () => sgd({ learningRate: 0.05, momentum: 0.8 }), 200],
    ['nesterov', () => sgd({ learningRate: 0.05, momentum: 0.8, nesterov: true }), 200],
    ['adam', () => adam({ learningRate: 0.1 }), 400],
    ['adamW', () => adamW({ learningRate: 0.1, weightDecay: 0 }), 400],
  ])('%s finds the minimum of a quadratic', (_, make, steps) => {
    const parameter = new Parameter(tensor([5, -3]));
    const optimizer = make();
    for (let i = 0; i < steps; i++) {
      scope(() => {
        const f = () =>
          parameter.value
            .sub(tensor([1, 2]))
            .square()
            .mul(tensor([1, 4]))
            .sum();
        optimizer.step([parameter], valueAndGrad(f, [parameter]).gradients);
      });
    }
    const [x, y] = parameter.tensor.dataSync();
    expect(x).toBeCloseTo(1, 3);
    expect(y).toBeCloseTo(2, 3);
  });

  test("adam follows Rosenbrock's valley to its minimum at (1, 1)", () => {
    const [x, y] = [new Parameter(tensor([-1.2])), new Parameter(tensor([1]))];
    const optimizer = adam({ learningRate: 0.02 });
    const rosenbrock = () => x.value.sub(1).square().add(y.value.sub(x.value.square()).square().mul(100)).sum();
    for (let i = 0; i < 4000; i++) scope(() => optimizer.step([x, y], valueAndGrad(rosenbrock, [x, y]).gradients));
    expect(x.tensor.dataSync()[0]).toBeCloseTo(1, 2);
    expect(y.tensor.dataSync()[0]).toBeCloseTo(1, 2);
  });
});

describe('refuses', () => {
  test('lists that do not fit', () => {
    const optimizer = adam();
    const parameters = parametersOfTwo();
    expect(() => optimizer.step(parameters, [tensor([1, 2, 3])])).toThrow('adam: 2 parameters, but 1 gradients');
    expect(() => optimizer.step(parameters, [tensor([1, 2, 3]), tensor([1, 2])])).toThrow('adam: parameter 1 is [2,1], its gradient [2]');
    step(optimizer, parameters);
    expect(() => optimizer.step(parameters.slice(0, 1), [tensor([1, 2, 3])])).toThrow('adam: 1 parameters, but 2 in the steps before');
    const other = parameters.map(() => new Parameter(tensor([[1, 2]])));
    expect(() => optimizer.step(other, other.map(() => tensor([[1, 2]])))).toThrow(/^adam: parameter 0 is \[1,2\], but \[\d+\] in the steps before; make another optimizer for another model$/); // prettier-ignore
    expect(valuesOf(parameters)[1]).not.toEqual([4, 5]);
  });

  test('one parameter given twice', () => {
    const [parameter] = parametersOfTwo();
    const gradient = tensor([1, 1, 1]);
    expect(() => sgd().step([parameter!, parameter!], [gradient, gradient])).toThrow(
      'sgd: a parameter is given twice; add its gradients up',
    );
  });

  test('states of another optimizer', () => {
    const parameters = parametersOfTwo();
    const momentum = sgd({ momentum: 0.9 });
    step(momentum, parameters);
    expect(() => adam().restore(momentum.state())).toThrow('adam: the state has other slots: expected m, v, got velocity');
    expect(() => sgd().restore(momentum.state())).toThrow('sgd: the state has other slots: expected none, got velocity');
    expect(() => sgd().restore({ step: -1, slots: {} })).toThrow("sgd: the state's step: expected an integer >= 0, got -1");
    expect(() => adam().restore({ step: 3, slots: { m: [], v: [] } })).toThrow('adam: the state is incomplete: its slots hold 0 tensors');
    expect(() => adam().restore({ step: 3, slots: { m: [tensor([1])], v: [] } })).toThrow(
      'adam: the state is incomplete: its slots hold 1 and 0 tensors',
    );
    const other = adam();
    other.restore({ step: 1, slots: { m: [tensor([1])], v: [tensor([1])] } });
    expect(() => step(other, parameters)).toThrow('adam: 2 parameters, but 1 in the steps before');
  });
});
