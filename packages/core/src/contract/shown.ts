// Writes values of callers and files into messages: short, on one line, without invisible characters.

/** Characters that could garble a terminal: control characters, line breaks, and marks that turn the reading direction. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** The most characters of a text, and elements of an array, that are shown. */
const LONGEST = 80;
const MOST_ELEMENTS = 20;

/** JSON for a message: shortened, on one line, without invisible characters. */
export function printable(json: string): string {
  return escaped(shortened(json));
}

/** Text for a message: in double quotes, otherwise like `printable`. */
export function quote(text: string): string {
  return escaped(JSON.stringify(shortened(text)));
}

/** A name for a message: as it is if it is short and printable, otherwise quoted. */
export function shownName(name: string): string {
  return name.length <= LONGEST && /^[!-~]+( [!-~]+)*$/.test(name) ? name : quote(name);
}

/** A value in a few words: a number or text as itself, a tensor as its dtype and shape. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return shownArray(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if ('then' in value) return 'a promise (await it)';
  if ('dtype' in value && 'shape' in value && Array.isArray(value.shape))
    return `a ${String(value.dtype)} tensor [${(value.shape as number[]).join(',')}]`;
  return 'an object';
}

/** The elements of an array, if they are primitive values or short lists of them; else `an array`. */
function shownArray(array: readonly unknown[]): string {
  const plain = (element: unknown): boolean => typeof element !== 'object' || element === null;
  const list = (element: unknown): boolean => Array.isArray(element) && element.length <= MOST_ELEMENTS && element.every(plain);
  const some = array.slice(0, MOST_ELEMENTS);
  if (!some.every((element) => plain(element) || list(element))) return 'an array';
  return printable(`[${some.map(shown).join(',')}${array.length > MOST_ELEMENTS ? ',…' : ''}]`);
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function escaped(json: string): string {
  return json.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
