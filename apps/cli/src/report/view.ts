// What the sections of a report are made of.

import type { Summary } from '@sinapse/layers';
import type { Format } from './format.ts';
import type { Html } from './html.ts';
import type { ClassMeasures } from './measures.ts';
import type { RunData } from './run-data.ts';
import type { Language } from './words.ts';
import type { Words } from './words-en.ts';

export interface View {
  readonly run: RunData;
  readonly language: Language;
  readonly words: Words;
  readonly format: Format;
  /** Of a classifier. */
  readonly measures?: ClassMeasures;
  /** The layers of the model; absent if its file is not there. */
  readonly layers?: Summary;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** Makes a section; undefined where a run has nothing to say about it. */
export type MakeSection = (view: View) => Section | undefined;
