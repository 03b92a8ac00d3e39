// Parameters in code: `$name` becomes a word of a uniform, or a constant.

import type { Parameters } from '../pass.ts';

/**
 * Code with its parameters put in.
 * @param word the expression of the parameter with the given number, in the order of `parameters`; undefined makes constants
 * @throws Error when the code names a parameter that the pass lacks
 */
export function withParameters(code: string, parameters: Parameters, word?: (number: number) => string): string {
  const names = Object.keys(parameters);
  return code.replace(/\$(\w+)/g, (_, name: string) => {
    const number = names.indexOf(name);
    if (number < 0) throw new Error(`a shader reads $${name}, which is no parameter of its pass`);
    return word === undefined ? `${parameters[name]! >>> 0}u` : word(number);
  });
}
