// `sinapse train --data FILE`: a recurrent network learns a text, or the series of a table.

import { extname } from 'node:path';
import { parametersOf, use } from '@sinapse/core';
import { arrayDataset } from '@sinapse/datasets';
import type { EpochResult } from '@sinapse/training';
import { fit } from '@sinapse/training';
import { saveModel } from '@sinapse/training/node';
import { inWords, openBackend, unknownName } from '../backend-choice.ts';
import { exitCode } from '../exit-code.ts';
import { listenForInterruption } from '../interruption.ts';
import { plural } from '../output/numbers.ts';
import { note } from '../output/note.ts';
import { Output } from '../output/output.ts';
import { wrap } from '../output/wrap.ts';
import { checkTrainingNames } from '../train/plan.ts';
import { newRunFolder } from '../train/run-folder.ts';
import { optimizerOf } from '../train/schedule.ts';
import { planSeries } from '../train/series-run.ts';
import type { SequenceModel } from '../train/sequence-models.ts';
import { isSequenceModel, sequenceModels } from '../train/sequence-models.ts';
import type { SequenceOptions, SequencePlan } from '../train/sequence-plan.ts';
import { planText } from '../train/text-run.ts';
import { UsageError } from '../usage-error.ts';

const PLANS = { text: planText, series: planSeries } as const;

/** Options of trainings on images. */
const OTHERS = { dataset: '--dataset', dataDir: '--data-dir', quickStart: '--quick-start', resume: '--resume', trainLimit: '--train-limit', pretrained: '--pretrained', fineTune: '--fine-tune', testLimit: '--test-limit' } as const; // prettier-ignore

export async function trainSequence(options: SequenceOptions): Promise<number> {
  for (const [name, flag] of Object.entries(OTHERS))
    if (options[name as keyof typeof OTHERS] !== undefined) throw new UsageError(`${flag} is for images; with --data leave it out`);
  const { data, optimizer = 'adam', schedule = 'cooldown', seed = 1, backend: wanted = 'auto', out } = options;
  const name = modelFor(options);
  checkTrainingNames({ optimizer, schedule, backend: wanted });
  const output = new Output(options);
  const kind = sequenceModels[name];
  const plan = await PLANS[kind](name, data, options);
  const folder = await newRunFolder(out, kind);
  const backend = use(await openBackend(wanted));
  const interruption = listenForInterruption(() => note('stopping; nothing was saved'));
  try {
    plan.model.build(plan.inputShape, seed);
    describe(plan, { optimizer, schedule, seed, engine: inWords(backend) }, output);
    await folder.begin();
    const learningRate = options.learningRate ?? (optimizer === 'adam' ? plan.adamRate : undefined);
    const dataset = arrayDataset(plan.train).shuffle(seed).batch(plan.batchSize);
    const result = await fit(plan.model, dataset, {
      optimizer: optimizerOf({ optimizer, learningRate, schedule }, plan.epochs * dataset.length!),
      loss: plan.loss,
      epochs: plan.epochs,
      seed,
      validation: arrayDataset(plan.validation).batch(plan.batchSize),
      callbacks: [{ onEpoch: (epoch) => reportEpoch(epoch, plan, output) }],
      signal: interruption.signal,
    });
    if (result.stopped === 'aborted') {
      output.event({ event: 'interrupted' });
      await folder.removeRemains();
      return exitCode.interrupted;
    }
    await saveModel(folder.model, plan.model, { inputShape: [...plan.inputShape], ...plan.card });
    const figures = await plan.finish(folder, output, result.history.at(-1)!);
    const parameters = parametersOf(plan.model).reduce((sum, { cell }) => sum + cell.size, 0);
    output.event({ event: 'done', ...figures, parameters, model: folder.model, backend: backend.name });
    output.line(`Model: ${output.colors.bold(folder.model)}`);
    return exitCode.done;
  } catch (error) {
    await folder.removeRemains();
    throw error;
  } finally {
    interruption.end();
    await folder.release();
    await backend.close();
  }
}

/** The model that is named, or the one for the kind of the file. */
function modelFor({ model, data }: SequenceOptions): SequenceModel {
  if (model === undefined) return ['.csv', '.tsv', '.jsonl', '.parquet'].includes(extname(data).toLowerCase()) ? 'lstm' : 'char-lstm';
  if (isSequenceModel(model)) return model;
  throw new UsageError(`--data: ${unknownName('model of sequences', model, Object.keys(sequenceModels))}`);
}

function describe(plan: SequencePlan, words: Readonly<Record<string, string | number>>, output: Output): void {
  const parameters = parametersOf(plan.model).reduce((sum, { cell }) => sum + cell.size, 0);
  const { optimizer, schedule, seed, engine } = words;
  output.line(plan.title);
  const details = [
    plural(parameters, 'parameter'),
    `${optimizer}, ${schedule}`,
    `batches of ${plan.batchSize}`,
    `seed ${seed}`,
    String(engine),
  ];
  for (const line of wrap(details, output.width, 0)) output.line(output.colors.dim(line));
  output.line();
}

function reportEpoch(result: EpochResult, { figures, epochs }: SequencePlan, output: Output): void {
  const { epoch, loss, valLoss } = result;
  const more = figures(result);
  output.event({ event: 'epoch', epoch, loss, valLoss, ...more });
  const shown = Object.entries(more).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
  output.line([`Epoch ${epoch} of ${epochs}`, ...shown].join('   '));
}
