// One network with its data, and how far its training has come.

import { SinapseError, sameShape } from '@sinapse/core';
import type { Checkpoint, Json, Loss, StepInfo } from '@sinapse/training';
import { encodeModel, loadWeights } from '@sinapse/training';
import type { Preprocessing } from '@sinapse/datasets';
import { Refusal } from '../../experiment/failure-of.ts';
import type { Sources, TrainData } from './data.ts';
import { digitPreprocessing, makeData, sourcesOf } from './data.ts';
import type { DroppedFile } from './files.ts';
import type { TrainedNetwork } from './network.ts';
import { disposeNetwork, layerRows, makeNetwork } from './network.ts';
import { networkFromFile } from './open-model-file.ts';
import type { Measured, Prepared, TrainState } from './report.ts';
import { samplesOf } from './samples.ts';
import type { TrainSettings } from './settings.ts';
import { shapeText } from './shape-text.ts';

export interface Session {
  /** Tells one from another; the same after a lost device. */
  readonly id: number;
  readonly settings: TrainSettings;
  readonly data: TrainData;
  readonly sources: Sources;
  readonly network: TrainedNetwork & { readonly loss: Loss };
  /** The model file from which the network came. */
  readonly file?: DroppedFile;
  state: TrainState;
  epochs: number;
  info?: StepInfo;
  /** From which `fit` goes on. */
  checkpoint?: Checkpoint;
  lastMeasured?: Measured;
}

let made = 0;

function session(settings: TrainSettings, data: TrainData, network: Session['network'], file?: DroppedFile): Session {
  const sources = sourcesOf(data, network.preprocessing, settings.batchSize, settings.seed);
  return { id: ++made, settings, data, sources, network, state: 'ready', epochs: settings.epochs, ...(file && { file }) };
}

/**
 * A session with fresh weights.
 * @param files the data `files`
 * @throws Refusal when the network does not take the data
 */
export function freshSession(settings: TrainSettings, files: TrainData | undefined): Session {
  const data = makeData(settings.data, settings.seed, files);
  const inputShape = data.kind === 'images' ? sourcesOf(data, digitPreprocessing, 1, 0).inputShape : [2];
  const { classNames } = data;
  try {
    const { model, loss, scale } = makeNetwork(settings, inputShape, classNames.length);
    model.build(inputShape, settings.seed);
    const preprocessing: Preprocessing = scale === undefined ? digitPreprocessing : { scale };
    return session(settings, data, { model, loss, classNames, inputShape, preprocessing });
  } catch (error) {
    if (error instanceof SinapseError && ['SinapseError', 'ShapeError'].includes(error.name))
      throw new Refusal({ kind: 'networkDoesNotFit', detail: error.message });
    throw error;
  }
}

/**
 * A session with the network of a model file, on the data in use if it is of its kind.
 * @throws Refusal when the file is no model, or its network does not fit the data; nothing is kept then
 */
export function fileSession(file: DroppedFile, settings: TrainSettings, files: TrainData | undefined): Session {
  const { name } = file;
  const { outputShape, ...network } = networkFromFile(file);
  try {
    const points = network.inputShape.length === 1;
    const dataName = points ? (settings.data === 'spirals' ? 'spirals' : 'xor') : settings.data === 'files' ? 'files' : 'digits';
    const data = makeData(dataName, settings.seed, files);
    const made = session({ ...settings, data: dataName, network: 'file' }, data, network, file);
    const [takes, given] = [network.inputShape, made.sources.inputShape];
    if (!sameShape(takes, given))
      throw new Refusal({ kind: 'modelForOtherInputs', name, takes: shapeText(takes), given: shapeText(given), detail: '' });
    const classes = data.classNames.length;
    if (!sameShape(outputShape, [classes]))
      throw new Refusal({ kind: 'modelForOtherClasses', name, gives: shapeText(outputShape), classes, detail: '' });
    return made;
  } catch (error) {
    disposeNetwork(network.model);
    throw error;
  }
}

/**
 * Puts the network of a session, whose device was lost, onto the backend in use, with the weights of its last checkpoint. Without one it begins
 * anew: with those of its file, or of its seed.
 */
export function revived(lost: Session): Session {
  const { id, settings, data, network, file, checkpoint, epochs, info, lastMeasured } = lost;
  disposeNetwork(network.model);
  const again = file === undefined ? undefined : networkFromFile(file);
  if (again === undefined) network.model.build(network.inputShape, settings.seed);
  const next = session(settings, data, again ?? network, file);
  if (checkpoint !== undefined) loadWeights(next.network.model, checkpoint.weights);
  return { ...next, id, epochs, ...(info && { info }), ...(checkpoint && { checkpoint }), ...(lastMeasured && { lastMeasured }) };
}

/** What the page shows of a session before its first step. */
export function preparedOf({ data, network, sources }: Session): Prepared {
  const rows = layerRows(network.model, network.inputShape);
  return {
    dataName: data.name,
    trainCount: data.train.labels.length,
    testCount: data.test.labels.length,
    inputShape: [...network.inputShape],
    classNames: network.classNames,
    layers: rows,
    parameters: rows.reduce((sum, { parameters }) => sum + parameters, 0),
    stepsPerEpoch: sources.train.length ?? 0,
    samples: samplesOf(data),
  };
}

/** The network as the bytes of a model file, which the command line reads. */
export async function modelFileOf({ data, network, lastMeasured }: Session): Promise<Uint8Array<ArrayBuffer>> {
  const { model, inputShape, classNames, preprocessing } = network;
  return encodeModel(model, {
    inputShape,
    labels: classNames,
    trainedOn: data.name,
    ...(data.kind === 'images' && { preprocessing: preprocessing as unknown as Json }),
    ...(lastMeasured && { metrics: { valAccuracy: lastMeasured.accuracy } }),
  });
}
