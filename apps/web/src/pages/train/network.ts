// Makes the network that the settings name, and says what each layer makes of its input.

import type { Shape } from '@sinapse/core';
import { meta, scope, sizeOf, walk, withBackend } from '@sinapse/core';
import type { Layer, Sequential } from '@sinapse/layers';
import { conv2d, dense, dropout, flatten, maxPool2d, sequential, summary } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import type { Loss } from '@sinapse/training';
import type { Preprocessing } from '@sinapse/datasets';
import { createModel } from '@sinapse/zoo';
import type { LayerSpec, TrainSettings } from './settings.ts';

export interface Network {
  /** Not built. */
  readonly model: Sequential;
  readonly loss: Loss;
  /** How pixels become inputs, if the network's paper says so. */
  readonly scale?: number;
}

/** A network with what belongs to it. */
export interface TrainedNetwork {
  readonly model: Sequential;
  readonly inputShape: readonly number[];
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
}

/**
 * The network of the settings.
 * @param inputShape of one example
 * @throws SinapseError when the network does not take such an input, or a layer's option is out of range
 */
export function makeNetwork(settings: TrainSettings, inputShape: Shape, classes: number): Network {
  switch (settings.network) {
    case 'lenet5':
      return ofZoo('lenet5', { classes, inputShape });
    case 'lenet5-1998':
      return ofZoo('lenet5', { classes, inputShape, variant: 'original' });
    case 'resnet20':
      return ofZoo('resnet20', { classes, inputShape });
    case 'own':
    case 'file': // the weights come from the file; until one is opened this is one's own network
      return { model: ownNetwork(settings.layers, inputShape, classes), loss: softmaxCrossEntropy };
  }
}

function ofZoo(name: 'lenet5' | 'resnet20', options: Record<string, unknown>): Network {
  const { model, loss = softmaxCrossEntropy, preprocessing } = createModel(name, options);
  return { model, loss, ...preprocessing };
}

/** One's own layers, with a flatten where it is missing before the last, which gives one score for each class. */
function ownNetwork(specs: readonly LayerSpec[], inputShape: Shape, classes: number): Sequential {
  const flat = inputShape.length === 1 || specs.some(({ kind }) => kind === 'flatten');
  return sequential([...specs.map(makeLayer), ...(flat ? [] : [flatten()]), ['scores', dense({ units: classes })]]);
}

function makeLayer(spec: LayerSpec): Layer {
  switch (spec.kind) {
    case 'conv2d':
      return conv2d({ filters: spec.filters, kernelSize: spec.kernelSize, activation: spec.activation });
    case 'maxPool2d':
      return maxPool2d({ window: spec.size });
    case 'flatten':
      return flatten();
    case 'dense':
      return dense({ units: spec.units, activation: spec.activation });
    case 'dropout':
      return dropout({ rate: spec.rate });
  }
}

/** Why a layer of one's own cannot stand where it is. */
type Misfit = 'needsImage' | 'imageTooSmall' | 'other';

/** What a layer of one's own network gives, or why it cannot stand where it is. `detail` is the layer's own message, in English. */
export interface CheckedLayer {
  readonly shape?: readonly number[];
  readonly problem?: { readonly why: Misfit; readonly detail: string };
}

/** Checks one's own layers one after the other, until one does not fit. Nothing is computed. */
export function checkLayers(specs: readonly LayerSpec[], inputShape: Shape): CheckedLayer[] {
  const checked: CheckedLayer[] = [];
  let shape = inputShape;
  for (const spec of specs) {
    try {
      const layer = makeLayer(spec);
      const given = withBackend(meta(), () => scope(() => layer.build(shape, 0)));
      if (sizeOf(given) === 0) throw new Error('the image is smaller than the window');
      checked.push({ shape: (shape = given) });
    } catch (error) {
      checked.push({ problem: { why: misfit(spec, shape), detail: error instanceof Error ? error.message : String(error) } });
      break;
    }
  }
  return checked;
}

function misfit(spec: LayerSpec, [height = 0, width = 0, channels]: Shape): Misfit {
  if (spec.kind !== 'conv2d' && spec.kind !== 'maxPool2d') return 'other';
  if (channels === undefined) return 'needsImage';
  return Math.min(height, width) < (spec.kind === 'conv2d' ? spec.kernelSize : spec.size) ? 'imageTooSmall' : 'other';
}

/** A layer of a network as the page lists it. */
export interface LayerRow {
  readonly name: string;
  readonly shape: readonly number[];
  readonly parameters: number;
}

/** The layers of a built network, with their shapes and numbers of parameters. */
export function layerRows(model: Sequential, inputShape: Shape): LayerRow[] {
  return summary(model, inputShape).layers.map(({ path, outputShape, parameters }) => ({
    name: path,
    shape: [...outputShape],
    parameters,
  }));
}

/** Releases the weights of a network. */
export function disposeNetwork(model: object): void {
  for (const { cell } of walk(model)) cell.dispose();
}
