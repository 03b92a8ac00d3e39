// einsum against its definition: for each element of the result, the sum over all other indices of the product of operands, in float64.

import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { profile } from '../dispatch/interceptors.ts';
import { ones, randomNormal } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { einsum } from './einsum.ts';
import { tensorDot } from './tensor-dot.ts';
import { cross, outer } from './vector-products.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

/** The definition, for equations with `->` and without ellipsis. */
function definition(equation: string, operands: readonly Tensor[]): number[] {
  const [left, result] = equation.split('->') as [string, string];
  const terms = left.split(',');
  const letters = [...new Set(Array.from(result + terms.join('')))];
  const lengths = letters.map((letter) => {
    const of = terms.findIndex((term) => term.includes(letter));
    return operands[of]!.shape[terms[of]!.indexOf(letter)]!;
  });
  const data = operands.map((x) => x.dataSync());
  const y = new Array<number>(lengths.slice(0, result.length).reduce((a, b) => a * b, 1)).fill(0);
  const all = lengths.reduce((a, b) => a * b, 1);
  for (let n = 0; n < all; n++) {
    const index: Record<string, number> = {};
    for (let rest = n, i = letters.length - 1; i >= 0; i--) {
      index[letters[i]!] = rest % lengths[i]!;
      rest = Math.floor(rest / lengths[i]!);
    }
    const elementOf = (term: string, shape: readonly number[]): number =>
      Array.from(term).reduce((element, letter, axis) => element * shape[axis]! + index[letter]!, 0);
    const product = terms.reduce((value, term, i) => value * data[i]![elementOf(term, operands[i]!.shape)]!, 1);
    y[elementOf(result, lengths)]! += product;
  }
  return y;
}

const EQUATIONS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  'ij,jk->ik': [[3, 4], [4, 5]],
  'ij,jk->ki': [[3, 4], [4, 5]],
  'ji,jk->ik': [[4, 3], [4, 5]],
  'bij,bkj->bik': [[2, 3, 4], [2, 5, 4]],
  'bhqd,bkhd->bhqk': [[2, 3, 4, 5], [2, 6, 3, 5]],
  'ij->ji': [[3, 4]],
  'ij->j': [[3, 4]],
  'ij->': [[3, 4]],
  'iji->j': [[3, 4, 3]],
  'iii->i': [[3, 3, 3]],
  'ij,ij->': [[3, 4], [3, 4]],
  'i,j,k->kji': [[2], [3], [4]],
  'ii,ij->j': [[3, 3], [3, 4]],
  'ij,ik->i': [[3, 4], [3, 2]],
  'a,ab,bc,cd,d->': [[2], [2, 3], [3, 4], [4, 2], [2]],
  'ijk,jil,km->klm': [[2, 3, 4], [3, 2, 2], [4, 2]],
  ',ij->ij': [[], [2, 3]],
  'Ij,jI->I': [[3, 2], [2, 3]],
}; // prettier-ignore

const normal = (shape: readonly number[], seed: number): Tensor => randomNormal(shape, { seed });

describe('the result is the sum of products', () => {
  // float64 sums of at most 72 products of numbers of size 1: far below 1e-12.
  test.each(Object.entries(EQUATIONS))('%s', (equation, shapes) => {
    const operands = shapes.map((shape, i) => normal(shape, i));
    const y = [...einsum(equation, ...operands).dataSync()];
    expect(y).toEqual(definition(equation, operands).map((value) => expect.closeTo(value, 12) as number));
  });

  test('an implied result has the letters that occur once, in order of the alphabet', () => {
    const [a, b] = [normal([2, 3], 1), normal([3, 4], 2)];
    expect(String(einsum('ba, ac', a, b))).toBe(String(einsum('ba,ac->bc', a, b)));
    expect(einsum('ba', a).shape).toEqual([3, 2]);
    expect(einsum('ii', normal([3, 3], 1)).shape).toEqual([]);
    expect(einsum('...ab,b', normal([5, 2, 3], 1), normal([3], 2)).shape).toEqual([5, 2]);
  });

  test('the axes of an ellipsis broadcast', () => {
    const [a, b] = [normal([2, 1, 3, 4], 1), normal([5, 4, 2], 2)];
    const y = einsum('...ij,...jk->...ik', a, b);
    expect(y.shape).toEqual([2, 5, 3, 2]);
    expect([...y.dataSync()]).toEqual([...a.matmul(b).dataSync()]);
    const scaled = einsum('...,i->i...', a, normal([2], 3));
    expect(scaled.shape).toEqual([2, 2, 1, 3, 4]);
  });
});

