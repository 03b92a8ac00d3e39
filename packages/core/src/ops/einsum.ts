// Sums of products in Einstein's notation. Operands are contracted two at a time, each time by one batched matrix product.

import { SinapseError } from '../contract/errors.ts';
import type { Shape } from '../contract/shape.ts';
import { lengthsOf, sizeOf } from '../contract/shape.ts';
import { shown } from '../contract/shown.ts';
import { checkTogether } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mul } from './arithmetic.ts';
import { diagonal } from './diagonal.ts';
import { lengthsByLabel, parseEquation } from './einsum-equation.ts';
import { matmul } from './matmul.ts';
import { checkFloats } from './operands.ts';
import { reshape } from './reshape.ts';
import { sum } from './sum.ts';
import { moveAxis, transpose } from './transpose.ts';

/** What a plan computes from the operands, with a label for each axis, all different. */
interface Labelled {
  readonly labels: readonly string[];
  readonly read: Plan;
}

type Plan = (operands: readonly Tensor[]) => Tensor;

type Lengths = ReadonlyMap<string, number>;

/** Plans by equation and shapes: reading an equation takes ten times as long as multiplying small matrices. */
const plans = new Map<string, Plan>();
const MOST_PLANS = 512;

/**
 * The sum of products that an equation describes: `'ij,jk->ik'` is the matrix product. A letter names an axis; one that the result lacks is summed
 * over, one that an operand has twice takes its diagonal. `...` stands for further axes, which broadcast. Without `->`, the result has the letters
 * that occur once, in the order of the alphabet. Of more than two operands, the pair that makes the least of what it takes comes first (Daniel, Gray
 * 2018).
 * @param operands float32
 * @throws SinapseError when the equation cannot be read
 * @throws ShapeError when it does not fit the operands
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  if (typeof equation !== 'string') throw new SinapseError(`einsum: takes an equation, e.g. 'ij,jk->ik', got ${shown(equation)}`);
  checkTogether('einsum', operands);
  checkFloats('einsum', ...operands);
  let key = equation;
  for (const { shape } of operands) key += `;${shape.join()}`;
  let plan = plans.get(key);
  if (plan === undefined) {
    plan = planFor(equation, operands.map(({ shape }) => shape)); // prettier-ignore
    if (plans.size >= MOST_PLANS) plans.clear();
    plans.set(key, plan);
  }
  return plan(operands);
}

function planFor(equation: string, shapes: readonly Shape[]): Plan {
  const parsed = parseEquation(equation, shapes);
  const lengths = lengthsByLabel(equation, parsed, shapes);
  const open = parsed.operands.map((labels, i) => withoutRepeats({ labels, read: (operands) => operands[i]! }));
  while (open.length > 1) {
    const [first, second] = cheapestPair(open, parsed.result, lengths);
    const [a, b] = [open[first]!, open[second]!];
    const others = open.filter((_, i) => i !== first && i !== second);
    const needed = neededBy(others, parsed.result);
    open.splice(0, open.length, ...others, contracted(a, b, needed, lengths));
  }
  const only = ordered(summed(open[0]!, new Set(parsed.result)), parsed.result);
  return shapes.length === 1 ? (operands) => reshape(only(operands), parsed.result.map((label) => lengths.get(label)!)) : only; // prettier-ignore
}

/** Takes diagonals until no label occurs twice. */
function withoutRepeats({ labels, read }: Labelled): Labelled {
  const second = labels.findIndex((label, i) => labels.indexOf(label) < i);
  if (second < 0) return { labels, read };
  const label = labels[second]!;
  const first = labels.indexOf(label);
  const rest = labels.filter((_, i) => i !== first && i !== second);
  // Moving the first away brings the second, which comes after it, one forward.
  const diagonals: Plan = (operands) => diagonal(moveAxis(moveAxis(read(operands), first, -1), second - 1, -1));
  return withoutRepeats({ labels: [...rest, label], read: diagonals });
}

/** The labels that other operands or the result have. */
function neededBy(others: readonly Labelled[], result: readonly string[]): Set<string> {
  return new Set([...others.flatMap(({ labels }) => labels), ...result]);
}

