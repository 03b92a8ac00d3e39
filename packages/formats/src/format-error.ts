// The one error of this package, and how text from an untrusted file is shown in it.

/** A file that is not what its format asks for, or arrays that cannot be written in it. Its message is one line: `safetensors: …`. */
export class FormatError extends Error {
  override name = 'FormatError';
}

/** A longer name would bury the rest of the message, and a hostile file may bring a name of 100 MB. */
const LONGEST_QUOTE = 80;

/** Line breaks that JSON leaves bare, other control characters, and marks that turn the reading direction: none may reshape a terminal. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** Text from a file in double quotes, shortened, on one line and with nothing invisible in it. */
export function quote(text: string): string {
  const shown = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return JSON.stringify(shown).replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
