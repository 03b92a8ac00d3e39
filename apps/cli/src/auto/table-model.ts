// A model file that was trained on a table: how the columns become numbers stands in its card. The file is untrusted: the card is checked.

import { SinapseError, check, checkOptions } from '@sinapse/core';
import type { Check, OptionChecks } from '@sinapse/core';
import type { CategoryFeature, NumberFeature, TableEncoding, TargetEncoding } from '@sinapse/datasets/tables';
import { featureNames } from '@sinapse/datasets/tables';
import type { OpenedFile } from '../model-file.ts';
import { ModelFileError } from '../model-file.ts';

export interface TableModel extends OpenedFile {
  readonly encoding: TableEncoding & { readonly target: TargetEncoding };
  /** Of a regression: how far from what it says the true value lies in 95 of 100 cases. */
  readonly radius: number | undefined;
}

const words: Check = {
  expected: 'a list of words',
  accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
};
const text: Check = { expected: 'a text', accepts: (value) => typeof value === 'string' };
const spread: Check = { expected: 'a number > 0', accepts: (value) => typeof value === 'number' && value > 0 && value < Infinity };
const list: Check = { expected: 'a list', accepts: Array.isArray };
const record: Check = { expected: 'a record', accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value) };

const NUMBER: OptionChecks<NumberFeature> = {
  kind: check.required(check.oneOf(['number'])),
  name: check.required(text),
  mean: check.required(check.finite),
  std: check.required(spread),
  fill: check.required(check.finite),
  indicator: check.required(check.flag),
};
const CATEGORY: OptionChecks<CategoryFeature> = {
  kind: check.required(check.oneOf(['category'])),
  name: check.required(text),
  classes: check.required(words),
};
const CLASSES = { task: check.required(check.oneOf(['classification'])), name: check.required(text), classes: check.required(words) };
const VALUES = {
  task: check.required(check.oneOf(['regression'])),
  name: check.required(text),
  mean: check.required(check.finite),
  std: check.required(spread),
};
const ENCODING = { features: check.required(list), target: check.required(record), remarks: words };
const CARD = { table: check.required(record), radius: check.notNegative };

/** Whether a model was trained on a table. */
export function isTableModel({ card }: OpenedFile): boolean {
  const { preprocessing } = card;
  return typeof preprocessing === 'object' && preprocessing !== null && Object.hasOwn(preprocessing, 'table');
}

/** A model that was trained on a table. @throws ModelFileError when its card is not what such a training writes */
export function tableModelOf(opened: OpenedFile): TableModel {
  try {
    const owner = 'table model';
    const { table, radius } = checked<{ table: unknown; radius?: number }>(owner, opened.card.preprocessing, CARD);
    const { features, target } = checked<TableEncoding & { target: TargetEncoding }>(`${owner}: table`, table, ENCODING);
    features.forEach((feature, i) => checkOptions(`${owner}: feature ${i + 1}`, feature, feature?.kind === 'category' ? CATEGORY : NUMBER));
    checkOptions(`${owner}: target`, target, target.task === 'regression' ? VALUES : CLASSES);
    const encoding = { features, target };
    const outputs = target.task === 'regression' ? 1 : target.classes.length;
    const [inputs] = opened.inputShape;
    if (opened.inputShape.length !== 1 || inputs !== featureNames(encoding).length || opened.outputShape.join() !== String(outputs))
      throw new SinapseError('the columns that the file names do not fit its model');
    return { ...opened, encoding, radius };
  } catch (error) {
    if (!(error instanceof SinapseError)) throw error;
    throw new ModelFileError(`${opened.path}: ${error.message}`, { cause: error });
  }
}

function checked<T>(owner: string, value: unknown, checks: OptionChecks<object>): T {
  checkOptions(owner, value, checks as never);
  return value as T;
}
