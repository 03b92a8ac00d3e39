import { double } from '@sinapse/backend-testkit';
import { reference } from '@sinapse/backend-reference';
import type { Tensor } from '@sinapse/core';
import { Context, randomUniform, scope, tensor, use, valueAndGrad, vmap, withBackend } from '@sinapse/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { dense } from './dense.ts';
import { embedding } from './embedding.ts';
import { flatten } from './flatten.ts';
import { sequential } from './sequential.ts';

beforeEach(() => void use(reference()));

const ids = (...values: number[]) => tensor(values, { dtype: 'int32' }).reshape([1, values.length]);

describe('embedding', () => {
  test('gives each id its row of the table; a gradient adds up where ids are equal', () => {
    const layer = embedding({ inputDim: 3, outputDim: 2 });
    expect(layer.build([4])).toEqual([4, 2]);
    layer.embeddings!.assign(tensor([[1, 2], [3, 4], [5, 6]])); // prettier-ignore
    expect([...layer.call(ids(2, 0, 2, 1)).dataSync()]).toEqual([5, 6, 1, 2, 5, 6, 3, 4]);
    scope(() => {
      const { gradients } = valueAndGrad(() => layer.call(ids(2, 0, 2, 2)).sum(), [layer.embeddings!]);
      expect([...gradients[0]!.dataSync()]).toEqual([1, 1, 0, 0, 3, 3]);
    });
  });

  test('takes ids of other dtypes', () => {
    const layer = embedding({ inputDim: 3, outputDim: 1, embeddingsInitializer: () => Float32Array.of(7, 8, 9) });
    layer.build([2]);
    for (const dtype of ['uint8', 'float32'] as const)
      expect([...layer.call(tensor([2, 1], { dtype }).reshape([1, 2])).dataSync()]).toEqual([9, 8]);
  });

  test.each([0.5, NaN, 1.75, -1, 3])('refuses the id %d', (id) => {
    const layer = embedding({ inputDim: 3, outputDim: 1 });
    layer.build([2]);
    expect(() => layer.call(tensor([[1, id]]))).toThrow(
      `embedding: id ${id} in example 0 of [1,2] is not in the table of 3: ids are 0 to 2`,
    );
  });

  test('computes inside vmap', () => {
    const layer = embedding({ inputDim: 3, outputDim: 1, embeddingsInitializer: () => Float32Array.of(7, 8, 9) });
    layer.build([2]);
    const each = vmap((row: Tensor) => layer.call(row.reshape([1, 2])));
    expect([...each(tensor([[2, 0], [1, 1]], { dtype: 'int32' })).dataSync()]).toEqual([9, 7, 8, 8]); // prettier-ignore
  });

  test('its default table is uniform from -0.05 to 0.05', () => {
    const layer = embedding({ inputDim: 100, outputDim: 50 });
    layer.build([1], 3);
    const values = [...layer.embeddings!.value.dataSync()];
    expect(Math.max(...values)).toBeLessThan(0.05);
    expect(Math.max(...values)).toBeGreaterThan(0.0495);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.0500001);
  });

  test('an id that is not in the table is named, with where it stands and the path of the layer', () => {
    const model = sequential([['words', embedding({ inputDim: 5, outputDim: 2 })], flatten(), dense({ units: 1 })]);
    model.build([2]);
    const x = tensor([[0, 1], [4, 5], [-1, 2]], { dtype: 'int32' }); // prettier-ignore
    expect(() => model.call(x)).toThrow('words: embedding: id 5 in example 1 of [3,2] is not in the table of 5: ids are 0 to 4');
    expect(() => model.call(x.slice([2]).reshape([1, 2]))).toThrow('words: embedding: id -1 in example 0 of [1,2]');
  });

  test('a device that answers late is not waited for: the vector of such an id is NaN', async () => {
    const late = double();
    const y = withBackend(late, () => {
      const layer = embedding({ inputDim: 2, outputDim: 1, embeddingsInitializer: () => Float32Array.of(7, 8) });
      layer.build([2]);
      return layer.call(ids(1, 2));
    });
    expect([...(await y.data())]).toEqual([8, NaN]);
  });

  test('penalties and constraints are those of the table', () => {
    const layer = embedding({
      inputDim: 2,
      outputDim: 2,
      embeddingsRegularizer: { l2: 1 },
      embeddingsConstraint: { name: 'unitNorm', axis: 1 },
    });
    layer.build([1]);
    layer.embeddings!.assign(tensor([[3, 4], [0, 2]])); // prettier-ignore
    expect(layer.embeddings!.penalty!(layer.embeddings!.value).dataSync()[0]).toBe(29);
    const scaled = layer.embeddings!.constraint!(layer.embeddings!.value).dataSync();
    [0.6, 0.8, 0, 1].forEach((value, i) => expect(scaled[i]).toBeCloseTo(value, 6));
  });

  test('options that cannot be', () => {
    expect(() => embedding({ inputDim: 3 } as never)).toThrow('embedding: outputDim');
    expect(() => embedding({ inputDim: 0, outputDim: 1 })).toThrow('embedding: inputDim: expected an integer >= 1, got 0');
    expect(() => embedding({ inputDim: 1, outputDim: 1, embeddingInitializer: () => 0 } as never)).toThrow(
      'embedding: embeddingInitializer is no option; did you mean embeddingsInitializer?',
    );
    expect(() => embedding({ inputDim: 1, outputDim: 1 }).call(randomUniform([1, 1], { seed: 1 }), new Context())).toThrow(
      'embedding: has no parameters yet',
    );
  });
});
