// Sums of products: batches, diagonals, sums, outer products, broadcasting, and more than two operands.

import type { OpCases } from '../cases/gradient-case.ts';
import type { Draw } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { einsum } from './einsum.ts';

const EQUATIONS: Readonly<Record<string, readonly Draw[]>> = {
  'ij,jk->ik': [away(2, 3), away(3, 4)],
  'bij,bkj->bik': [away(2, 2, 3), away(2, 4, 3)],
  'bij,jbk->kib': [away(2, 2, 3), away(3, 2, 2)],
  ij: [away(2, 3)],
  'ii->i': [away(3, 3)],
  'iij,j->i': [away(2, 2, 3), away(3)],
  'ij->': [away(2, 3)],
  'i,j->ji': [away(2), away(3)],
  'ij,ij->i': [away(2, 3), away(2, 3)],
  '...ij,...jk->...ik': [away(2, 1, 2, 3), away(4, 3, 2)],
  'ij,jk,kl->il': [away(2, 3), away(3, 2), away(2, 3)],
};

export const einsumCases: OpCases = {
  einsum: Object.entries(EQUATIONS).map(([equation, inputs]) =>
    gradientCase(`einsum ${equation}`, inputs, (...operands) => einsum(equation, ...operands)),
  ),
};
