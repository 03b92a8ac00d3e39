// How a value that a caller or a file gave looks in a message: short, on one line, with nothing invisible in it.

import { formatShape } from './shape.ts';

/** Control characters, line breaks and marks that turn the reading direction: none may reshape a terminal. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** How many characters of a text are shown, and how many elements of an array. */
const LONGEST = 80;
const MOST_ELEMENTS = 20;

/** JSON for a message: shortened, on one line and with nothing invisible in it. */
export function printable(json: string): string {
  return escaped(shortened(json));
}

/** Text for a message, in double quotes; otherwise as `printable`. */
export function quote(text: string): string {
  return escaped(JSON.stringify(shortened(text)));
}

/** What a value is, in a few words: a number or a text as itself, a tensor by its dtype and shape. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return shownArray(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if ('then' in value) return 'a promise (await it)';
  if ('dtype' in value && 'shape' in value && Array.isArray(value.shape))
    return `a ${String(value.dtype)} tensor ${formatShape(value.shape as number[])}`;
  return 'an object';
}

/** The elements, where they are numbers, texts and the like, or lists of them. */
function shownArray(array: readonly unknown[]): string {
  const some = array.slice(0, MOST_ELEMENTS);
  const plain = (element: unknown): boolean => typeof element !== 'object' || element === null;
  if (!some.every((element) => plain(element) || (Array.isArray(element) && element.length <= MOST_ELEMENTS && element.every(plain))))
    return 'an array';
  const json = JSON.stringify(some);
  return printable(array.length > MOST_ELEMENTS ? `${json.slice(0, -1)},…]` : json);
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function escaped(json: string): string {
  return json.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
