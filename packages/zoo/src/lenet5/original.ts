// LeNet-5 layer by layer as the paper describes it in section II.B; the parameter counts are the paper's.

import type { Sequential } from '@sinapse/layers';
import { conv2d, dense, flatten, sequential } from '@sinapse/layers';
import type { Connections } from './connected-maps.ts';
import { ConnectedMaps } from './connected-maps.ts';
import { ImageInput } from './image-input.ts';
import type { OriginalLenet5Options } from './options.ts';
import { RbfOutput } from './rbf-output.ts';
import { squash, uniformByFanIn } from './squash.ts';
import { Subsampling } from './subsampling.ts';

/** Table I of the paper: for each of the 16 maps of C3, the maps of S2 that it combines. */
export const CONNECTIONS: Connections = [
  [0, 1, 2], // every contiguous three
  [1, 2, 3],
  [2, 3, 4],
  [3, 4, 5],
  [0, 4, 5],
  [0, 1, 5],
  [0, 1, 2, 3], // every contiguous four
  [1, 2, 3, 4],
  [2, 3, 4, 5],
  [0, 3, 4, 5],
  [0, 1, 4, 5],
  [0, 1, 2, 5],
  [0, 1, 3, 4], // some discontinuous fours
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5], // all
];

const trained = { activation: squash, kernelInitializer: uniformByFanIn };

export function originalLenet5(options: Required<OriginalLenet5Options>): Sequential {
  return sequential(
    [
      // "The background level (white) corresponds to a value of -0.1 and the foreground (black) corresponds to 1.175", so the mean is about 0 and the
      // variance about 1.
      ['input', new ImageInput(32, { background: -0.1, ink: 1.175 })],
      ['c1', conv2d({ filters: 6, kernelSize: 5, ...trained })], // 28 by 28 by 6; 156 parameters
      ['s2', new Subsampling()], // 14 by 14 by 6; 12 parameters
      ['c3', new ConnectedMaps(CONNECTIONS, 6)], // 10 by 10 by 16; 1,516 parameters
      ['s4', new Subsampling()], // 5 by 5 by 16; 32 parameters
      ['c5', conv2d({ filters: 120, kernelSize: 5, ...trained })], // 1 by 1 by 120; 48,120 parameters
      ['flatten', flatten()],
      ['f6', dense({ units: 84, ...trained })], // 10,164 parameters
      ['output', new RbfOutput(options.classes)],
    ],
    { madeBy: { layer: 'lenet5', arguments: [options] } },
  );
}
