// The networks that problems are learned with: of the zoo for pictures, fully connected ones for tables.

import { parametersOf } from '@sinapse/core';
import type { Preprocessing } from '@sinapse/datasets';
import { dense, dropout, sequential } from '@sinapse/layers';
import type { Layer, SequentialEntry } from '@sinapse/layers';
import { meanSquaredError, softmaxCrossEntropy } from '@sinapse/layers/losses';
import type { Loss } from '@sinapse/training';
import { createModel, modelNames } from '@sinapse/zoo';
import { unknownName } from '../backend-choice.ts';
import { lossOf } from '../model-file.ts';
import { takePretrained } from '../train/pretrained.ts';
import { UsageError } from '../usage-error.ts';
import type { AutoSettings } from './auto-settings.ts';
import type { Problem } from './problem.ts';

/** A network with its weights, ready to be trained. */
export interface Network {
  readonly model: Layer;
  readonly loss: Loss;
  /** What must be done to pictures, if the weights came with it. */
  readonly preprocessing?: Preprocessing | undefined;
}

/** What decides a network. */
export type NetworkSettings = Pick<AutoSettings, 'model' | 'modelOptions' | 'pretrained' | 'fineTune'>;

/** Models for tables. */
const tableModels = ['mlp', 'linear'] as const;

/** @throws UsageError when there is no model of that name for the data */
export function checkModel(kind: Problem['kind'], name: string): void {
  const names: readonly string[] = kind === 'images' ? modelNames : tableModels;
  if (!names.includes(name)) throw new UsageError(unknownName(kind === 'images' ? 'model' : 'model for tables', name, names));
}

/**
 * Makes a network and its weights.
 * @throws SinapseError when the model does not fit the data, or the file of weights the model
 */
export async function makeNetwork(problem: Problem, settings: NetworkSettings, seed: number): Promise<Network> {
  if (problem.kind === 'table') return tableNetwork(problem, settings, seed);
  const { model, modelOptions, pretrained } = settings;
  const zoo = createModel(model!, { ...modelOptions, classes: problem.classNames.length, inputShape: problem.inputShape });
  zoo.model.build(zoo.inputShape, seed);
  const network = { model: zoo.model as Layer, loss: lossOf(zoo) };
  if (pretrained === undefined) return network;
  const { preprocessing } = await takePretrained(zoo, pretrained, settings);
  return { ...network, preprocessing };
}

function tableNetwork(problem: Problem, { model, modelOptions = {}, pretrained }: NetworkSettings, seed: number): Network {
  if (pretrained !== undefined) throw new UsageError('--pretrained is for pictures; a table is learned from nothing');
  const { hidden, dropout: rate } = tableOptions(model!, modelOptions);
  const layers = hidden.flatMap((units, i): SequentialEntry[] => [
    [`hidden${i + 1}`, dense({ units, activation: 'relu' })],
    ...(rate > 0 ? [[`dropout${i + 1}`, dropout({ rate })] as const] : []),
  ]);
  const regression = problem.task === 'regression';
  const network = sequential([...layers, ['output', dense({ units: regression ? 1 : problem.classNames.length })]]);
  network.build(problem.inputShape, seed);
  return { model: network, loss: regression ? meanSquaredError : softmaxCrossEntropy };
}

/** @throws UsageError when an option is unknown */
function tableOptions(model: string, options: Readonly<Record<string, unknown>>): { readonly hidden: number[]; readonly dropout: number } {
  const known = model === 'linear' ? [] : ['hidden', 'dropout'];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`model options: ${unknownName(`option of ${model}`, unknown, known)}`);
  const { hidden = model === 'linear' ? [] : [64, 32], dropout: rate = 0 } = options as { hidden?: number | number[]; dropout?: number };
  return { hidden: [hidden].flat(), dropout: rate };
}

/** Number of values that training changes. */
export function trainableIn(model: object): number {
  return parametersOf(model).reduce((sum, { cell }) => sum + (cell.trainable ? cell.size : 0), 0);
}
