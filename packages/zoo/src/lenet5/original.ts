// LeNet-5 layer by layer as the paper describes it in section II.B; the parameter counts are the paper's.

import type { Sequential } from '@sinapse/layers';
import { conv2d, dense, flatten, sequential } from '@sinapse/layers';
import { ConnectedMaps } from './connected-maps.ts';
import { ImageInput } from './image-input.ts';
import type { OriginalLenet5Options } from './options.ts';
import { RbfOutput } from './rbf-output.ts';
import { squash, uniformByFanIn } from './squash.ts';
import { Subsampling } from './subsampling.ts';

const trained = { activation: squash, kernelInitializer: uniformByFanIn };

export function originalLenet5(options: Required<OriginalLenet5Options>): Sequential {
  return sequential(
    [
      ['input', new ImageInput(32)],
      ['c1', conv2d({ filters: 6, kernelSize: 5, ...trained })], // 28 by 28 by 6; 156 parameters
      ['s2', new Subsampling()], // 14 by 14 by 6; 12 parameters
      ['c3', new ConnectedMaps()], // 10 by 10 by 16; 1,516 parameters
      ['s4', new Subsampling()], // 5 by 5 by 16; 32 parameters
      ['c5', conv2d({ filters: 120, kernelSize: 5, ...trained })], // 1 by 1 by 120; 48,120 parameters
      ['flatten', flatten()],
      ['f6', dense({ units: 84, ...trained })], // 10,164 parameters
      ['output', new RbfOutput(options.classes)],
    ],
    { madeBy: { layer: 'lenet5', arguments: [options] } },
  );
}
