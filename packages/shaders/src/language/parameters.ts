// Parameters in code: `$name` becomes a constant, or a word of a uniform.

import type { Parameters } from '../pass.ts';

/** Code with constants in the place of `$name`, for the parameters given; others stay. */
export function withConstants(code: string, parameters: Parameters): string {
  return code.replace(/\$(\w+)/g, (name, key: string) => (Object.hasOwn(parameters, key) ? `${parameters[key]! >>> 0}u` : name));
}

/**
 * Code with expressions in the place of `$name`.
 * @param names of all parameters, in the order of their words
 * @param word the expression of the word with a number
 * @throws Error when the code names another parameter
 */
export function withWords(code: string, names: readonly string[], word: (number: number) => string): string {
  return code.replace(/\$(\w+)/g, (_, name: string) => {
    const number = names.indexOf(name);
    if (number < 0) throw new Error(`a shader reads $${name}, which is no parameter of its pass`);
    return word(number);
  });
}
