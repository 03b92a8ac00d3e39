// Ops that move, copy or leave out elements, on small tensors whose results can be seen.

import { reference } from '@sinapse/backend-reference';
import { beforeAll, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { eye, linspace, ones, range, tensor, zeros } from '../tensor/creation.ts';
import { diagonal, diagonalMatrix, trace } from './diagonal.ts';
import { meshgrid } from './meshgrid.ts';
import type { PadMode } from './pad-with.ts';
import { padWith } from './pad-with.ts';
import { repeat, tile } from './repeat.ts';
import { roll } from './roll.ts';
import { lowerTriangle, upperTriangle } from './triangle.ts';
import { swapAxes } from './transpose.ts';

beforeAll(() => void use(reference()));

const numbered = (...shape: number[]) => range(shape.reduce((a, b) => a * b, 1)).reshape(shape);

test('roll moves elements round an axis, several axes, or all elements in order', async () => {
  const x = numbered(2, 3);
  expect(await roll(x, 1).array()).toEqual([[5, 0, 1], [2, 3, 4]]); // prettier-ignore
  expect(await roll(x, -1, 1).array()).toEqual([[1, 2, 0], [4, 5, 3]]); // prettier-ignore
  expect(await roll(x, [1, 2], [0, -1]).array()).toEqual([[4, 5, 3], [1, 2, 0]]); // prettier-ignore
  expect(await roll(x, 7, 1).array()).toEqual(await roll(x, 1, 1).array());
  expect(roll(zeros([0, 2]), 1, 0).shape).toEqual([0, 2]);
  expect(() => roll(x, [1, 2], 1)).toThrow('roll: 2 shifts for 1 axes');
  expect(() => roll(x, 0.5)).toThrow('roll: shift: expected an integer');
});

test('repeat repeats slices, tile the whole', async () => {
  const x = tensor([[1, 2], [3, 4]]); // prettier-ignore
  expect(await repeat(x, 2).array()).toEqual([[1, 2], [1, 2], [3, 4], [3, 4]]); // prettier-ignore
  expect(await repeat(x, [0, 3], -1).array()).toEqual([[2, 2, 2], [4, 4, 4]]); // prettier-ignore
  expect(await tile(x, 2).array()).toEqual([[1, 2, 1, 2], [3, 4, 3, 4]]); // prettier-ignore
  expect(await tile(tensor([1, 2]), [2, 2]).array()).toEqual([[1, 2, 1, 2], [1, 2, 1, 2]]); // prettier-ignore
  expect(tile(x, [0, 1]).shape).toEqual([0, 2]);
  expect(repeat(x, 0).shape).toEqual([0, 2]);
  expect(() => repeat(x, [1])).toThrow('repeat: 1 counts for the 2 slices of [2,2] along axis 0');
});

test('meshgrid gives the coordinates of a picture, or of a matrix', async () => {
  const [a, b] = [tensor([1, 2, 3]), tensor([4, 5])];
  const [x, y] = await Promise.all(meshgrid([a, b]).map((t) => t.array()));
  expect([x, y]).toEqual([[[1, 2, 3], [1, 2, 3]], [[4, 4, 4], [5, 5, 5]]]); // prettier-ignore
  const [i, j] = await Promise.all(meshgrid([a, b], { indexing: 'ij' }).map((t) => t.array()));
  expect([i, j]).toEqual([[[1, 1], [2, 2], [3, 3]], [[4, 5], [4, 5], [4, 5]]]); // prettier-ignore
  expect(meshgrid([a, b, a])[2]!.shape).toEqual([2, 3, 3]);
  expect(() => meshgrid([eye(2)])).toThrow('meshgrid: takes vectors, got a tensor of shape [2,2]');
});

test.each<[PadMode, number[]]>([
  ['edge', [0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2]],
  ['reflect', [0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2]],
  ['symmetric', [2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0]],
  ['wrap', [2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0]],
])('padWith %s goes on with its pattern beyond the width of x', async (mode, expected) => {
  expect(await padWith(range(3), 4, mode).array()).toEqual(expected);
  expect(await padWith(tensor([7]), [[1, 2]], mode).array()).toEqual([7, 7, 7, 7]);
});

test('padWith pads each axis, and says what it cannot do', async () => {
  expect(await padWith(numbered(2, 2), [[1, 0], [0, 1]], 'reflect').array()).toEqual([[2, 3, 2], [0, 1, 0], [2, 3, 2]]); // prettier-ignore
  expect(() => padWith(zeros([0, 2]), 1, 'edge')).toThrow('padWith: axis 0 of [0,2] is empty and has no values for a border');
  expect(() => padWith(ones([2]), -1, 'edge')).toThrow('padWith: [2] needs integers >= 0');
  // @ts-expect-error
  expect(() => padWith(ones([2]), 1, 'mirror')).toThrow('padWith: mode: expected one of edge, wrap, symmetric, reflect');
});

test('triangles keep one side of a diagonal', async () => {
  const x = numbered(3, 3);
  expect(await lowerTriangle(x).array()).toEqual([[0, 0, 0], [3, 4, 0], [6, 7, 8]]); // prettier-ignore
  expect(await lowerTriangle(x, -1).array()).toEqual([[0, 0, 0], [3, 0, 0], [6, 7, 0]]); // prettier-ignore
  expect(await upperTriangle(x, 1).array()).toEqual([[0, 1, 2], [0, 0, 5], [0, 0, 0]]); // prettier-ignore
  expect(await upperTriangle(ones([2, 3]).cast('bool')).array()).toEqual([[true, true, true], [false, true, true]]); // prettier-ignore
  expect(() => lowerTriangle(ones([3]))).toThrow('lowerTriangle: [3] is not a matrix');
});

test('diagonals are taken out of matrices and put into them', async () => {
  const x = numbered(2, 3, 4);
  expect(await diagonal(x).array()).toEqual([[0, 5, 10], [12, 17, 22]]); // prettier-ignore
  expect(await diagonal(x, 2).array()).toEqual([[2, 7], [14, 19]]); // prettier-ignore
  expect(await diagonal(x, -2).array()).toEqual([[8], [20]]);
  expect(diagonal(x, 4).shape).toEqual([2, 0]);
  expect(await diagonalMatrix(tensor([1, 2]), 1).array()).toEqual([[0, 1, 0], [0, 0, 2], [0, 0, 0]]); // prettier-ignore
  expect(await diagonalMatrix(tensor([1, 2]), -1).array()).toEqual([[0, 0, 0], [1, 0, 0], [0, 2, 0]]); // prettier-ignore
  expect(await diagonalMatrix(zeros([0]), 1).array()).toEqual([[0]]);
  for (const offset of [-2, 0, 3]) expect(await diagonal(diagonalMatrix(numbered(2, 3), offset), offset).array()).toEqual([[0, 1, 2], [3, 4, 5]]); // prettier-ignore
  expect(await trace(x).array()).toEqual([15, 51]);
});

test('linspace has both ends, eye may be wide, swapAxes exchanges two axes', async () => {
  expect(await linspace(-1, 1, 5).array()).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect((await linspace(0, 0.1, 7).data())[6]).toBe(Math.fround(0.1));
  expect([await linspace(3, 5, 1).array(), linspace(3, 5, 0).shape]).toEqual([[3], [0]]);
  expect(await eye(2, 3).array()).toEqual([[1, 0, 0], [0, 1, 0]]); // prettier-ignore
  expect(swapAxes(zeros([2, 3, 4]), 0, -1).shape).toEqual([4, 3, 2]);
});
