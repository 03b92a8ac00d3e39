import { describe, expect, it } from 'vitest';
import type { Backend } from '@sinapse/core';
import {
  bool,
  DOUBLE,
  expectClose,
  float,
  inBothPrecisions,
  parse,
  readFixture,
  run,
  type Tolerance,
  type Values,
} from '../test/harness.ts';

interface Recorded {
  readonly origin: string;
  readonly start: string;
  readonly gradients: readonly string[];
  readonly runs: readonly {
    readonly name: string;
    readonly kernel: 'sgdStep' | 'adamStep';
    readonly options: {
      readonly lr: number;
      readonly weight_decay?: number;
      readonly momentum?: number;
      readonly nesterov?: boolean;
      readonly betas?: readonly [number, number];
      readonly eps?: number;
      readonly amsgrad?: boolean;
    };
    readonly after: readonly string[];
  }[];
}

type Result = Readonly<Record<string, readonly Values[]>>;

/** One step of a recorded run; the gradient is given at half its size and scaled up again. */
function step(backend: Backend, { kernel, name, options }: Recorded['runs'][number], state: Result, gradient: Values, t: number): Result {
  const grad = [{ ...gradient, data: gradient.data.map((value) => value / 2) }];
  const { lr, weight_decay = 0, momentum = 0, nesterov = false, betas = [0, 0], eps = 0 } = options;
  const gradientScale: Values = { ...gradient, shape: [], data: [2] };
  const scalars = { learningRate: lr, weightDecay: weight_decay };
  if (kernel === 'sgdStep') {
    const out = { param: state['param'], velocity: state['velocity'] ?? [] };
    return run(backend, kernel, {
      in: { ...state, grad, gradientScale },
      out,
      attrs: { nesterov },
      scalars: { ...scalars, momentum },
    }) as Result;
  }
  const [beta1, beta2] = betas;
  const adam = { ...scalars, beta1, beta2, epsilon: eps, correction1: 1 - beta1 ** t, correction2: 1 - beta2 ** t };
  const out = { param: state['param'], m: state['m'], v: state['v'], maxV: state['maxV'] ?? [] };
  return run(backend, kernel, {
    in: { ...state, grad, gradientScale },
    out,
    attrs: { decoupled: name === 'AdamW' },
    scalars: adam,
  }) as Result;
}

const recorded = readFixture('optimizers') as Recorded;

describe(`as recorded by ${recorded.origin}`, () => {
  inBothPrecisions((backend, precision) => {
    // float32: the state is rounded after every one of the five steps, and Adam divides by a root of it.
    const tolerance: Tolerance = precision === 'float64' ? DOUBLE : { relative: 2e-6, absolute: 2e-6 };

    it.each(recorded.runs.map((each) => [each.name, each] as const))('%s', (_, each) => {
      const start = parse(recorded.start);
      const zeros = [{ ...start, data: start.data.map(() => 0) }];
      let state: Result = { param: [start] };
      if (each.options.momentum !== undefined) state = { ...state, velocity: zeros };
      if (each.kernel === 'adamStep') state = { ...state, m: zeros, v: zeros };
      if (each.options.amsgrad) state = { ...state, maxV: zeros };
      recorded.gradients.forEach((gradient, i) => {
        const result = step(backend, each, state, parse(gradient), i + 1);
        expectClose(result['param'][0].data, parse(each.after[i]).data, tolerance, `step ${i + 1}`);
        state = Object.fromEntries(Object.entries(result).filter(([, list]) => list.length > 0));
      });
    });
  });
});

inBothPrecisions((backend) => {
  const param = [float([2], [1, 2]), float([1], [3])];
  const velocity = [float([2], [4, 5]), float([1], [6])];
  const grad = [float([2], [NaN, Infinity]), float([1], [1])];
  const scalars = { learningRate: 0.5, weightDecay: 0, momentum: 0.5 };
  const adam = { ...scalars, beta1: 0.5, beta2: 0.5, epsilon: 0, correction1: 1, correction2: 1 };

  it('leaves everything as it was when skip is true', () => {
    const skip = bool([], [1]);
    expect(
      run(backend, 'sgdStep', { in: { param, grad, velocity, skip }, out: { param, velocity }, attrs: { nesterov: false }, scalars }),
    ).toEqual({
      param,
      velocity,
    });
    const state = { param, m: velocity, v: velocity, maxV: velocity };
    expect(run(backend, 'adamStep', { in: { ...state, grad, skip }, out: state, attrs: { decoupled: false }, scalars: adam })).toEqual(
      state,
    );
  });

  it('steps when skip is false, every parameter of the list', () => {
    const call = { in: { param, grad: param, skip: bool([], [0]) }, out: { param, velocity: [] }, attrs: { nesterov: false }, scalars };
    expect(run(backend, 'sgdStep', call)['param']).toEqual([float([2], [0.5, 1]), float([1], [1.5])]);
  });
});
