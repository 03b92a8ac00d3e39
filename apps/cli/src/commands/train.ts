// `sinapse train`: from options to a run folder, in the order in which things can fail: options, folder, backend, data, training.

import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parametersOf, use } from '@sinapse/core';
import type { Backend } from '@sinapse/core';
import { TrainingError, evaluate, fit } from '@sinapse/training';
import type { Json } from '@sinapse/training';
import { saveModel } from '@sinapse/training/node';
import { createModel } from '@sinapse/zoo';
import type { ZooModel } from '@sinapse/zoo';
import { inWords, openBackend } from '../backend-choice.ts';
import { contentOf, loadData, testBatches, trainingBatches } from '../data.ts';
import type { Data } from '../data.ts';
import { exitCode } from '../exit-code.ts';
import { listenForInterruption } from '../interruption.ts';
import type { Interruption } from '../interruption.ts';
import { asTyped } from '../invocation.ts';
import { lossOf } from '../model-file.ts';
import { asWords } from '../model-options.ts';
import type { ModelOptions } from '../model-options.ts';
import { count, plural } from '../output/numbers.ts';
import { note } from '../output/note.ts';
import { Output } from '../output/output.ts';
import { printable } from '../output/printable.ts';
import { wrap } from '../output/wrap.ts';
import { takePretrained } from '../train/pretrained.ts';
import type { Pretrained } from '../train/pretrained.ts';
import type { Language } from '../report/words.ts';
import { throughLosses } from '../train/lost-device.ts';
import { planNew, planResumed } from '../train/plan.ts';
import type { Plan } from '../train/plan.ts';
import { Recorder } from '../train/recorder.ts';
import { recordRun } from '../train/record-run.ts';
import { reportResult } from '../train/report.ts';
import { optimizerOf } from '../train/schedule.ts';
import type { RunFolder } from '../train/run-folder.ts';
import type { GivenSettings, Settings } from '../train/settings.ts';
import { UsageError } from '../usage-error.ts';

