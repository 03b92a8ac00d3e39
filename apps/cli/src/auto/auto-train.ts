// `sinapse train --data PATH`: from a folder of pictures or a table to a trained model.

import { stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Model } from '@sinapse/core';
import { SinapseError, use } from '@sinapse/core';
import { csvLog, jsonLinesLog, tensorBoard } from '@sinapse/training/node';
import { ensemble } from '@sinapse/training/selection';
import { inWords, openBackend } from '../backend-choice.ts';
import { exitCode } from '../exit-code.ts';
import { listenForInterruption } from '../interruption.ts';
import { asTyped } from '../invocation.ts';
import { readInput } from '../input-file.ts';
import { asWords } from '../model-options.ts';
import { duration, plural } from '../output/numbers.ts';
import { note } from '../output/note.ts';
import { Output } from '../output/output.ts';
import { printable } from '../output/printable.ts';
import { wrap } from '../output/wrap.ts';
import { checkTrainingNames } from '../train/plan.ts';
import type { Language } from '../report/words.ts';
import { UsageError } from '../usage-error.ts';
import { AutoFolder } from './auto-folder.ts';
import type { AutoSettings, ChosenSettings } from './auto-settings.ts';
import { checkSettings, formatConfig, parseConfig, present } from './auto-settings.ts';
import { crossValidated, searched, withFoundRate } from './before-training.ts';
import type { Preparation } from './before-training.ts';
import { DEFAULT_TIME, choose } from './choose.ts';
import { environmentOf } from './environment.ts';
import { foundEvent, sayFound } from './found.ts';
import { makeNetwork, trainableIn } from './network.ts';
import { lookAtPictures } from './pictures.ts';
import type { LookOptions } from './pictures.ts';
import type { Problem } from './problem.ts';
import { TrainingProgress } from './progress.ts';
import { finish } from './result.ts';
import { lookAtRows } from './rows.ts';
import type { Trained } from './trained.ts';
import { trainNetwork } from './train-network.ts';

