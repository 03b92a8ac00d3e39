import { existsSync } from 'node:fs';
import { SinapseError, formatShape, meta, use } from '@sinapse/core';
import { formatSummary, summary as summarize } from '@sinapse/layers';
import type { Summary } from '@sinapse/layers';
import { createModel, modelNames } from '@sinapse/zoo';
import type { ZooModel } from '@sinapse/zoo';
import { unknownName } from '../backend-choice.ts';
import { exitCode } from '../exit-code.ts';
import { readInput } from '../input-file.ts';
import { openModel } from '../model-file.ts';
import type { ModelOptions } from '../model-options.ts';
import { count, plural } from '../output/numbers.ts';
import { Output } from '../output/output.ts';
import { wrap } from '../output/wrap.ts';
import { UsageError } from '../usage-error.ts';
import { isForeign, listArrays } from './list-arrays.ts';

export interface SummaryOptions {
  readonly input?: readonly number[];
  readonly modelOption?: ModelOptions;
  readonly json?: boolean;
}

/**
 * `sinapse summary`: shows the layers of a model, or the tensors of another library's file. It computes only shapes, so it is quick however large the
 * model.
 */
export async function summary(model: string, options: SummaryOptions): Promise<number> {
  const output = new Output(options);
  if (isFile(model)) {
    checkNoArchitecture(options);
    const bytes = await readInput(model);
    if (isForeign(model, bytes)) {
      await listArrays(model, bytes, output);
      return exitCode.done;
    }
  }
  const { name, found } = await summaryOf(model, options);
  const { trainable, nonTrainable, macs, layers, inputShape, outputShape } = found;
  output.event({ event: 'summary', model: name, parameters: trainable, nonTrainable, macs, inputShape, outputShape, layers });
  output.line(`${output.colors.bold(name)}, input ${formatShape(inputShape)}`);
  output.line();
  for (const line of summaryLines(found, output.width)) output.line(line);
  return exitCode.done;
}

type Found = Summary;

/** The table of layers or, where the terminal is too narrow for it, a paragraph for each. */
function summaryLines(found: Found, width: number): string[] {
  const table = formatSummary(found).split('\n');
  const title = table.findLastIndex((line) => line.startsWith('---')) + 2; // what follows the table is text
  if (table.slice(0, title).every((line) => line.length <= width)) return table;
  const row = (name: string, ...parts: string[]) => wrap([name, ...parts], width, 2);
  return [
    ...found.layers.flatMap(({ path, type, outputShape, parameters, macs }) =>
      row(path || '(model)', type, formatShape(outputShape), plural(parameters, 'parameter'), `${count(macs)} MACs`),
    ),
    ...row('total', plural(found.trainable + found.nonTrainable, 'parameter'), `${count(found.macs)} MACs`),
    ...table.slice(title),
  ];
}

function isFile(model: string): boolean {
  return !(modelNames as readonly string[]).includes(model) && (existsSync(model) || model.endsWith('.safetensors'));
}

/** @throws UsageError when options are given that belong to an architecture */
function checkNoArchitecture({ input, modelOption }: SummaryOptions): void {
  if (input !== undefined) throw new UsageError('--input is for the name of an architecture; a model file has its own input');
  if (modelOption !== undefined)
    throw new UsageError('--model-option is for the name of an architecture; a model file has its own options');
}

async function summaryOf(model: string, { input, modelOption }: SummaryOptions): Promise<{ name: string; found: Found }> {
  if (!isFile(model) && !(modelNames as readonly string[]).includes(model)) throw new UsageError(unknownName('model', model, modelNames));
  use(meta());
  if (isFile(model)) {
    const opened = await openModel(model);
    return { name: opened.name, found: summarize(opened.model, opened.inputShape) };
  }
  const zoo = named(model, input, modelOption);
  zoo.model.build(zoo.inputShape, 0);
  return { name: zoo.name, found: summarize(zoo.model, zoo.inputShape) };
}

/** Builds the architecture with the given options and input shape; an error about them names the words that were typed. */
function named(model: string, input: readonly number[] | undefined, given: ModelOptions = {}): ZooModel {
  if (input !== undefined && Object.hasOwn(given, 'inputShape'))
    throw new UsageError('give --input or --model-option inputShape, not both');
  const made = created('model options', model, given);
  return input === undefined ? made : created(`--input ${input.join(',')}`, model, { ...given, inputShape: input });
}

function created(typed: string, model: string, options: ModelOptions): ZooModel {
  try {
    return createModel(model, options);
  } catch (error) {
    throw error instanceof SinapseError ? new UsageError(`${typed}: ${error.message}`) : error;
  }
}
