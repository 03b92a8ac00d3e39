// The usual recurrent layers: a cell and its sequence in one call.

import type { OptionChecks } from '@sinapse/core';
import { checkOptions } from '@sinapse/core';
import type { RecurrentCell } from './cell.ts';
import type { CellOptions } from './cell-weights.ts';
import type { GruCellOptions } from './gru-cell.ts';
import { GRU_CELL, GruCell } from './gru-cell.ts';
import type { LstmCellOptions } from './lstm-cell.ts';
import { LSTM_CELL, LstmCell } from './lstm-cell.ts';
import type { SequenceOptions } from './recurrent.ts';
import { Recurrent, SEQUENCE } from './recurrent.ts';
import type { SimpleRnnCellOptions } from './simple-rnn-cell.ts';
import { SIMPLE_RNN_CELL, SimpleRnnCell } from './simple-rnn-cell.ts';

export interface SimpleRnnOptions extends SimpleRnnCellOptions, SequenceOptions {}
export interface LstmOptions extends LstmCellOptions, SequenceOptions {}
export interface GruOptions extends GruCellOptions, SequenceOptions {}

/** Makes a layer of a cell's and a sequence's options. */
function layerOf<O extends CellOptions>(
  type: string,
  options: O & SequenceOptions,
  checks: OptionChecks<O>,
  cellOf: (options: O) => RecurrentCell,
): Recurrent {
  checkOptions(type, options, { ...checks, ...SEQUENCE });
  const make = (given: O & SequenceOptions): Recurrent => {
    const plain = Object.fromEntries(Object.entries(given).filter(([name, value]) => value !== undefined && !name.endsWith('Initializer')));
    return new Recurrent(type, cellOf(given), given, (reverse) => make({ ...given, reverse }), { layer: type, arguments: [plain] });
  };
  return make(options);
}

/**
 * A simple recurrent network over sequences: `simpleRnn({ units: 16 })` turns `[time, features]` into `[16]`. Elman 1990.
 * @throws SinapseError when an option is unknown or out of range
 */
export function simpleRnn(options: SimpleRnnOptions): Recurrent {
  return layerOf<SimpleRnnCellOptions>('simpleRnn', options, SIMPLE_RNN_CELL, (given) => new SimpleRnnCell(given));
}

/**
 * Long short-term memory over sequences: `lstm({ units: 64, returnSequences: true })`. Hochreiter, Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000.
 * @throws SinapseError when an option is unknown or out of range
 */
export function lstm(options: LstmOptions): Recurrent {
  return layerOf<LstmCellOptions>('lstm', options, LSTM_CELL, (given) => new LstmCell(given));
}

/**
 * Gated recurrent units over sequences: `gru({ units: 64 })`. Cho et al. 2014.
 * @throws SinapseError when an option is unknown or out of range
 */
export function gru(options: GruOptions): Recurrent {
  return layerOf<GruCellOptions>('gru', options, GRU_CELL, (given) => new GruCell(given));
}
