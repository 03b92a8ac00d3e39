// The header of an .npy file: a Python dictionary of three entries, as text.

import { FormatError, quote } from './format-error.ts';

export interface NpyHeader {
  /** The element type in NumPy's notation, e.g. `<f4`. */
  readonly descr: string;
  /** Whether the first axis runs fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** The values of the dictionary: texts, booleans, tuples of integers. */
const ENTRY = /^\s*'(\w+)'\s*:\s*(?:'([^'\\]*)'|(True|False)|\(([\d\s,L]*)\))\s*(?:,|(?=\}))/;

/**
 * Reads a header: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
 * @throws FormatError when it is not one
 */
export function parseNpyHeader(text: string, label: string): NpyHeader {
  const found = new Map<string, string | boolean | number[]>();
  let rest = text.trim();
  const wrong = (problem: string): FormatError => new FormatError(`${label}: ${problem}`);
  if (!rest.startsWith('{') || !rest.endsWith('}')) throw wrong(`its header is ${quote(text)}, not a dictionary`);
  rest = rest.slice(1);
  if (/'descr'\s*:\s*\[/.test(rest)) throw wrong('it has records with several fields; save each field as an array');
  while (rest.trim() !== '}') {
    const [whole, name, words, flag, tuple] = ENTRY.exec(rest) ?? [];
    if (whole === undefined || name === undefined) throw wrong(`its header is not understood at ${quote(rest)}`);
    if (found.has(name)) throw wrong(`its header has ${quote(name)} twice`);
    found.set(name, words ?? (flag === undefined ? lengths(tuple!) : flag === 'True'));
    rest = rest.slice(whole.length);
  }
  const [descr, fortranOrder, shape] = ['descr', 'fortran_order', 'shape'].map((name) => found.get(name));
  if (typeof descr !== 'string' || typeof fortranOrder !== 'boolean' || !Array.isArray(shape) || found.size !== 3)
    throw wrong('its header must have descr, fortran_order and shape');
  if (!shape.every((length) => Number.isSafeInteger(length))) throw wrong('an axis is longer than 2^53 - 1');
  return { descr, fortranOrder, shape };
}

/** The integers of a tuple; those of Python 2 end in L. */
function lengths(tuple: string): number[] {
  return tuple.split(',').map((part) => part.trim()).filter((part) => part !== '').map((part) => Number(part.replace(/L$/, ''))); // prettier-ignore
}

/** Writes a header for C order. */
export function formatNpyHeader(descr: string, shape: readonly number[]): string {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  return `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
}
