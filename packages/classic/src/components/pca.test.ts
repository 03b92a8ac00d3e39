// Principal components against matrices whose eigenvalues are known.

import { reference } from '@sinapse/backend-reference';
import { RandomStream, SinapseError, randomKey, randomNormal, tensor, use } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { pca } from '../index.ts';
import { leadingEigen } from './leading-eigen.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

beforeAll(() => void use(reference({ poison: true })));

test('the eigenvalues of the second difference are 2 - 2 cos(k π / (n + 1))', () => {
  const n = 12;
  const matrix = Array.from({ length: n * n }, (_, i) => {
    const distance = Math.abs(Math.floor(i / n) - (i % n));
    return distance === 0 ? 2 : distance === 1 ? -1 : 0;
  });
  const { values, vectors } = symmetricEigen(matrix, n);
  values.forEach((value, i) => expect(value).toBeCloseTo(2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)), 12));
  vectors.forEach((vector, i) => {
    expect(vector.reduce((sum, each) => sum + each * each, 0)).toBeCloseTo(1, 12);
    const image = vector.map((_, row) => vector.reduce((sum, each, column) => sum + matrix[row * n + column]! * each, 0));
    image.forEach((each, row) => expect(each).toBeCloseTo(values[i]! * vector[row]!, 12));
  });
});

test('subspace iteration: a large matrix with eigenvalues 1 / k²', async () => {
  const n = 90;
  // A reflection I - 2 u uᵀ turns diagonal entries into a full matrix with the same eigenvalues.
  const random = new RandomStream(randomKey(1));
  const u = Float64Array.from({ length: n }, () => random.normal());
  const length = Math.hypot(...u);
  const reflection = (i: number, j: number): number => Number(i === j) - (2 * u[i]! * u[j]!) / length ** 2;
  const matrix = Float32Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let entry = 0;
    for (let k = 0; k < n; k++) entry += (reflection(i, k) * reflection(j, k)) / (k + 1) ** 2;
    return entry;
  });
  const { values, vectors } = await leadingEigen(tensor(matrix, { shape: [n, n] }), 4);
  // The matrix is rounded to float32, which moves eigenvalues by its norm of rounding, below 1e-6.
  values.forEach((value, k) => expect(Math.abs(value - 1 / (k + 1) ** 2)).toBeLessThan(2e-6));
  vectors.forEach((vector, k) => {
    const along = vector.reduce((sum, each, i) => sum + each * reflection(i, k), 0);
    expect(Math.abs(along)).toBeCloseTo(1, 4);
  });
});

describe('pca', () => {
  // x = z A with orthogonal columns of A: components lie along them.
  const rows = [[3, 0], [-3, 0], [0, 1], [0, -1]].map(([a, b]) => [(3 * a! - 4 * b!) / 5 + 7, (4 * a! + 3 * b!) / 5 - 2]); // prettier-ignore

  test('directions, variances, coordinates and back', async () => {
    const model = await pca({ components: 2 }).fit(tensor(rows));
    const { directions, variances, mean } = Object.fromEntries([...model.arrays()].map(([name, each]) => [name, each.dataSync()]));
    [0.6, 0.8].forEach((each, i) => expect(directions![i]).toBeCloseTo(each, 5));
    [-0.8, 0.6].forEach((each, i) => expect(Math.abs(directions![2 + i]!)).toBeCloseTo(Math.abs(each), 5));
    [6, 2 / 3].forEach((each, i) => expect(variances![i]).toBeCloseTo(each, 4));
    [7, -2].forEach((each, i) => expect(mean![i]).toBeCloseTo(each, 5));
    const along = model.transform(tensor(rows));
    [3, -3, 0, 0].forEach((each, i) => expect(along.dataSync()[2 * i]).toBeCloseTo(each, 4));
    model.inverse(along).dataSync().forEach((each, i) => expect(each).toBeCloseTo(rows.flat()[i]!, 4)); // prettier-ignore
    expect(await model.explained()).toBeCloseTo(1, 6);
  });

  test('whitened coordinates have variance 1 and no correlation', async () => {
    const x = randomNormal([60, 4], { seed: 3 });
    const along = (await pca({ components: 3, whiten: true }).fit(x)).transform(x).dataSync();
    for (let a = 0; a < 3; a++)
      for (let b = 0; b < 3; b++) {
        let sum = 0;
        for (let i = 0; i < 60; i++) sum += along[3 * i + a]! * along[3 * i + b]!;
        expect(sum / 59).toBeCloseTo(Number(a === b), 4);
      }
    const model = await pca({ components: 3, whiten: true }).fit(x);
    expect(await model.explained()).toBeLessThan(1);
  });

  test('more components than features', async () => {
    await expect(pca({ components: 3 }).fit(tensor(rows))).rejects.toThrow('pca: 3 components need as many features, got 2');
    await expect(pca({ components: 1 }).fit(tensor([[1, 2]]))).rejects.toThrow(SinapseError);
  });
});
