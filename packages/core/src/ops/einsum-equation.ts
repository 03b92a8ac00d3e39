// Equations of `einsum`: 'ij,jk->ik' names the axes of each operand and of the result.

import { ShapeError, SinapseError } from '../contract/errors.ts';
import type { Shape } from '../contract/shape.ts';
import { formatShape } from '../contract/shape.ts';
import { quote } from '../contract/shown.ts';

/** A label for every axis of each operand and of the result. The axes of an ellipsis are labelled `...1`, `...2`, … from the last. */
export interface Equation {
  readonly operands: readonly (readonly string[])[];
  readonly result: readonly string[];
}

const ELLIPSIS = '...';
const TERM = /^[a-zA-Z]*(\.\.\.[a-zA-Z]*)?$/;

function wrong(equation: string, problem: string): SinapseError {
  return new SinapseError(`einsum: ${quote(equation)}: ${problem}`);
}

/** The letters of a term, and the ellipsis if it has one. */
function labelsOf(equation: string, term: string): string[] {
  if (!TERM.test(term))
    throw wrong(equation, `a term consists of letters, one for each axis, and may have one '...' for further axes, got ${quote(term)}`);
  return term.match(/\.\.\.|[a-zA-Z]/g) ?? [];
}

/**
 * The labels of an equation for operands of given shapes. Without `->` the result has the ellipsis, then the letters that occur once, in the order
 * of the alphabet.
 * @throws SinapseError, ShapeError when it cannot be read or does not fit the shapes
 */
export function parseEquation(equation: string, shapes: readonly Shape[]): Equation {
  const [left = '', right, ...more] = equation.replace(/\s/g, '').split('->');
  if (more.length > 0) throw wrong(equation, "it has more than one '->'");
  const terms = left.split(',').map((term) => labelsOf(equation, term));
  if (terms.length !== shapes.length) throw wrong(equation, `it has ${terms.length} operands before '->', and ${shapes.length} were given`);
  let widest = 0;
  const operands = terms.map((labels, i) => {
    const shape = shapes[i]!;
    const letters = labels.filter((label) => label !== ELLIPSIS).length;
    const further = shape.length - letters;
    if (labels.includes(ELLIPSIS) ? further < 0 : further !== 0)
      throw new ShapeError(
        `einsum: ${quote(equation)}: operand ${i} has ${letters} ${letters === 1 ? 'letter' : 'letters'}, its shape ${formatShape(shape)} ${shape.length} axes`,
      );
    if (labels.includes(ELLIPSIS)) widest = Math.max(widest, further);
    return spread(labels, further);
  });
  const result = spread(right === undefined ? impliedResult(terms) : labelsOf(equation, right), widest);
  checkResult(equation, operands, result);
  return { operands, result };
}

/** Labels with the ellipsis replaced by those of its axes. */
function spread(labels: readonly string[], further: number): string[] {
  const axes = Array.from({ length: further }, (_, i) => `${ELLIPSIS}${further - i}`);
  return labels.flatMap((label) => (label === ELLIPSIS ? axes : label));
}

function impliedResult(terms: readonly (readonly string[])[]): string[] {
  const letters = terms.flat().filter((label) => label !== ELLIPSIS);
  const once = letters.filter((label) => letters.indexOf(label) === letters.lastIndexOf(label));
  once.sort((a, b) => (a < b ? -1 : 1));
  return terms.some((term) => term.includes(ELLIPSIS)) ? [ELLIPSIS, ...once] : once;
}

function checkResult(equation: string, operands: readonly (readonly string[])[], result: readonly string[]): void {
  const given = new Set(operands.flat());
  for (const label of result) {
    if (!given.has(label)) throw wrong(equation, `the result has ${label}, and no operand does`);
    if (result.indexOf(label) !== result.lastIndexOf(label)) throw wrong(equation, `the result has ${label} twice`);
  }
  for (const label of given)
    if (label.startsWith(ELLIPSIS) && !result.includes(label))
      throw wrong(equation, `operands have '...', so the result must have it, too`);
}

/**
 * The length of each label. The axes of an ellipsis broadcast, those of a letter must agree.
 * @throws ShapeError when they do not
 */
export function lengthsByLabel(equation: string, { operands }: Equation, shapes: readonly Shape[]): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  operands.forEach((labels, i) =>
    labels.forEach((label, axis) => {
      const length = shapes[i]![axis]!;
      const known = lengths.get(label);
      const stretches = label.startsWith(ELLIPSIS) && (known === 1 || length === 1);
      if (known !== undefined && known !== length && !stretches)
        throw new ShapeError(
          `einsum: ${quote(equation)}: ${label.startsWith(ELLIPSIS) ? "an axis of '...'" : label} has length ${known}, and ${length} in operand ${i}, ${formatShape(shapes[i]!)}`,
        );
      lengths.set(label, known === undefined || known === 1 ? length : known);
    }),
  );
  return lengths;
}
