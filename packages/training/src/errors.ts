// What can go wrong in training, told to the caller in one line.

import { SinapseError } from '@sinapse/core';

/** A training, evaluation, checkpoint or model file that cannot go on. Its message is one line. */
export class TrainingError extends SinapseError {
  override name = 'TrainingError';
}

/** Control characters, line breaks and marks that turn the reading direction: none may reshape a terminal. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** How much of a text from a file is shown. */
const LONGEST = 80;

/** JSON for a message: shortened, on one line and with nothing invisible in it. */
export function printable(json: string): string {
  const shown = json.length > LONGEST ? `${json.slice(0, LONGEST)}…` : json;
  return escaped(shown);
}

/** Text for a message, in double quotes; otherwise as `printable`. */
export function quote(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return escaped(JSON.stringify(shown));
}

function escaped(json: string): string {
  return json.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
