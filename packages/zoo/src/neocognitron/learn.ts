// How a neocognitron learns: without a teacher, by strengthening the connections of the winning cells to what they see.

import type { Tensor } from '@sinapse/core';
import { Context, SinapseError, check, checkOptions, isTensor, scope, shown, slice, tensor } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import type { Sequential } from '@sinapse/layers';
import type { Cell } from './representatives.ts';
import { representatives } from './representatives.ts';
import { SLayer, WINDOW } from './s-layer.ts';

export interface NeocognitronLearnOptions {
  /** How often each image is shown; an integer >= 1. Default 20, as in the paper. */
  readonly rounds?: number;
}

const LEARN: OptionChecks<NeocognitronLearnOptions> = { rounds: check.count };

/** The rows and columns of an S-column, at most the whole layer. */
const COLUMN = 5;

/**
 * Shows images to a neocognitron, one after another, again and again: `await neocognitronLearn(model, images)`. Each time, in each S-layer, the representatives learn: Δa = q c x for all that the
 * cell sees, and Δb = q v / 2; their planes share these weights. There are no labels, and there is no gradient.
 * @param model as `neocognitron` makes it, built
 * @param images float32 `[count, height, width, channels]`, 0 for the background
 * @throws SinapseError when the model is no neocognitron or does not take the images
 */
export async function neocognitronLearn(model: Sequential, images: Tensor, options: NeocognitronLearnOptions = {}): Promise<void> {
  checkOptions('neocognitronLearn', options, LEARN);
  const layers = layersOf(model);
  if (!isTensor(images) || images.rank !== 4)
    throw new SinapseError(`neocognitronLearn: the images must be a tensor [count, height, width, channels], got ${shown(images)}`);
  const { rounds = 20 } = options;
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < images.shape[0]!; i++) {
      const image = slice(images, [{ begin: i, end: i + 1 }, null, null, null]);
      await present(layers, image);
      image.dispose();
    }
}

function layersOf(model: unknown): readonly { call(x: Tensor, context: Context): Tensor }[] {
  const { layers } = { ...(model as Partial<Sequential> | undefined) };
  if (!(layers instanceof Map) || ![...layers.values()].some((layer) => layer instanceof SLayer))
    throw new SinapseError(`neocognitronLearn: expected a model that neocognitron made, got ${shown(model)}`);
  return [...layers.values()] as never;
}

/** Shows one image. All layers answer before any of them learns. */
async function present(layers: readonly { call(x: Tensor, context: Context): Tensor }[], image: Tensor): Promise<void> {
  const context = new Context();
  const changes: (() => void)[] = [];
  let x = image;
  for (const layer of layers) {
    const y = layer.call(x, context);
    if (layer instanceof SLayer) changes.push(await changeOf(layer, x, y));
    if (x !== image) x.dispose();
    x = y;
  }
  if (x !== image) x.dispose();
  for (const change of changes) change();
}

/** What an S-layer learns, to be done later. */
async function changeOf(layer: SLayer, x: Tensor, y: Tensor): Promise<() => void> {
  const { speed, padding } = layer.options;
  const [, height, width, before] = x.shape as [number, number, number, number];
  const [, rows, columns, planes] = y.shape as [number, number, number, number];
  const activity = scope(() => layer.activity(x));
  const [seen, answers, inhibiting, a, b] = await Promise.all(
    [x, y, activity, layer.excitation!.value, layer.inhibition!.value].map(async (values) => Float32Array.from(await values.data())),
  );
  activity.dispose();
  const learn = ({ plane, row, column }: Cell): void => {
    for (let i = 0; i < WINDOW * WINDOW; i++) {
      const [from, at] = [row - padding + Math.floor(i / WINDOW), column - padding + (i % WINDOW)];
      if (from < 0 || from >= height || at < 0 || at >= width) continue;
      for (let k = 0; k < before; k++)
        a![(i * before + k) * planes + plane]! += speed * layer.fixed[i]! * seen![(from * width + at) * before + k]!;
    }
    b![plane]! += (speed / 2) * inhibiting![row * columns + column]!;
  };
  representatives(answers!, [rows, columns, planes], COLUMN).forEach(learn);
  return () =>
    scope(() => {
      layer.excitation!.assign(tensor(a!, { shape: [WINDOW, WINDOW, before, planes] }));
      layer.inhibition!.assign(tensor(b!));
    });
}
