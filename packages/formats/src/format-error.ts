// The only error class of this package, and how its messages quote text from an untrusted file.

/** Says that a file breaks its format, or that arrays cannot be written in it. The message is one line: `safetensors: …`. */
export class FormatError extends Error {
  override name = 'FormatError';
}

/** Most characters quoted: a hostile file may contain a name of 100 MB, which would bury the rest of the message. */
const LONGEST_QUOTE = 80;

/** Characters that JSON leaves unescaped but that can change a terminal: line breaks, controls, marks of reading direction. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** Text from a file in double quotes: shortened, on one line, without invisible characters. */
export function quote(text: string): string {
  const shown = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return JSON.stringify(shown).replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
