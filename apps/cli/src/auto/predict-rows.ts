// What a model that was trained on a table says of other rows.

import { readTable } from '@sinapse/datasets/node';
import type { Table } from '@sinapse/datasets/tables';
import { encodeFeatures } from '@sinapse/datasets/tables';
import { predict } from '@sinapse/training';
import { exitCode } from '../exit-code.ts';
import { failureLine } from '../failure.ts';
import { percent } from '../output/numbers.ts';
import { note } from '../output/note.ts';
import type { Output } from '../output/output.ts';
import { printable } from '../output/printable.ts';
import { softmax } from './measure.ts';
import type { TableModel } from './table-model.ts';
import { short } from './verdict.ts';

/** What is said of one row. */
interface RowPrediction {
  /** The number of the row, from 1. */
  readonly row: number;
  /** The classes with their probabilities, the likeliest first. */
  readonly top?: readonly { readonly label: string; readonly probability: number }[];
  /** Of a regression, with the interval that holds the true value in 95 of 100 cases. */
  readonly value?: number;
  readonly low?: number;
  readonly high?: number;
}

/**
 * Predicts the rows of a table, which need not have the target.
 * @throws SinapseError when a column is missing or of another kind
 */
async function predictRows(model: TableModel, path: string, top: number): Promise<RowPrediction[]> {
  const { features, target } = model.encoding;
  const kinds = Object.fromEntries(features.map(({ name, kind }) => [name, kind]));
  const table: Table = await readTable(path, { kinds });
  for (const { name, remark } of table.columns) if (remark !== undefined && Object.hasOwn(kinds, name)) note(printable(remark));
  const { data, shape } = await predict(model.model, encodeFeatures(table, model.encoding));
  const width = shape[1]!;
  return Array.from({ length: table.rows }, (_, i) => {
    const outputs = data.subarray(i * width, (i + 1) * width);
    if (target.task === 'regression') return { row: i + 1, ...interval(outputs[0]! * target.std + target.mean, model.radius) };
    const probabilities = softmax(outputs);
    const order = probabilities.map((_each, place) => place).sort((a, b) => probabilities[b]! - probabilities[a]!);
    return { row: i + 1, top: order.slice(0, top).map((place) => ({ label: target.classes[place]!, probability: probabilities[place]! })) };
  });
}

/** Says what a model predicts for the rows of files. It reports a file that cannot be read, and goes on with the others. @returns the exit code */
export async function predictTables(model: TableModel, files: readonly string[], top: number, output: Output): Promise<number> {
  let code: number = exitCode.done;
  for (const file of files) {
    try {
      for (const prediction of await predictRows(model, file, top)) sayRow(file, prediction, files.length > 1, output);
    } catch (error) {
      note(failureLine(error));
      code = exitCode.failure;
    }
  }
  return code;
}

function sayRow(file: string, prediction: RowPrediction, several: boolean, output: Output): void {
  output.event({ event: 'prediction', file, ...prediction });
  const { row, top, value, low, high } = prediction;
  const where = `${several ? `${printable(file)} ` : ''}row ${row}`;
  if (top !== undefined) {
    const answers = top.map(({ label, probability }) => `${printable(label)} ${percent(probability)}`);
    return output.line(`${where}: ${answers.join(', ')}`);
  }
  output.line(`${where}: ${short(value!)}${low === undefined ? '' : ` (${short(low)} to ${short(high!)})`}`);
}

function interval(value: number, radius: number | undefined): Pick<RowPrediction, 'value' | 'low' | 'high'> {
  return radius === undefined ? { value } : { value, low: value - radius, high: value + radius };
}
