// Reports the end of a training: the result, its folder, and commands to try next.

import { join } from 'node:path';
import type { EpochResult, Evaluation } from '@sinapse/training';
import { activeBackend } from '@sinapse/core';
import type { Data } from '../data.ts';
import { confusionTable } from '../output/confusion-table.ts';
import { loss, percent, plural } from '../output/numbers.ts';
import type { Output } from '../output/output.ts';
import type { RunFolder } from './run-folder.ts';
import { writeSample } from './sample.ts';

export interface Result {
  readonly folder: RunFolder;
  readonly data: Data;
  readonly test: Evaluation;
  readonly history: readonly EpochResult[];
  /** Number of trained values. */
  readonly parameters: number;
  readonly quickStart: boolean;
}

export async function reportResult(result: Result, output: Output): Promise<void> {
  const { folder, data, test, history, parameters, quickStart } = result;
  const { bold, green } = output.colors;
  const sum = (of: (epoch: EpochResult) => number) => history.reduce((total, epoch) => total + of(epoch), 0);
  output.event({
    event: 'done',
    testAccuracy: test.accuracy,
    testLoss: test.loss,
    parameters,
    model: folder.model,
    report: join(folder.path, 'report.html'),
    backend: activeBackend().name,
    examplesPerSecond: sum(({ examples }) => examples) / sum(({ seconds }) => seconds),
  });
  output.line();
  output.line(`${bold(`Test accuracy ${green(percent(test.accuracy))}`)}, loss ${loss(test.loss)} (${plural(test.examples, 'image')})`);
  output.line();
  for (const line of confusionTable(test.confusion, data.labels, output.width, output.colors)) output.line(line);
  output.line();
  output.line(`Model: ${bold(folder.model)}`);
  output.line(`Report: ${bold(join(folder.path, 'report.html'))}`);
  if (quickStart && !output.json) await suggestNext(result, output);
}

/** Suggests commands to try after a quick start; they work as typed. */
async function suggestNext({ folder, data }: Result, output: Output): Promise<void> {
  const { sample } = folder;
  const shown = await writeSample(data, folder);
  const suggestions: [string, string[]][] = [
    [`ask it what an image shows: this one, a ${shown}, or a photograph of a digit you wrote`, ['predict', folder.model, sample]],
    ['measure it again', ['evaluate', folder.model, '--dataset', data.name]],
    [
      'learn real handwriting: MNIST, 11 MB to download once (or give its folder: --data-dir DIR)',
      ['train', '--model', 'lenet5', '--dataset', 'mnist'],
    ],
    ['see all there is', ['--help']],
  ];
  const { dim } = output.colors;
  output.line();
  output.line('What next:');
  for (const [purpose, command] of suggestions) {
    output.line(dim(`  # ${purpose}`));
    output.command(command);
  }
}
