// Principal components: the directions in which examples vary most.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, add, check, checkOptions, div, matmul, mean, mul, scope, sqrt, sub, tensor, trace } from '@sinapse/core';
import { checkExamples, checkRows, numberFrom } from '../inputs.ts';
import type { Layout } from '../learner.ts';
import { Learner } from '../learner.ts';
import { leadingEigen } from './leading-eigen.ts';

export interface PcaOptions {
  /** How many components are kept; at most the number of features. */
  readonly components: number;
  /** Whether `transform` divides each component by its standard deviation. Default false. */
  readonly whiten?: boolean;
}

const OPTIONS: OptionChecks<PcaOptions> = { components: check.required(check.count), whiten: check.flag };

/**
 * Principal components. Learnt: `mean` `[1, features]`, `directions` `[components, features]` (orthonormal rows, from the largest variance on, each with
 * its largest entry positive), `variances` `[components]`, and the variance of everything, `total` `[]`.
 */
export class Pca extends Learner<PcaOptions> {
  readonly type = 'pca';

  layout(): Layout {
    const { components } = this.options;
    return { mean: [1, 'features'], directions: [components, 'features'], variances: [components], total: [] };
  }

  /**
   * @param x float32 `[examples, features]`, at least 2 examples
   * @throws SinapseError when there are fewer features than components
   */
  async fit(x: Tensor): Promise<this> {
    await checkExamples(this.type, x);
    const [examples, features] = x.shape as [number, number];
    const { components } = this.options;
    if (components > features) throw new SinapseError(`pca: ${components} components need as many features, got ${features}`);
    if (examples < 2) throw new SinapseError('pca: the variance needs at least 2 examples, got 1');
    const centre = mean(x, { axis: 0, keepDims: true });
    const covariance = scope(() => {
      const centred = sub(x, centre);
      return div(matmul(centred, centred, { transposeA: true }), examples - 1);
    });
    const { values, vectors } = await leadingEigen(covariance, components);
    const total = trace(covariance);
    covariance.dispose();
    const directions = tensor(Float32Array.from(vectors.flatMap((vector) => Array.from(signed(vector)))), {
      shape: [components, features],
    });
    this.learn({ mean: centre, directions, variances: tensor(Float32Array.from(values, (value) => Math.max(0, value))), total });
    return this;
  }

  /** @returns the coordinates along the components, float32 `[batch, components]` */
  transform(x: Tensor): Tensor {
    const directions = this.array('directions');
    checkRows(this.type, x, directions.shape[1]);
    return scope(() => {
      const along = matmul(sub(x, this.array('mean')), directions, { transposeB: true });
      return this.options.whiten === true ? div(along, this.deviations()) : along;
    });
  }

  /**
   * The points whose coordinates these are: the nearest to the examples within the plane of the components.
   * @param coordinates float32 `[batch, components]`
   * @returns `[batch, features]`
   */
  inverse(coordinates: Tensor): Tensor {
    const directions = this.array('directions');
    checkRows('pca: inverse', coordinates, this.options.components);
    return scope(() => {
      const along = this.options.whiten === true ? mul(coordinates, this.deviations()) : coordinates;
      return add(matmul(along, directions), this.array('mean'));
    });
  }

  /** @returns the share of the variance that the components have together, within [0, 1] */
  explained(): Promise<number> {
    return numberFrom(() => div(this.array('variances').sum(), this.array('total')));
  }

  private deviations(): Tensor {
    return sqrt(this.array('variances'));
  }
}

/** An eigenvector with the sign that makes its largest entry positive. */
function signed(vector: Float64Array): Float64Array {
  const largest = vector.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most), 0);
  return largest < 0 ? vector.map((each) => -each) : vector;
}

/** Principal component analysis. Pearson 1901, "On lines and planes of closest fit"; Hotelling 1933. */
export function pca(options: PcaOptions): Pca {
  checkOptions('pca', options, OPTIONS);
  return new Pca(options);
}
