import { scope, tensor, use } from '@sinapse/core';
import { preprocessImages } from '@sinapse/datasets';
import { classify } from '@sinapse/training';
import type { ClassProbability } from '@sinapse/training';
import { openBackend } from '../backend-choice.ts';
import { exitCode } from '../exit-code.ts';
import { failureLine } from '../failure.ts';
import { Decoder } from '../images/decoder.ts';
import type { Invert } from '../images/digit.ts';
import { imageFor } from '../images/image-for.ts';
import { openClassifier } from '../model-file.ts';
import type { Classifier } from '../model-file.ts';
import { percent } from '../output/numbers.ts';
import { note } from '../output/note.ts';
import { Output } from '../output/output.ts';
import { printable } from '../output/printable.ts';

export interface PredictOptions {
  readonly top: number;
  readonly invert: Invert;
  readonly backend?: string;
  readonly json?: boolean;
}

/** `sinapse predict`: says what images show. It reports an image that cannot be read, and goes on with the others. */
export async function predict(path: string, files: readonly string[], options: PredictOptions): Promise<number> {
  const output = new Output(options);
  const backend = use(await openBackend(options.backend));
  const decoder = new Decoder();
  try {
    const model = await openClassifier(path);
    let code: number = exitCode.done;
    for (const file of files) {
      try {
        report(file, await classifyFile(model, file, options, decoder), files.length > 1, output);
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

async function classifyFile(
  model: Classifier,
  file: string,
  { top, invert }: PredictOptions,
  decoder: Decoder,
): Promise<ClassProbability[]> {
  const { height, width, channels, data } = await imageFor(model, file, invert, decoder);
  const x = preprocessImages({ images: data, height, width, channels }, model.preprocessing);
  using batch = scope(() => tensor(x.data, { shape: x.shape }));
  const [answers] = await classify(model.model, batch, { top, labels: model.labels, output: model.output });
  return answers!;
}

function report(file: string, answers: readonly ClassProbability[], several: boolean, output: Output): void {
  output.event({ event: 'prediction', file, top: answers.map(({ label, probability }) => ({ label, probability })) });
  const { bold, dim } = output.colors;
  if (several) output.line(dim(printable(file)));
  const width = Math.max(...answers.map(({ label }) => label!.length));
  answers.forEach(({ label, probability }, i) => {
    const line = `${label!.padEnd(width)}  ${percent(probability).padStart(7)}  ${'█'.repeat(Math.round(probability * 20))}`.trimEnd();
    output.line(i === 0 ? bold(line) : line);
  });
}
