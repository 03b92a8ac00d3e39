import { use } from '@sinapse/core';
import type { CharModel } from '@sinapse/recurrent';
import { openBackend } from '../backend-choice.ts';
import { exitCode } from '../exit-code.ts';
import { asTyped } from '../invocation.ts';
import { ModelFileError, openModel } from '../model-file.ts';
import { note } from '../output/note.ts';
import { Output } from '../output/output.ts';
import { printable } from '../output/printable.ts';
import { UsageError } from '../usage-error.ts';

export interface GenerateCommandOptions {
  readonly prompt: string;
  readonly length: number;
  readonly temperature: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed: number;
  readonly backend?: string;
  readonly json?: boolean;
}

/** `sinapse generate`: writes on after a prompt, with a model that has learned a text. */
export async function generate(path: string, options: GenerateCommandOptions): Promise<number> {
  const output = new Output(options);
  const { prompt, length, temperature, topK, topP, seed } = options;
  if (prompt === '') throw new UsageError('--prompt: give at least one character with which the text begins');
  const backend = use(await openBackend(options.backend));
  try {
    const { model, name } = await openModel(path);
    if (!isCharModel(model)) {
      const train = asTyped(['train', '--model', 'char-lstm', '--data', 'text.txt']);
      throw new ModelFileError(`${path} holds a ${name}, which writes no text; this makes a model that does: ${train}`);
    }
    const sampling = { temperature, ...(topK !== undefined && { topK }), ...(topP !== undefined && { topP }) };
    const { text, unknown } = await model.generate(prompt, { length, seed, ...sampling });
    if (unknown.length > 0)
      note(`the model never saw ${unknown.map((each) => printable(each)).join(' ')}; U+FFFD, its unknown character, stands there`);
    output.event({ event: 'generated', text, unknown });
    for (const line of text.split('\n')) output.line(printable(line));
    return exitCode.done;
  } finally {
    await backend.close();
  }
}

function isCharModel(model: object): model is CharModel {
  return 'generate' in model && typeof model.generate === 'function';
}
