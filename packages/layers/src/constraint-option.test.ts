import { reference } from '@sinapse/backend-reference';
import { constrain, tensor, use } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Constraint } from './constraint-option.ts';
import { constraintNames, resolveConstraint } from './constraint-option.ts';
import { dense } from './dense.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

/** Two units with the weights (3, 4), of norm 5, and (-0.75, 1), of norm 1.25. */
const kernel = [
  [3, -0.75],
  [4, 1],
];

function constrained(constraint: Constraint, values: number[] | number[][] = kernel): number[] {
  return [...resolveConstraint('x', constraint)!(tensor(values)).dataSync()].map((value) => Number(value.toFixed(12)));
}

describe('a constraint', () => {
  test('nonNegative', () => expect(constrained('nonNegative')).toEqual([3, 0, 4, 1]));

  test('unitNorm: of each unit, of other axes, and of nothing', () => {
    expect(constrained('unitNorm')).toEqual([0.6, -0.6, 0.8, 0.8]);
    const [first, second] = [Math.hypot(3, 0.75), Math.hypot(4, 1)];
    const rows = [3 / first, -0.75 / first, 4 / second, 1 / second].map((value) => Number(value.toFixed(12)));
    expect(constrained({ name: 'unitNorm', axis: 1 })).toEqual(rows);
    expect(constrained('unitNorm', [0, 0])).toEqual([0, 0]);
  });

  test('maxNorm: scales down what is above the limit, 2 by default', () => {
    expect(constrained('maxNorm')).toEqual([1.2, -0.75, 1.6, 1]);
    expect(constrained({ name: 'maxNorm', limit: 0.5 })).toEqual([0.3, -0.3, 0.4, 0.4]);
    expect(constrained({ name: 'maxNorm', limit: 0.5 }, [3, 4])).toEqual([0.3, 0.4]); // a vector has one norm
  });

  test("one's own", () => expect(constrained((w) => w.mul(2), [1])).toEqual([2]));

  test('is that of the layer and parameter that has it', () => {
    const layer = dense({ units: 2, kernelConstraint: 'nonNegative', biasConstraint: { name: 'maxNorm', limit: 1 } });
    layer.build([2]);
    layer.kernel!.assign(tensor(kernel));
    layer.bias!.assign(tensor([3, 4]));
    constrain([layer.kernel!, layer.bias!]);
    expect([...layer.kernel!.value.dataSync()]).toEqual([3, 0, 4, 1]);
    [0.6, 0.8].forEach((value, i) => expect(layer.bias!.value.dataSync()[i]).toBeCloseTo(value, 14));
  });

  test('that cannot be is refused in one line', () => {
    const made = (kernelConstraint: unknown) => () => dense({ units: 1, kernelConstraint: kernelConstraint as Constraint });
    expect(made('maxnorm')).toThrow('dense: kernelConstraint maxnorm is not known; did you mean maxNorm?');
    expect(made({ name: 'maxNorm', max: 2 })).toThrow('dense: kernelConstraint maxNorm: max is no option');
    expect(made({ name: 'maxNorm', limit: 0 })).toThrow('dense: kernelConstraint maxNorm: limit: expected a finite number > 0, got 0');
    expect(made({ name: 'nonNegative', limit: 1 })).toThrow('dense: kernelConstraint nonNegative: limit is no option');
    expect(made(3)).toThrow("dense: kernelConstraint: expected 'nonNegative'");
  });

  test('every name is one that can be resolved', () => {
    for (const name of constraintNames) expect(resolveConstraint('x', name)).toBeTypeOf('function');
  });
});
