// Makes the network of a model file, which may come from anywhere, and says in what way a file is none.

import type { Shape } from '@sinapse/core';
import { parsePreprocessing } from '@sinapse/datasets';
import { allLayers } from '@sinapse/layers';
import type { Sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import type { Json, Loss, ModelFile } from '@sinapse/training';
import { decodeModel, openModel } from '@sinapse/training';
import { allModels, createModel } from '@sinapse/zoo';
import { Refusal, failureOf } from '../../experiment/failure-of.ts';
import type { DroppedFile } from './files.ts';
import type { TrainedNetwork } from './network.ts';

const functions = { ...allLayers, ...allModels };

/** A network and what it gives for one example. */
export type NetworkFromFile = TrainedNetwork & { readonly loss: Loss; readonly outputShape: Shape };

/** @throws Refusal that names the file and what is wrong with it */
export function networkFromFile({ name, bytes }: DroppedFile): NetworkFromFile {
  if (!looksLikeSafetensors(bytes)) throw new Refusal({ kind: 'fileUnknown', name, detail: '' });
  return refusing(name, () => {
    const file = decodeModel(bytes);
    check(name, file);
    const { model, inputShape, outputShape, card } = openModel(file, functions);
    const { architecture } = card;
    const zoo = architecture !== null && architecture.layer in allModels;
    const { loss = softmaxCrossEntropy } = zoo ? createModel(architecture.layer, architecture.arguments[0] as Record<string, unknown>) : {};
    const classNames = card.labels ?? Array.from({ length: outputShape[0] ?? 1 }, (_, i) => String(i));
    const preprocessing = card.preprocessing === undefined ? { scale: 1 / 255 } : parsePreprocessing(card.preprocessing);
    return { model: model as unknown as Sequential, loss, inputShape, outputShape, classNames, preprocessing };
  });
}

/** Whether bytes begin as a safetensors file: the length of its header in eight bytes, then a brace. */
function looksLikeSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 10) return false;
  const header = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return header <= bytes.length && bytes[8] === '{'.charCodeAt(0);
}

function check(name: string, { card }: ModelFile): void {
  const { architecture } = card;
  if (architecture === null) throw new Refusal({ kind: 'modelOfWeightsAlone', name, detail: '' });
  const layer = layersIn(architecture as unknown as Json).find((each) => !Object.hasOwn(functions, each));
  if (layer !== undefined) throw new Refusal({ kind: 'modelWithUnknownLayer', name, layer: layer.slice(0, 40), detail: '' });
}

/** The layers that a description names, at any depth. */
function layersIn(value: Json): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'layer' in value && typeof value['layer'] === 'string' ? [value['layer']] : [];
  return [...own, ...Object.values(value).flatMap((member) => layersIn(member))];
}

/** Errors of a damaged file, which have many reasons, with the name of the file. A device that is lost or short of memory is none. */
function refusing<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const failure = failureOf(error);
    throw failure.kind === 'unexpected' ? new Refusal({ kind: 'fileDamaged', name, detail: failure.detail }) : error;
  }
}
