// The layers of this package by name, for model files.

import type { AnyLayer } from '@sinapse/layers';
import { bidirectional } from './bidirectional.ts';
import { charModel } from './text/char-model.ts';
import { forecaster } from './series/forecaster.ts';
import { multiDimensionalLstm } from './multi-dimensional-lstm.ts';
import { sequenceAttention } from './translation/attention.ts';
import { seq2seq } from './translation/seq2seq.ts';
import { gru, lstm, simpleRnn } from './usual-layers.ts';

/** The functions that make layers, by the names that model files call them: `openModel(file, { ...allLayers, ...recurrentLayers })`. */
export const recurrentLayers: Readonly<Record<string, (...given: never[]) => AnyLayer>> = {
  bidirectional,
  charModel,
  forecaster,
  gru,
  lstm,
  multiDimensionalLstm,
  seq2seq,
  sequenceAttention,
  simpleRnn,
};
