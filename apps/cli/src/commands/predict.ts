import { use } from '@sinapse/core';
import type { ClassProbability } from '@sinapse/training';
import { predictTables } from '../auto/predict-rows.ts';
import { isTableModel, tableModelOf } from '../auto/table-model.ts';
import { openBackend } from '../backend-choice.ts';
import { exitCode } from '../exit-code.ts';
import { failureLine } from '../failure.ts';
import { answersFor } from '../images/answers.ts';
import { Decoder } from '../images/decoder.ts';
import type { Invert } from '../images/digit.ts';
import { imageFor } from '../images/image-for.ts';
import type { PreparedImage } from '../images/image-for.ts';
import { classifierOf, openModel } from '../model-file.ts';
import { percent } from '../output/numbers.ts';
import { note } from '../output/note.ts';
import { CsvOutput } from '../output/csv-output.ts';
import { Output } from '../output/output.ts';
import { printable } from '../output/printable.ts';
import { UsageError } from '../usage-error.ts';
import { filesIn } from './files-in.ts';

export interface PredictOptions {
  readonly top: number;
  readonly invert: Invert;
  readonly backend?: string;
  /** A folder whose files are asked about, too. */
  readonly dir?: string;
  readonly csv?: boolean;
  readonly json?: boolean;
}

/** `sinapse predict`: says what images show, or what follows from the rows of a table. It reports an image that cannot be read, and goes on with the others. */
export async function predict(path: string, given: readonly string[], options: PredictOptions): Promise<number> {
  const { dir, csv = false, json = false } = options;
  if (csv && json) throw new UsageError('give --csv or --json, not both');
  if (given.length === 0 && dir === undefined) throw new UsageError('say what to predict: files, or --dir FOLDER');
  const output = csv ? new CsvOutput() : new Output(options);
  const backend = use(await openBackend(options.backend));
  const decoder = new Decoder();
  try {
    const opened = await openModel(path);
    const found = dir === undefined ? [] : await filesIn(dir, isTableModel(opened) ? 'tables' : 'pictures');
    const files = [...given, ...found];
    if (isTableModel(opened)) return await predictTables(tableModelOf(opened), files, options.top, output);
    const model = classifierOf(opened);
    let code: number = exitCode.done;
    for (const file of files) {
      try {
        const image = await imageFor(model, file, options.invert, decoder);
        report(file, image, await answersFor(model, image, options.top), files.length > 1, output);
      } catch (error) {
        note(failureLine(error));
        code = exitCode.failure;
      }
    }
    return code;
  } finally {
    decoder.close();
    await backend.close();
  }
}

function report(file: string, { familiar }: PreparedImage, answers: readonly ClassProbability[], several: boolean, output: Output): void {
  const top = answers.map(({ label, probability }) => ({ label, probability }));
  output.event({ event: 'prediction', file, top, familiar });
  const { bold, dim } = output.colors;
  if (several) output.line(dim(printable(file)));
  const width = Math.max(...answers.map(({ label }) => label!.length));
  answers.forEach(({ label, probability }, i) => {
    const line = `${label!.padEnd(width)}  ${percent(probability).padStart(7)}  ${'█'.repeat(Math.round(probability * 20))}`.trimEnd();
    output.line(i === 0 ? bold(line) : line);
  });
  if (!familiar) note(`${printable(file)} does not look like a drawing on paper, as the model learned them: its answer may mean nothing`);
}
