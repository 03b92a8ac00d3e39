// The public surface of @sinapse/recurrent.

// Layers
export type { RunOptions, SequenceInput, SequenceOptions, SequenceResult } from './recurrent.ts';
export { Recurrent, rnn } from './recurrent.ts';
export type { GruOptions, LstmOptions, SimpleRnnOptions } from './usual-layers.ts';
export { gru, lstm, simpleRnn } from './usual-layers.ts';
export type { Bidirectional, BidirectionalOptions } from './bidirectional.ts';
export { bidirectional } from './bidirectional.ts';
export { recurrentLayers } from './recurrent-layers.ts';
export type { Lengths } from './lengths.ts';

// Cells
export type { Reading, RecurrentCell, StepResult, UnrolledCell } from './cell.ts';
export type { CellOptions } from './cell-weights.ts';
export type { SimpleRnnCell, SimpleRnnCellOptions } from './simple-rnn-cell.ts';
export { simpleRnnCell } from './simple-rnn-cell.ts';
export type { LstmCell, LstmCellOptions } from './lstm-cell.ts';
export { lstmCell } from './lstm-cell.ts';
export type { GruCell, GruCellOptions } from './gru-cell.ts';
export { gruCell } from './gru-cell.ts';
export type { StackedCells } from './stacked-cells.ts';
export { stackedCells } from './stacked-cells.ts';