export interface TrainOptions extends Omit<GivenSettings, 'modelOptions'> {
  readonly modelOption?: ModelOptions;
  readonly quickStart?: boolean;
  readonly out?: string;
  readonly resume?: boolean;
  readonly lang?: Language;
  /** Whether the run ends with its report. Default true. */
  readonly report?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

export async function train(options: TrainOptions): Promise<number> {
  const {
    quickStart = false,
    out,
    resume = false,
    lang = 'en',
    report = true,
    json = false,
    verbose: _,
    dataDir,
    pretrained,
    modelOption: modelOptions,
    ...others
  } = options;
  // Paths are absolute, because the run may be resumed from another folder.
  const given = { ...others, modelOptions, dataDir: dataDir && resolve(dataDir), pretrained: pretrained && resolve(pretrained) };
  const plan = resume ? await planResumed(out, given) : await planNew(out, given, quickStart);
  const output = new Output({ json });
  try {
    return await throughLosses(plan, output, (current) => trainAsPlanned(current, report ? lang : undefined, output));
  } finally {
    await plan.folder.release();
  }
}

/** @param lang the language of the report; undefined if none is wanted */
async function trainAsPlanned(plan: Plan, lang: Language | undefined, output: Output): Promise<number> {
  const backend = use(await openBackend(plan.settings.backend));
  let recorder: Recorder | undefined;
  const interruption = listenForInterruption(() => {
    recorder?.stop();
    note('stopping; once more to leave at once');
  });
  try {
    const loaded = await loadData({ ...plan.settings, signal: interruption.signal });
    // Lets a signal that came while the last images were computed arrive: the event loop may look for signals only in its second turn.
    await setImmediate();
    await setImmediate();
    if (interruption.signal.aborted) return interrupted(plan, output);
    checkBatchSize(plan.settings, loaded);
    const zoo = buildModel(plan.settings, loaded);
    const { pretrained } = plan.settings;
    const taken = pretrained === undefined ? undefined : await takePretrained(zoo, pretrained, plan.settings);
    const preprocessing = taken?.preprocessing ?? zoo.preprocessing;
    const data = { ...loaded, ...(preprocessing && { preprocessing }) };
    describe(plan.settings, data, zoo, inWords(backend), output, taken);
    recorder = new Recorder(output, plan.folder, plan.settings, data.train.labels.length);
    return await trainAndTest({ plan, data, zoo, recorder, interruption, backend, lang }, output);
  } catch (error) {
    await plan.folder.removeRemains();
    if (interruption.signal.aborted && isAbort(error)) return interrupted(plan, output);
    throw error;
  } finally {
    interruption.end();
    await backend.close();
  }
}

function checkBatchSize({ batchSize }: Settings, { train: { labels } }: Data): void {
  if (batchSize > labels.length)
    throw new UsageError(`--batch-size ${batchSize} is more than the ${plural(labels.length, 'training image')}`);
}

function buildModel({ model, modelOptions, seed }: Settings, { inputShape, labels }: Data): ZooModel {
  const zoo = createModel(model, { ...modelOptions, classes: labels.length, inputShape });
  zoo.model.build(zoo.inputShape, seed);
  return zoo;
}

function describe(
  settings: Settings,
  { name, train: images, test }: Data,
  zoo: ZooModel,
  engine: string,
  output: Output,
  taken: Pretrained | undefined,
): void {
  const { bold, dim } = output.colors;
  const { modelOptions = {}, optimizer, learningRate, schedule, batchSize, seed } = settings;
  output.line(
    `Training ${bold(zoo.name)} on ${bold(name)}: ${plural(images.labels.length, 'image')}, ${count(test.labels.length)} more to test`,
  );
  const rate = learningRate === undefined ? '' : `, learning rate ${learningRate}`;
  const model = [...asWords(modelOptions), plural(parametersIn(zoo), 'parameter')];
  const details = [...model, `${optimizer}${rate}, ${schedule}`, `batches of ${batchSize}`, `seed ${seed}`, engine];
  for (const line of wrap(details, output.width, 0)) output.line(dim(line));
  if (taken !== undefined) output.line(dim(`begins with ${plural(taken.tensors, 'tensor')} of ${printable(settings.pretrained!)}${taken.newHead === undefined ? '' : `; ${taken.newHead} is new`}`)); // prettier-ignore
  output.line();
}

/** Number of values that training changes. */
function parametersIn({ model }: ZooModel): number {
  return parametersOf(model).reduce((sum, { cell }) => sum + (cell.trainable ? cell.size : 0), 0);
}

/** All options of a model, as a file holds them. */
function optionsOf({ options }: ZooModel): Record<string, Json> {
  return { ...options, inputShape: [...options.inputShape] };
}

/** A training about to run, with all that it needs. */
interface Ready {
  readonly plan: Plan;
  readonly data: Data;
  readonly zoo: ZooModel;
  readonly recorder: Recorder;
  readonly interruption: Interruption;
  readonly backend: Backend;
  readonly lang: Language | undefined;
}

async function trainAndTest(
  { plan, data, zoo, recorder, interruption: { signal }, backend, lang }: Ready,
  output: Output,
): Promise<number> {
  const { settings, folder, checkpoint } = plan;
  const { optimizer, learningRate, schedule, epochs, seed, batchSize } = settings;
  const steps = epochs * Math.ceil(data.train.labels.length / batchSize);
  const validation = recorder.watch(testBatches(data));
  const result = await fit(zoo.model, trainingBatches(data, seed, batchSize), {
    optimizer: optimizerOf(settings, steps),
    loss: lossOf(zoo),
    epochs,
    seed,
    validation,
    callbacks: [recorder],
    signal,
    fingerprint: {
      model: settings.model,
      'the options of the model': optionsOf(zoo),
      optimizer,
      learningRate: learningRate ?? null,
      schedule,
      'the content of the training images': contentOf(data.train),
      ...(settings.pretrained !== undefined && { fineTune: settings.fineTune ?? false }),
    },
    ...(checkpoint && { resume: checkpoint }),
  }).catch((error: unknown) => {
    throw withLastCheckpoint(error, folder);
  });
  if (result.stopped === 'aborted') return interrupted(plan, output);

  const test = await evaluate(zoo.model, validation, { loss: lossOf(zoo), classes: zoo.classes, signal });
  await saveModel(folder.model, zoo.model, {
    labels: data.labels,
    preprocessing: { ...data.preprocessing },
    trainedOn: data.name,
    metrics: { testAccuracy: test.accuracy, ...(Number.isFinite(test.loss) && { testLoss: test.loss }) },
  }).catch((error: unknown) => {
    if (error instanceof TrainingError)
      error.message += `; what was learned is kept, and this writes it again: ${asTyped(['train', '--resume', '--out', folder.path])}`;
    throw error;
  });
  const { history } = result;
  const parameters = parametersIn(zoo);
  if (lang !== undefined)
    await recordRun({ folder: folder.path, data, model: zoo.model, settings, test, history, parameters, backend, lang });
  await reportResult({ ...plan, data, test, history, parameters }, output);
  return exitCode.done;
}

/** The error of a failed training, with a note on what is left of the run. */
function withLastCheckpoint(error: unknown, { remains }: RunFolder): unknown {
  if (error instanceof TrainingError) error.message += `; ${remains}`;
  return error;
}

function interrupted({ folder }: Plan, output: Output): number {
  if (folder.holdsRun) {
    const resume = asTyped(['train', '--resume', '--out', folder.path]);
    output.event({ event: 'interrupted', checkpoint: folder.checkpoint, resume });
    note(`interrupted; what was learned is in ${folder.checkpoint}`);
    note(`to go on: ${resume}`);
  } else {
    output.event({ event: 'interrupted' });
    note('interrupted before anything was learned; nothing was saved');
  }
  return exitCode.interrupted;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
