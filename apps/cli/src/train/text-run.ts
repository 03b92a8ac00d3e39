// Learning a text, character by character.

import { charModel, sequenceCrossEntropy, textWindows, vocabularyOf } from '@sinapse/recurrent';
import type { CharModelOptions } from '@sinapse/recurrent';
import { SinapseError } from '@sinapse/core';
import { readInput } from '../input-file.ts';
import { asTyped } from '../invocation.ts';
import { count, plural } from '../output/numbers.ts';
import { UsageError } from '../usage-error.ts';
import type { SequenceOptions, SequencePlan } from './sequence-plan.ts';

/** The part of a text, from its end, on which the model is measured and not trained. */
const HELD_BACK = 0.1;
/** A text of 20 kB makes few steps in a pass, which at Adam's usual rate of 0.001 learn little more than how often each character occurs. */
const ADAM_RATE = 0.01;
/** As many passes over a text are made as give this number of steps, within the bounds. */
const STEPS = 370;
const EPOCHS = { least: 10, most: 40 } as const;

export async function planText(model: string, path: string, options: SequenceOptions): Promise<SequencePlan> {
  if (options.target !== undefined || options.horizon !== undefined)
    throw new UsageError(`--target and --horizon are for a series; ${model} learns a text`);
  const text = decode(path, await readInput(path));
  const { window = 64, modelOption } = options;
  const vocabulary = vocabularyOf(text);
  const characters = Array.from(text);
  const cut = Math.floor(characters.length * (1 - HELD_BACK));
  const [learned, held] = [characters.slice(0, cut).join(''), characters.slice(cut).join('')];
  if (characters.length - cut < window + 2)
    throw new UsageError(
      `${path} has ${plural(characters.length, 'character')}; with --window ${window} a text of at least ${count(Math.ceil((window + 2) / HELD_BACK))} is needed, since a tenth is kept to measure`,
    );
  // Pieces overlap by half, so that characters have other ones before them at another place.
  const train = textWindows(learned, vocabulary, { length: window, stride: Math.max(1, window >> 1) });
  const batchSize = Math.min(options.batchSize ?? 32, train.x.shape[0]!);
  const { epochs = usualEpochs(Math.ceil(train.x.shape[0]! / batchSize)) } = options;
  return {
    title: `Learning the text ${path}: ${plural(characters.length, 'character')}, ${vocabulary.length - 1} different ones`,
    model: made({ vocabulary, cell: model === 'char-gru' ? 'gru' : 'lstm', ...modelOption }),
    inputShape: [window],
    train: { ...train },
    validation: { ...textWindows(held, vocabulary, { length: window }) },
    loss: sequenceCrossEntropy,
    epochs,
    adamRate: ADAM_RATE,
    batchSize,
    card: { trainedOn: 'text' },
    figures: ({ loss, valLoss }) => ({ perplexity: Math.exp(loss), valPerplexity: Math.exp(valLoss!) }),
    finish: (folder, output, last) => {
      output.line();
      output.line(`Perplexity ${Math.exp(last.valLoss!).toPrecision(4)} on the last tenth of the text, which it did not learn`);
      output.line('It writes on after a prompt:');
      output.command(['generate', folder.model, '--prompt', learned.slice(0, 8).split('\n')[0]!.trim() || 'a', '--temperature', '0.8']);
      return Promise.resolve({ valLoss: last.valLoss, valPerplexity: Math.exp(last.valLoss!) });
    },
  };
}

/** @param steps the number of them in one pass */
function usualEpochs(steps: number): number {
  return Math.min(EPOCHS.most, Math.max(EPOCHS.least, Math.ceil(STEPS / steps)));
}

function made(options: CharModelOptions): ReturnType<typeof charModel> {
  try {
    return charModel(options);
  } catch (error) {
    throw error instanceof SinapseError ? new UsageError(`--model-option: ${error.message}`) : error;
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${path} is no text in UTF-8; to learn a table: ${asTyped(['train', '--model', 'lstm', '--data', 'series.csv'])}`);
  }
}
