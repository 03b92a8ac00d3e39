/** Control characters, and marks that turn the reading direction. */
const unprintable = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text of a stranger's (a file's name, a label in a model file) that cannot break a line or speak to the terminal. */
export function printable(text: string): string {
  return text.replace(unprintable, '?');
}
