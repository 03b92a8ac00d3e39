// The public surface of @sinapse/recurrent.

// Layers
export type { RunOptions, SequenceInput, SequenceOptions, SequenceResult } from './recurrent.ts';
export { Recurrent, rnn } from './recurrent.ts';
export type { GruOptions, LstmOptions, SimpleRnnOptions } from './usual-layers.ts';
export { gru, lstm, simpleRnn } from './usual-layers.ts';
export type { Bidirectional, BidirectionalOptions } from './bidirectional.ts';
export { bidirectional } from './bidirectional.ts';
export type { MultiDimensionalLstm, MultiDimensionalLstmOptions } from './multi-dimensional-lstm.ts';
export { multiDimensionalLstm } from './multi-dimensional-lstm.ts';
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
export type { LayerNormLstmCell, LayerNormLstmCellOptions } from './layer-norm-lstm-cell.ts';
export { layerNormLstmCell } from './layer-norm-lstm-cell.ts';
export type { ConvLstmCell, ConvLstmCellOptions } from './conv-lstm-cell.ts';
export { convLstmCell } from './conv-lstm-cell.ts';
export type { StackedCells } from './stacked-cells.ts';
export { stackedCells } from './stacked-cells.ts';

// Text
export type { EncodedText } from './text/vocabulary.ts';
export { decodeText, encodeText, vocabularyOf } from './text/vocabulary.ts';
export type { HostIds, TextWindowOptions, TextWindows } from './text/text-windows.ts';
export { textWindows } from './text/text-windows.ts';
export type { CharModel, CharModelOptions, GenerateOptions, Generated } from './text/char-model.ts';
export { charModel } from './text/char-model.ts';
export { sequenceCrossEntropy } from './sequence-cross-entropy.ts';

// Decoding
export type { Candidate, SamplingOptions } from './decoding/sampling.ts';
export { candidatesOf, sampleToken } from './decoding/sampling.ts';
export type { Beam, BeamSearchOptions, Continued } from './decoding/beam-search.ts';
export { beamSearch } from './decoding/beam-search.ts';

// From sequences to sequences
export type { Attended, AttentionScore, SequenceAttention, SequenceAttentionOptions } from './translation/attention.ts';
export { sequenceAttention } from './translation/attention.ts';
export type { Seq2Seq, Seq2SeqOptions, TranslateOptions } from './translation/seq2seq.ts';
export { seq2seq } from './translation/seq2seq.ts';

// Series
export type { HostNumbers, SeasonalNaiveOptions, Series, SeriesWindowOptions, SeriesWindows } from './series/windows.ts';
export { seasonalNaive, seriesWindows } from './series/windows.ts';
export type { Forecaster, ForecasterOptions } from './series/forecaster.ts';
export { forecaster } from './series/forecaster.ts';
export type { AnomalyOptions } from './series/anomaly.ts';
export { anomalyScores } from './series/anomaly.ts';

// Drawing
export { unrolledGraph } from './drawing/unrolled-graph.ts';
export { drawUnrolled } from './drawing/draw-unrolled.ts';

// Weights of other libraries
export type { NamedWeights } from './weights/named-weights.ts';
export { loadKerasWeights } from './weights/keras-weights.ts';
export { loadTorchWeights } from './weights/torch-weights.ts';
