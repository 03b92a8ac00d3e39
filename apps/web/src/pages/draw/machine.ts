// What a network makes of a drawing: the probabilities of the classes, and the output of every layer. It runs in the worker and knows no page.

import type { Tensor } from '@sinapse/core';
import { Context, SinapseError, formatShape, inference, scope, softmax, tensor } from '@sinapse/core';
import { preprocessImages } from '@sinapse/datasets';
import type { TrainedNetwork } from '../train/network.ts';
import type { Ink } from './digit-image.ts';
import { digitImage } from './digit-image.ts';

/** The output of a layer for one image. */
export interface LayerOutput {
  readonly name: string;
  /** 1 by 1 for layers of neurons. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** `[channels, height, width]` */
  readonly maps: Float32Array;
}

/** What a network makes of a drawing. */
export interface Seen {
  /** The image as the network gets it, `[height, width]`, 0 to 255. */
  readonly image: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly classNames: readonly string[];
  readonly probabilities: Float32Array;
  readonly layers: readonly LayerOutput[];
}

/**
 * Shows a drawing to a network.
 * @returns undefined if there is no ink
 * @throws SinapseError when the network does not take grey images
 */
export async function look(network: TrainedNetwork, ink: Ink): Promise<Seen | undefined> {
  const { model, inputShape, classNames, preprocessing } = network;
  const pad = 2 * (preprocessing.pad ?? 0);
  const [height = 0, width = 0, channels] = inputShape.map((length, axis) => (axis < 2 ? length - pad : length));
  if (inputShape.length !== 3 || channels !== 1)
    throw new SinapseError(`draw: the network takes ${formatShape(inputShape)}, not grey images [height, width, 1]`);
  const image = digitImage(ink, width, height);
  if (image === undefined) return undefined;
  const { data, shape } = preprocessImages({ images: image, height, width, channels: 1 }, preprocessing);

  const outputs: { readonly name: string; readonly shape: readonly number[]; readonly data: Promise<ArrayLike<number>> }[] = [];
  const observe = (name: string, layer: object, _: Tensor, output: Tensor) => {
    if (!('layers' in layer)) outputs.push({ name, shape: output.shape, data: output.data() }); // not of a model of layers, which are seen themselves
  };
  const { reading } = scope(() => {
    const scores = inference(() => model.call(tensor(data, { shape }), new Context({ observe })));
    return { reading: softmax(scores).data() };
  });
  const probabilities = Float32Array.from(await reading);
  const layers = await Promise.all(outputs.map(async (output) => layerOutput(output.name, output.shape, await output.data)));
  return { image, height, width, classNames, probabilities, layers };
}

/** @param shape `[1, height, width, channels]` or `[1, units]` */
function layerOutput(name: string, shape: readonly number[], data: ArrayLike<number>): LayerOutput {
  const [height, width, channels] = shape.length === 4 ? (shape.slice(1) as [number, number, number]) : [1, 1, data.length];
  const maps = new Float32Array(data.length);
  const pixels = height * width;
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let channel = 0; channel < channels; channel++) maps[channel * pixels + pixel] = data[pixel * channels + channel]!;
  return { name, height, width, channels, maps };
}