test('the order of products is chosen: a chain of matrices with a vector never multiplies two matrices', () => {
  const { entries } = profile(() => einsum('ij,jk,kl,l->i', ones([50, 50]), ones([50, 50]), ones([50, 50]), ones([50])));
  const products = entries.filter(({ kernel }) => kernel === 'matmul');
  expect(products.reduce((sum, { macs }) => sum + macs, 0)).toBe(3 * 50 * 50);
});

test.each([
  [() => einsum('ij,jk->ik', ones([2, 3])), 'einsum: "ij,jk->ik": it has 2 operands before \'->\', and 1 were given'],
  [() => einsum('ij->ik', ones([2, 3])), 'einsum: "ij->ik": the result has k, and no operand does'],
  [() => einsum('ij->ii', ones([2, 3])), 'einsum: "ij->ii": the result has i twice'],
  [() => einsum('i', ones([2, 3])), 'einsum: "i": operand 0 has 1 letter, its shape [2,3] 2 axes'],
  [() => einsum('ij,jk', ones([2, 3]), ones([4, 2])), 'einsum: "ij,jk": j has length 3, and 4 in operand 1, [4,2]'],
  [() => einsum('i.j', ones([2, 3])), 'einsum: "i.j": a term consists of letters'],
  [() => einsum('...i->i', ones([2, 3])), 'einsum: "...i->i": operands have \'...\', so the result must have it, too'],
  [() => einsum('i->i->i', ones([2])), 'einsum: "i->i->i": it has more than one \'->\''],
  [() => einsum('i', ones([2], 'int32')), 'einsum: takes float32, got int32; cast it'],
])('what is wrong with an equation is said: %#', (call, message) => expect(call).toThrow(message));

test('tensorDot, outer and cross are sums of products, too', () => {
  const same = (a: Tensor, b: Tensor): void => expect([a.shape, [...a.dataSync()]]).toEqual([b.shape, [...b.dataSync()].map((v) => expect.closeTo(v, 12) as number)]); // prettier-ignore
  const [a, b] = [normal([2, 3, 4], 1), normal([3, 4, 5], 2)];
  same(tensorDot(a, b), einsum('iab,abj->ij', a, b));
  same(tensorDot(a, b, [[-1], [1]]), einsum('ija,kal->ijkl', a, b));
  same(tensorDot(a, b, 0), outer(a, b));
  same(outer(normal([3], 1), normal([2], 2)), einsum('i,j->ij', normal([3], 1), normal([2], 2)));
  const [u, v] = [normal([4, 3], 3), normal([4, 3], 4)];
  const [p, q] = [u.dataSync(), v.dataSync()];
  const wanted = Array.from({ length: 12 }, (_, n) => {
    const [row, i] = [3 * Math.floor(n / 3), n % 3];
    const at = (k: number): number => row + ((i + k) % 3);
    return p[at(1)]! * q[at(2)]! - p[at(2)]! * q[at(1)]!;
  });
  expect([...cross(u, v).dataSync()]).toEqual(wanted.map((value) => expect.closeTo(value, 12) as number));
  expect(() => tensorDot(a, b, 1)).toThrow('tensorDot: axis 2 of [2,3,4] and axis 0 of [3,4,5] differ in length');
  expect(() => tensorDot(a, b, [[0], [0, 1]])).toThrow('tensorDot: 1 axes of a and 2 of b cannot be paired');
  expect(() => cross(a, a)).toThrow('cross: axis -1 of [2,3,4] and [2,3,4] must have length 3');
});
