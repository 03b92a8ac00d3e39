// A table of the epochs, for spreadsheets and pandas.

import type { OptionChecks } from '@sinapse/core';
import { checkOptions } from '@sinapse/core';
import type { Callback } from '../callback.ts';
import type { EpochResult } from '../epoch-result.ts';
import { AppendFile } from './append-file.ts';
import { NAME, fileLog, numbersOf } from './file-log.ts';

export interface CsvLogOptions {
  /** The name under which checkpoints keep how far the file is. Two logs need different names. Default `csvLog`. */
  readonly name?: string;
}

const CSV_LOG: OptionChecks<CsvLogOptions> = { name: NAME };

/**
 * A callback that writes a line for each epoch to a CSV file (RFC 4180): `epoch`, `loss`, `accuracy`, the metrics, `valLoss`, … A new
 * training begins the file anew. A resumed one goes on with the line after its checkpoint, so that no epoch is missing or there twice.
 * @throws SinapseError when the path is none or an option unknown; in use TrainingError in one line when the file cannot be written
 */
export function csvLog(path: string, options: CsvLogOptions = {}): Callback {
  checkOptions('csvLog', options, CSV_LOG);
  const { name = 'csvLog' } = options;
  const file = new AppendFile('csvLog', path);
  let columns: readonly string[] | undefined;
  const addRow = (result: EpochResult, history: readonly EpochResult[]): void => {
    const numbers = numbersOf(result);
    columns ??= Object.keys(numbersOf(history[0] ?? result));
    if (Object.keys(numbers).some((column) => !columns!.includes(column))) {
      // A resumed training with further metrics: the table gets their columns.
      columns = [...new Set([...columns, ...Object.keys(numbers)])];
      file.begin(encode([columns.map(quoted), ...history.filter(({ epoch }) => epoch < result.epoch).map(valuesOf)]));
    } else if (result.epoch === 1) file.add(encode([columns.map(quoted)]));
    file.add(encode([valuesOf(result)]));
  };
  const valuesOf = (result: EpochResult): string[] => {
    const numbers = numbersOf(result);
    return columns!.map((column) => String(numbers[column] ?? ''));
  };
  return fileLog({
    name,
    file,
    begin() {
      columns = undefined;
      return new Uint8Array();
    },
    addEpoch: (result, { history }) => addRow(result, history),
  });
}

function encode(rows: readonly (readonly string[])[]): Uint8Array {
  return new TextEncoder().encode(rows.map((row) => `${row.join(',')}\r\n`).join(''));
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