/** The pair whose product is smallest, counted against the two operands that it replaces; of equal ones the pair with the fewest products of numbers. */
function cheapestPair(open: readonly Labelled[], result: readonly string[], lengths: Lengths): [number, number] {
  let best: [number, number] = [0, 1];
  let [leastGrowth, leastWork] = [Infinity, Infinity];
  const size = (labels: Iterable<string>): number => sizeOf(Array.from(labels, (label) => lengths.get(label)!));
  for (let i = 0; i < open.length; i++) {
    for (let j = i + 1; j < open.length; j++) {
      const [a, b] = [open[i]!.labels, open[j]!.labels];
      const needed = neededBy(open.filter((_, k) => k !== i && k !== j), result); // prettier-ignore
      const both = new Set([...a, ...b]);
      const growth = size([...both].filter((label) => needed.has(label))) - size(a) - size(b);
      const work = size(both);
      if (growth > leastGrowth || (growth === leastGrowth && work >= leastWork)) continue;
      best = [i, j];
      [leastGrowth, leastWork] = [growth, work];
    }
  }
  return best;
}

/** Sums over the labels that are not needed. */
function summed({ labels, read }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axis = labels.flatMap((label, i) => (needed.has(label) ? [] : [i]));
  if (axis.length === 0) return { labels, read };
  return { labels: labels.filter((label) => needed.has(label)), read: (operands) => sum(read(operands), { axis }) };
}

/** The axes in the order of the labels given, which are those of the operand. */
function ordered({ labels, read }: Labelled, order: readonly string[]): Plan {
  const permutation = order.map((label) => labels.indexOf(label));
  return permutation.every((axis, i) => axis === i) ? read : (operands) => transpose(read(operands), permutation);
}

/** The product of two operands, summed over what nobody else needs. */
function contracted(a: Labelled, b: Labelled, needed: ReadonlySet<string>, lengths: Lengths): Labelled {
  const left = summed(a, new Set([...needed, ...b.labels]));
  const right = summed(b, new Set([...needed, ...a.labels]));
  const shared = left.labels.filter((label) => right.labels.includes(label));
  const batch = shared.filter((label) => needed.has(label));
  const inner = shared.filter((label) => !needed.has(label));
  const rows = left.labels.filter((label) => !shared.includes(label));
  const columns = right.labels.filter((label) => !shared.includes(label));
  const labels = [...batch, ...rows, ...columns];
  // The axes of an ellipsis may have length 1 in one operand: the batch broadcasts.
  const batchOf = ({ shape }: Tensor): number[] => lengthsOf(shape, 0, batch.length);
  const lengthOf = (label: string): number => lengths.get(label)!;
  const [rowLengths, columnLengths] = [rows.map(lengthOf), columns.map(lengthOf)];
  if (inner.length === 0) {
    const [x, y] = [ordered(left, [...batch, ...rows]), ordered(right, [...batch, ...columns])];
    const ones = (list: readonly string[]): number[] => list.map(() => 1);
    const multiply = (m: Tensor, n: Tensor): Tensor =>
      mul(reshape(m, [...m.shape, ...ones(columns)]), reshape(n, [...batchOf(n), ...ones(rows), ...columnLengths]));
    return { labels, read: (operands) => multiply(x(operands), y(operands)) };
  }
  const [m, n] = [matrices(left, batch, rows, inner, lengths), matrices(right, batch, inner, columns, lengths)];
  const options = { transposeA: m.transposed, transposeB: n.transposed };
  const isMatrix = rows.length === 1 && columns.length === 1;
  const read: Plan = (operands) => {
    const product = matmul(m.read(operands), n.read(operands), options);
    return isMatrix ? product : reshape(product, [...batchOf(product), ...rowLengths, ...columnLengths]);
  };
  return { labels, read };
}

/** An operand as a batch of matrices; transposed where its axes lie in that order already. */
function matrices(
  operand: Labelled,
  batch: readonly string[],
  rows: readonly string[],
  columns: readonly string[],
  lengths: Lengths,
): { readonly read: Plan; readonly transposed: boolean } {
  const transposed = [...batch, ...columns, ...rows].every((label, i) => operand.labels[i] === label) && rows.length > 0;
  const [outer, inner] = transposed ? [columns, rows] : [rows, columns];
  const read = ordered(operand, [...batch, ...outer, ...inner]);
  if (outer.length === 1 && inner.length === 1) return { read, transposed };
  const size = (labels: readonly string[]): number => sizeOf(labels.map((label) => lengths.get(label)!));
  const matrix = [size(outer), size(inner)];
  const merged: Plan = (operands) => {
    const x = read(operands);
    return reshape(x, [...lengthsOf(x.shape, 0, batch.length), ...matrix]);
  };
  return { read: merged, transposed };
}