export interface AutoTrainOptions {
  readonly given: Partial<AutoSettings>;
  readonly config?: string | undefined;
  readonly out?: string | undefined;
  readonly resume?: boolean | undefined;
  readonly printConfig?: boolean | undefined;
  /** Of the report. */
  readonly lang?: Language | undefined;
  /** Whether the run ends with its report. Default true. */
  readonly report?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** The part of the time after which training stops, so that measuring and writing stay within it. */
const TRAINING_SHARE = 0.92;

export async function autoTrain(options: AutoTrainOptions): Promise<number> {
  const started = performance.now();
  const output = new Output({ json: options.json ?? false });
  const begun = options.resume === true ? await resumed(options) : await begin(options);
  const backend = use(await openBackend(begun.settings.backend));
  const interruption = listenForInterruption(() => note('stopping; once more to leave at once'));
  let { folder } = begun;
  try {
    const { signal } = interruption;
    const seed = begun.settings.seed ?? 1;
    const time = begun.settings.time ?? DEFAULT_TIME;
    const looked = await look({ ...begun.settings, seed }, { signal });
    const problem = await withPreprocessing(looked, begun.settings);
    output.event(foundEvent(problem));
    if (options.printConfig !== true) sayFound(problem, output);
    const chosen = begun.folder !== undefined ? (begun.settings as ChosenSettings) : await choose({ ...begun.settings, seed }, problem, time - since(started)); // prettier-ignore
    if (options.printConfig === true) {
      process.stdout.write(formatConfig(chosen));
      return exitCode.done;
    }
    if (folder === undefined) {
      folder = await AutoFolder.forNew(options.out, nameOf(chosen.data));
      await folder.begin(chosen);
    }
    await folder.write('environment.json', `${JSON.stringify(environmentOf(backend), null, 2)}\n`);
    signal.throwIfAborted();
    const preparation: Preparation = {
      problem,
      folder,
      signal,
      deadline: started + 1000 * time * TRAINING_SHARE,
      say(event, text, values) {
        output.event({ event, ...values });
        output.line(text);
      },
    };
    const settings = await withFoundRate(await searched(chosen, preparation), preparation);
    sayPlan(settings, inWords(backend), output);
    const folds = await crossValidated(settings, preparation);
    const trained = await trainAll(settings, preparation, output);
    if (trained === undefined) return interrupted(folder, output);
    await finish({ problem, settings, folder, folds, ...trained, seconds: since(started) }, backend, output, options);
    return exitCode.done;
  } catch (error) {
    if (interruption.signal.aborted && error instanceof Error && error.name === 'AbortError') return interrupted(folder, output);
    throw error;
  } finally {
    interruption.end();
    await folder?.release();
    await backend.close();
  }
}

function since(started: number): number {
  return (performance.now() - started) / 1000;
}

/** The settings of a new run: those given, and below them those of `--config`. */
async function begin({ given, config }: AutoTrainOptions): Promise<{ settings: AutoSettings; folder?: AutoFolder }> {
  const read = config === undefined ? {} : await readConfig(config, given.data === undefined);
  const settings = { ...read, ...present(given) };
  checkSettings('train', settings);
  const { data, pretrained, optimizer = 'adam', schedule = 'cosine', backend = 'auto' } = settings;
  checkTrainingNames({ optimizer, schedule, backend });
  // Paths are absolute, because the run may be resumed from another folder.
  return { settings: { ...settings, data: resolve(data), ...(pretrained !== undefined && { pretrained: resolve(pretrained) }) } };
}

/** Settings from a file; a path in it that is not absolute begins at the file's folder, wherever the command runs. */
async function readConfig(path: string, needsData: boolean): Promise<Partial<AutoSettings>> {
  const read = parseConfig((await readInput(path)).toString('utf8'), path, needsData);
  const fromFile = (named: string): string => resolve(dirname(path), named);
  const { data, pretrained } = read;
  return {
    ...read,
    ...(data !== undefined && { data: fromFile(data) }),
    ...(pretrained !== undefined && { pretrained: fromFile(pretrained) }),
  };
}

/** Settings that may change when a run is resumed. */
const MAY_CHANGE: ReadonlySet<string> = new Set(['data', 'time', 'backend', 'tensorboard']);

async function resumed({ given, out }: AutoTrainOptions): Promise<{ settings: AutoSettings; folder: AutoFolder }> {
  if (out === undefined) throw new UsageError('say which run to resume: --resume --out runs/photos');
  const { folder, settings } = await AutoFolder.forResumed(out);
  const settled: Readonly<Record<string, unknown>> = { ...settings };
  const other = Object.entries(present(given)).find(
    ([name, value]) => !MAY_CHANGE.has(name) && !isDeepStrictEqual(value, settled[name]),
  )?.[0];
  if (other !== undefined) {
    await folder.release();
    throw new UsageError(`${folder.file('config.yaml')} says another ${other}, which a resumed run cannot change; begin a new run in another --out`); // prettier-ignore
  }
  return { folder, settings: { ...settings, ...present(given), ...(given.data !== undefined && { data: resolve(given.data) }) } };
}

async function look(settings: AutoSettings & { readonly seed: number }, options: LookOptions): Promise<Problem> {
  const found = await stat(settings.data).catch(() => undefined);
  if (found === undefined) throw new SinapseError(`--data: ${settings.data} does not exist`);
  if (!found.isDirectory()) return lookAtRows(settings);
  if (settings.target !== undefined) throw new UsageError('--target is for tables; the classes of pictures are the names of their folders');
  if (settings.task === 'regression') throw new UsageError('--task regression is for tables; pictures in folders are told apart by class');
  return lookAtPictures(settings, options);
}

/** The problem with the preprocessing that the weights of `--pretrained` need. */
async function withPreprocessing(problem: Problem, settings: AutoSettings): Promise<Problem> {
  if (settings.pretrained === undefined || problem.kind === 'table') return problem;
  if (settings.model === undefined) throw new UsageError('--pretrained needs the name of its network: --model resnet18');
  const { preprocessing } = await makeNetwork(problem, settings, 0);
  return preprocessing === undefined ? problem : problem.preprocessedBy(preprocessing);
}

function nameOf(data: string): string {
  return basename(data, extname(data)).replace(/[^\p{L}\p{N}._-]+/gu, '-') || 'data';
}

function sayPlan(settings: ChosenSettings, engine: string, output: Output): void {
  const { model, modelOptions = {}, epochs, batchSize, optimizer, learningRate, schedule, augment, seed, time = DEFAULT_TIME } = settings;
  output.event({ event: 'plan', ...present(settings) });
  const words = [
    `${model}${asWords(modelOptions).map((word) => ` ${word}`).join('')}`, // prettier-ignore
    `up to ${plural(epochs, 'epoch')} within ${duration(time)}`,
    `batches of ${batchSize}`,
    `${optimizer}, learning rate ${learningRate}, ${schedule}`,
    ...(augment === 'none' ? [] : [`augmentation ${augment}`]),
    `seed ${seed}`,
    engine,
  ];
  output.line();
  for (const line of wrap(words.map(printable), output.width, 0)) output.line(output.colors.dim(line));
  output.line();
}

/** Trains the network, or those of an ensemble one after the other. @returns undefined when it was interrupted */
async function trainAll(
  settings: ChosenSettings,
  preparation: Preparation,
  output: Output,
): Promise<Pick<Trained, 'model' | 'loss' | 'parameters' | 'history' | 'stopped'> | undefined> {
  const { problem, folder, signal, deadline } = preparation;
  const { ensemble: count = 1, seed } = settings;
  const members: Model[] = [];
  let first: Pick<Trained, 'history' | 'stopped' | 'loss'> | undefined;
  let parameters = 0;
  for (let member = 0; member < count; member++) {
    const network = await makeNetwork(problem, settings, seed + member);
    const suffix = member === 0 ? '' : `-${member + 1}`;
    const left = (deadline - performance.now()) / (count - member);
    const trained = await trainNetwork(problem, {
      network,
      settings,
      ...problem.parts,
      seed: seed + member,
      signal,
      deadline: performance.now() + left,
      callbacks: [
        new TrainingProgress(output, problem.parts.train.length, count > 1 ? `network ${member + 1}` : ''),
        csvLog(folder.file(`metrics${suffix}.csv`)),
        jsonLinesLog(folder.file(`metrics${suffix}.jsonl`)),
        ...(settings.tensorboard === true ? [tensorBoard(folder.file(`tensorboard${suffix}`))] : []),
      ],
      kept: { folder, file: `checkpoint${suffix}.safetensors` },
    });
    if (trained.stopped === 'aborted') return undefined;
    first ??= { ...trained, loss: network.loss };
    parameters += trainableIn(network.model);
    members.push(network.model);
  }
  const model = count === 1 ? members[0]! : ensemble(members, { of: problem.task === 'regression' ? 'values' : 'logits' });
  return { model, parameters, ...first! };
}

function interrupted(folder: AutoFolder | undefined, output: Output): number {
  if (folder === undefined) {
    output.event({ event: 'interrupted' });
    note('interrupted before anything was learned; nothing was saved');
    return exitCode.interrupted;
  }
  const resume = asTyped(['train', '--resume', '--out', folder.path]);
  output.event({ event: 'interrupted', resume });
  note(`interrupted; what was learned is in ${folder.path}`);
  note(`to go on: ${resume}`);
  return exitCode.interrupted;
}
