// Weights to begin a training with, from a file of Sinapse or of PyTorch, and what of the model is to learn.

import { freeze, quote, sameShape, unfreeze, walk } from '@sinapse/core';
import { parsePreprocessing } from '@sinapse/datasets';
import type { Preprocessing } from '@sinapse/datasets';
import { FormatError, decodeArrays, decodeSafetensors } from '@sinapse/formats';
import { TrainingError, decodeModel, loadWeights } from '@sinapse/training';
import type { ModelFile } from '@sinapse/training';
import { PretrainedError, headOf, loadPretrained, modelEntry } from '@sinapse/zoo';
import type { ZooModel } from '@sinapse/zoo';
import { preprocessings } from '@sinapse/zoo/imagenet';
import { readInput } from '../input-file.ts';
import { ModelFileError } from '../model-file.ts';
import { count } from '../output/numbers.ts';
import type { Settings } from './settings.ts';

/** What a training takes over from a file. */
export interface Pretrained {
  readonly preprocessing: Preprocessing | undefined;
  /** The number of tensors that were loaded. */
  readonly tensors: number;
  /** The path of the layer that gives the scores, if it is new: the file has it for other classes. */
  readonly newHead: string | undefined;
}

/**
 * Gives a built model the weights of a file. Its head stays new if the file has it in another shape; everything else must fit. With `fineTune`, all but
 * the head is frozen.
 * @throws ModelFileError when the file cannot be read or does not fit
 */
export async function takePretrained(
  { model, name }: ZooModel,
  path: string,
  { fineTune = false }: Pick<Settings, 'fineTune'>,
): Promise<Pretrained> {
  const bytes = await readInput(path);
  const head = headOf(model);
  try {
    const own = modelFileOf(bytes);
    const taken = own === undefined ? takeForeign(model, name, head, bytes) : takeOwn(model, head, own);
    if (fineTune) {
      freeze(model);
      unfreeze(model, head);
    }
    return taken;
  } catch (error) {
    const isExpected = error instanceof FormatError || error instanceof TrainingError || error instanceof PretrainedError;
    if (!isExpected) throw error;
    const reason = error.message.replace(/^\w+: |; error\.table lists all$/g, '');
    const advice = error instanceof PretrainedError ? namesAdvice(error, bytes) : '';
    throw new ModelFileError(`--pretrained ${path}: ${reason}${advice}`, { cause: error });
  }
}

/** What the file holds and what to do, if its tensors have other names than the model's. */
function namesAdvice({ misfits }: PretrainedError, bytes: Uint8Array): string {
  const missing = misfits.filter(({ problem }) => problem === 'missing').map(({ name }) => name);
  if (missing.length === 0) return '';
  const held = firstOf([...decodeArrays(bytes).keys()]);
  return `; the file has ${held}. If they are of another network, name it with --model; if of this one, save them as ${firstOf(missing)}, or load them in a program: loadPretrained(model, file, { names })`;
}

/** The first names of a list, and how many follow. */
function firstOf(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).map(quote).join(', ');
  if (names.length === 0) return 'no tensors';
  return names.length > most ? `${shown} and ${count(names.length - most)} more` : shown;
}

/** The file as a model of Sinapse, if it is one. */
function modelFileOf(bytes: Uint8Array): ModelFile | undefined {
  try {
    if (decodeSafetensors(bytes).metadata['format'] !== 'sinapse-model') return undefined;
  } catch {
    return undefined;
  }
  return decodeModel(bytes);
}

function takeOwn(model: object, head: string, { card, arrays }: ModelFile): Pretrained {
  const isHead = (path: string): boolean => path.startsWith(`${head}/`);
  const fits = walk(model).every(({ path, cell }) => !isHead(path) || sameShape(arrays.get(path)?.shape ?? [-1], cell.shape));
  const { loaded } = loadWeights(model, arrays, { only: (path) => fits || !isHead(path) });
  const preprocessing = card.preprocessing === undefined ? undefined : parsePreprocessing(card.preprocessing);
  return { preprocessing, tensors: loaded.length, newHead: fits ? undefined : head };
}

/** Weights with torchvision's names, where it has the model; otherwise with ours, and points for slashes. */
function takeForeign(model: ZooModel['model'], name: string, head: string, bytes: Uint8Array): Pretrained {
  const arrays = decodeArrays(bytes);
  const names = modelEntry(name).torchvision === undefined ? {} : ('torchvision' as const);
  const preprocessing = channelsOf(model) === 3 ? preprocessings.imagenet : undefined;
  try {
    return { preprocessing, tensors: loadPretrained(model, arrays, { names }).loaded.length, newHead: undefined };
  } catch (error) {
    const isOfHead = ({ path = '' }: { readonly path?: string }): boolean => path.startsWith(`${head}/`);
    if (!(error instanceof PretrainedError) || !error.misfits.every(isOfHead)) throw error;
    const { loaded } = loadPretrained(model, arrays, { names, only: (path) => !path.startsWith(`${head}/`) });
    return { preprocessing, tensors: loaded.length, newHead: head };
  }
}

function channelsOf(model: object): number | undefined {
  return (model as { readonly inputShape?: readonly number[] }).inputShape?.at(-1);
}
