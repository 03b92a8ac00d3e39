/** Control characters, and marks that turn the reading direction. */
const unprintable = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Makes untrusted text (a file's name, a label in a model file) safe to print: it cannot break a line or control the terminal. */
export function printable(text: string): string {
  return text.replace(unprintable, '?');
}
