// Sums of products in Einstein's notation. Operands are contracted two at a time, each time by one batched matrix product.

import { SinapseError } from '../contract/errors.ts';
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

/** A tensor with a label for each of its axes, all different. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

type Lengths = ReadonlyMap<string, number>;

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
  const shapes = operands.map(({ shape }) => shape);
  const parsed = parseEquation(equation, shapes);
  const lengths = lengthsByLabel(equation, parsed, shapes);
  const open = operands.map((x, i) => withoutRepeats({ x, labels: parsed.operands[i]! }));
  while (open.length > 1) {
    const [first, second] = cheapestPair(open, parsed.result, lengths);
    const [a, b] = [open[first]!, open[second]!];
    const others = open.filter((_, i) => i !== first && i !== second);
    const needed = neededBy(others, parsed.result);
    open.splice(0, open.length, ...others, contracted(a, b, needed, lengths));
  }
  return ordered(summed(open[0]!, new Set(parsed.result)), parsed.result);
}

/** Takes diagonals until no label occurs twice. */
function withoutRepeats({ x, labels }: Labelled): Labelled {
  const second = labels.findIndex((label, i) => labels.indexOf(label) < i);
  if (second < 0) return { x, labels };
  const label = labels[second]!;
  const first = labels.indexOf(label);
  const rest = labels.filter((_, i) => i !== first && i !== second);
  // Moving the first away brings the second, which comes after it, one forward.
  return withoutRepeats({ x: diagonal(moveAxis(moveAxis(x, first, -1), second - 1, -1)), labels: [...rest, label] });
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
function summed({ x, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (needed.has(label) ? [] : [axis]));
  if (axes.length === 0) return { x, labels };
  return { x: sum(x, { axis: axes }), labels: labels.filter((label) => needed.has(label)) };
}

/** The axes in the order of the labels given, which are those of the operand. */
function ordered({ x, labels }: Labelled, order: readonly string[]): Tensor {
  return transpose(x, order.map((label) => labels.indexOf(label))); // prettier-ignore
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
  if (inner.length === 0) {
    const [x, y] = [ordered(left, [...batch, ...rows]), ordered(right, [...batch, ...columns])];
    const ones = columns.map(() => 1);
    const between = rows.map(() => 1);
    const stretched = reshape(y, [...lengthsOf(y.shape, 0, batch.length), ...between, ...lengthsOf(y.shape, batch.length)]);
    return { x: mul(reshape(x, [...x.shape, ...ones]), stretched), labels };
  }
  const [m, n] = [matrices(left, batch, rows, inner, lengths), matrices(right, batch, inner, columns, lengths)];
  const product = matmul(m.x, n.x, { transposeA: m.transposed, transposeB: n.transposed });
  const lengthOf = (label: string): number => lengths.get(label)!;
  return { x: reshape(product, [...lengthsOf(product.shape, 0, batch.length), ...rows.map(lengthOf), ...columns.map(lengthOf)]), labels };
}

/** An operand as a batch of matrices; transposed where its axes lie in that order already. */
function matrices(
  operand: Labelled,
  batch: readonly string[],
  rows: readonly string[],
  columns: readonly string[],
  lengths: Lengths,
): { readonly x: Tensor; readonly transposed: boolean } {
  const transposed = [...batch, ...columns, ...rows].every((label, i) => operand.labels[i] === label) && rows.length > 0;
  const [outer, inner] = transposed ? [columns, rows] : [rows, columns];
  const x = ordered(operand, [...batch, ...outer, ...inner]);
  const size = (labels: readonly string[]): number => sizeOf(labels.map((label) => lengths.get(label)!));
  return { x: reshape(x, [...lengthsOf(x.shape, 0, batch.length), size(outer), size(inner)]), transposed };
}
