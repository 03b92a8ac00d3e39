// Pieces of a text from which the next character is learned.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions } from '@sinapse/core';
import { encodeText } from './vocabulary.ts';

export interface TextWindowOptions {
  /** Characters of a piece. Default 64. */
  readonly length?: number;
  /** How far apart pieces begin. Default `length`: each character is learned once. */
  readonly stride?: number;
}

const TEXT_WINDOWS: OptionChecks<TextWindowOptions> = { length: check.count, stride: check.count };

/** Numbers in one list, and the shape of their tensor. */
export interface HostIds {
  readonly data: Int32Array;
  readonly shape: readonly number[];
}

/** Pieces of a text, each with the character that follows at every place: `arrayDataset(windows)` of @sinapse/datasets makes batches of them. */
export interface TextWindows {
  /** int32 `[pieces, length]`. */
  readonly x: HostIds;
  /** int32 `[pieces, length]`, one place further. */
  readonly y: HostIds;
}

/**
 * Cuts a text into pieces of the same length. What is left at the end and does not fill a piece is not used.
 * @throws SinapseError when the text is too short for one piece and the character after it
 */
export function textWindows(text: string, vocabulary: readonly string[], options: TextWindowOptions = {}): TextWindows {
  checkOptions('textWindows', options, TEXT_WINDOWS);
  const { length = 64, stride = length } = options;
  const { ids } = encodeText(text, vocabulary);
  const pieces = Math.floor((ids.length - length - 1) / stride) + 1;
  if (pieces < 1)
    throw new SinapseError(`textWindows: a piece takes ${length + 1} characters, the text has ${ids.length}; take a smaller length`);
  const cut = (offset: number): HostIds => {
    const data = new Int32Array(pieces * length);
    for (let piece = 0; piece < pieces; piece++)
      data.set(ids.subarray(piece * stride + offset, piece * stride + offset + length), piece * length);
    return { data, shape: [pieces, length] };
  };
  return { x: cut(0), y: cut(1) };
}
