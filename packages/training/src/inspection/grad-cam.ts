// Grad-CAM: where a convolutional network looks when it decides for a class.

import type { Model, OptionChecks, Tensor } from '@sinapse/core';
import {
  Context,
  ShapeError,
  add,
  check,
  checkOptions,
  checkValue,
  formatShape,
  mean,
  mul,
  relu,
  resize,
  scope,
  sum,
  valueAndGrad,
  zerosLike,
} from '@sinapse/core';
import { toTensor } from '../batch.ts';
import type { Attributions } from './gradients.ts';
import { observer, outputOf } from './observed.ts';
import type { Input, TargetOption } from './score.ts';
import { TARGET, callRecorded, checkModelAndInput, scoring } from './score.ts';

export interface GradCamOptions extends TargetOption {
  /** The path of the layer whose maps are weighted, usually the last convolution or its activation: `block3/conv2`. */
  readonly layer: string;
  /** Whether the map is enlarged to the size of the input images. Default true; otherwise it has the size of the layer's maps. */
  readonly enlarge?: boolean;
}

const OPTIONS: OptionChecks<GradCamOptions> = {
  layer: check.required({ expected: 'the path of a layer', accepts: (value) => typeof value === 'string' }),
  enlarge: check.flag,
  target: TARGET,
};

/**
 * A map of how much each place of a layer speaks for a class: relu(Σ_k α_k A^k), where A^k are the layer's maps and α_k is the mean of ∂score /
 * ∂A^k over a map. Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra 2017, "Grad-CAM: visual explanations from deep networks via gradient-based
 * localization", equations 1 and 2.
 * @param x images `[batch, height, width, channels]`
 * @returns `[batch, height, width]`, values >= 0
 * @throws SinapseError when the model has no such layer (the nearest is named), or the target does not fit the output; ShapeError when the layer
 *   gives no maps
 */
export async function gradCam(model: Model, x: Input, options: GradCamOptions): Promise<Attributions> {
  checkModelAndInput('gradCam', model, x);
  checkOptions('gradCam', options, OPTIONS);
  const { layer, enlarge = true, target } = options;
  checkValue('gradCam: x', x.shape, { expected: 'images [batch, height, width, channels]', accepts: () => x.shape.length === 4 });
  const scoreOf = await scoring('gradCam', model, x, target);
  const maps = outputOf('gradCam', model, x, layer);
  try {
    if (maps.shape.length !== 4)
      throw new ShapeError(
        `gradCam: the layer ${layer} gives ${formatShape(maps.shape)}; maps [batch, height, width, channels] are needed`,
      );
    const map = scope(() => {
      const gradient = gradientAt(model, toTensor(x), layer, maps, scoreOf);
      const weighted = relu(sum(mul(maps, mean(gradient, { axis: [1, 2], keepDims: true })), { axis: -1, keepDims: true }));
      const sized = enlarge ? resize(weighted, x.shape.slice(1, 3), { method: 'linear' }) : weighted;
      return sized.reshape(sized.shape.slice(0, 3));
    });
    const data = (await map.data()) as Float32Array;
    const { shape } = map;
    map.dispose();
    return { data, shape };
  } finally {
    maps.dispose();
  }
}

/** The gradient of the scores by a layer's output: by zeros that are added to it. */
function gradientAt(model: Model, x: Tensor, layer: string, output: Tensor, scoreOf: (output: Tensor) => Tensor): Tensor {
  const { gradients } = valueAndGrad(
    (nothing) => {
      const observe = observer((path, y) => (path === layer ? add(y, nothing) : undefined));
      return sum(scoreOf(callRecorded(model, x, new Context({ observe }))));
    },
    [zerosLike(output)],
  );
  return gradients[0]!;
}
