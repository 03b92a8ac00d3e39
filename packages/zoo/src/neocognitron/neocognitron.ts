// Neocognitron: Fukushima: "Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition unaffected by shift in position",
// Biological Cybernetics 36, 1980.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Sequential } from '@sinapse/layers';
import { flatten, sequential } from '@sinapse/layers';
import type { ModelEntry } from '../model-entry.ts';
import type { ImageShape } from '../options.ts';
import { imageShape } from '../options.ts';
import { CLayer } from './c-layer.ts';
import { SLayer } from './s-layer.ts';

export type { NeocognitronLearnOptions } from './learn.ts';
export { neocognitronLearn } from './learn.ts';

export interface NeocognitronOptions {
  /** The number of cells of the last layer, each of which comes to answer to one kind of pattern; from 2 to 10,000. Default 24. */
  readonly classes?: number;
  /** `[height, width, channels]`, from [16, 16, 1] to [64, 64, 4]. Default [16, 16, 1]. */
  readonly inputShape?: ImageShape;
  /** The number of planes of the other layers, from 1 to 1024. Default 24. */
  readonly planes?: number;
}

export type CompleteNeocognitronOptions = Required<NeocognitronOptions>;

const NEOCOGNITRON: OptionChecks<NeocognitronOptions> = {
  classes: check.integer(2, 10_000),
  inputShape: imageShape([16, 16, 1], [64, 64, 4]),
  planes: check.integer(1, 1024),
};

function completeNeocognitronOptions(given: unknown): CompleteNeocognitronOptions {
  checkOptions('neocognitron', given, NEOCOGNITRON);
  const { classes = 24, inputShape = [16, 16, 1], planes = 24 }: NeocognitronOptions = { ...given };
  return { classes, inputShape: [...inputShape], planes };
}

/**
 * The neocognitron, the first network of convolutions and poolings in turn, with the sizes and constants of its paper: 29,472 weights. S-layers look for
 * features, C-layers let them move. It learns by `neocognitronLearn`, without labels: in each layer, the cells that answer most come to answer to what
 * they saw, and no other cell does. Afterwards each cell of the last layer answers to one kind of pattern, wherever it is in the image. `model.build(inputShape, seed)` makes the weights; the seed decides which cell that
 * will be, and with some seeds two patterns get the same.
 *
 * The model takes float32 images `[batch, height, width, channels]`, 0 for the background and 1 for ink, best in thin lines. It returns the answers of the
 * last cells, `[batch, classes]`, each from 0 to 1.
 * @throws SinapseError when an option is unknown or out of range
 */
export function neocognitron(options: NeocognitronOptions = {}): Sequential {
  const complete = completeNeocognitronOptions(options);
  const { classes, inputShape, planes } = complete;
  const feature = { window: [5, 5], strides: 2, padding: [3, 4] } as const;
  return sequential(
    [
      ['s1', new SLayer({ planes, inhibition: 4, speed: 1, padding: 2 })], // 16 by 16 by 24
      ['c1', new CLayer(feature)], // 10 by 10 by 24
      ['s2', new SLayer({ planes, inhibition: 1.5, speed: 16, padding: 1 })], // 8 by 8 by 24
      ['c2', new CLayer(feature)], // 6 by 6 by 24
      ['s3', new SLayer({ planes: classes, inhibition: 1.5, speed: 16, padding: 0 })], // 2 by 2 by 24
      ['c3', new CLayer({ window: lastWindow(inputShape), strides: 1, padding: [0, 0] })], // 24 cells
      ['flatten', flatten()],
    ],
    { madeBy: { layer: 'neocognitron', arguments: [complete] } },
  );
}

/** The rows and columns of the last S-layer: each C-cell after it sees a whole plane. */
function lastWindow([height, width]: ImageShape): readonly [number, number] {
  const ofC = (length: number): number => Math.floor((length + 7 - 5) / 2) + 1;
  const ofS3 = (length: number): number => ofC(ofC(length) - 2) - 4;
  return [ofS3(height), ofS3(width)];
}

export const neocognitronEntry: ModelEntry<CompleteNeocognitronOptions, Sequential> = {
  name: 'neocognitron',
  title: 'Neocognitron',
  year: 1980,
  paper: {
    citation:
      'Fukushima: Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition unaffected by shift in position. Biological Cybernetics 36, 1980',
    url: 'https://doi.org/10.1007/BF00344251',
  },
  complete: completeNeocognitronOptions,
  make: neocognitron,
  preprocessing: () => ({ scale: 1 / 255 }),
  figures: { parameters: 29_472, multiplyAdds: 1_222_596 },
};
