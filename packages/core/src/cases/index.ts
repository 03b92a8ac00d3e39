// Gradient cases of every differentiable op, published as @sinapse/core/cases: the testkit checks them on any backend. The package's main entry
// does not import them.

import type { OpCases } from './gradient-case.ts';
import { fusedCases } from '../fused/fused.cases.ts';
import { customCases } from '../autodiff/gradient.cases.ts';
import { activationCases } from '../ops/activation.cases.ts';
import { adaptivePoolCases } from '../ops/adaptive-pool.cases.ts';
import { arithmeticCases } from '../ops/arithmetic.cases.ts';
import { attentionCases } from '../ops/attention.cases.ts';
import { batchNormCases } from '../ops/batch-norm.cases.ts';
import { castCases } from '../ops/cast.cases.ts';
import { concatCases } from '../ops/concat.cases.ts';
import { convTransposeCases } from '../ops/conv-transpose.cases.ts';
import { conv1dCases } from '../ops/conv1d.cases.ts';
import { conv2dCases } from '../ops/conv2d.cases.ts';
import { conv3dCases } from '../ops/conv3d.cases.ts';
import { cumulativeExtremeCases } from '../ops/cumulative-extreme.cases.ts';
import { cumulativeProductCases } from '../ops/cumulative-product.cases.ts';
import { cumulativeCases } from '../ops/cumulative.cases.ts';
import { diagonalCases } from '../ops/diagonal.cases.ts';
import { differenceCases } from '../ops/difference.cases.ts';
import { dropoutCases } from '../ops/dropout.cases.ts';
import { einsumCases } from '../ops/einsum.cases.ts';
import { formulaActivationCases } from '../ops/formula-activation.cases.ts';
import { gatherNDCases } from '../ops/gather-nd.cases.ts';
import { gatherCases } from '../ops/gather.cases.ts';
import { globalPoolCases } from '../ops/global-pool.cases.ts';
import { gruCellCases } from '../ops/gru-cell.cases.ts';
import { histogramCases } from '../ops/histogram.cases.ts';
import { hyperbolicCases } from '../ops/hyperbolic.cases.ts';
import { layerNormCases } from '../ops/layer-norm.cases.ts';
import { linearSystemCases } from '../ops/linear-system.cases.ts';
import { linearCases } from '../ops/linear.cases.ts';
import { localResponseNormCases } from '../ops/local-response-norm.cases.ts';
import { logarithmCases } from '../ops/logarithm.cases.ts';
import { sequenceCases } from '../ops/sequence.cases.ts';
import { lstmCellCases } from '../ops/lstm-cell.cases.ts';
import { matmulCases } from '../ops/matmul.cases.ts';
import { meshgridCases } from '../ops/meshgrid.cases.ts';
import { padWithCases } from '../ops/pad-with.cases.ts';
import { piecewiseActivationCases } from '../ops/piecewise-activation.cases.ts';
import { pool1dCases } from '../ops/pool1d.cases.ts';
import { pool2dCases } from '../ops/pool2d.cases.ts';
import { pool3dCases } from '../ops/pool3d.cases.ts';
import { powerCases } from '../ops/power.cases.ts';
import { putCases } from '../ops/put.cases.ts';
import { quantileCases } from '../ops/quantile.cases.ts';
import { repeatCases } from '../ops/repeat.cases.ts';
import { reshapeCases } from '../ops/reshape.cases.ts';
import { resizeCases } from '../ops/resize.cases.ts';
import { rollCases } from '../ops/roll.cases.ts';
import { selectCases } from '../ops/select.cases.ts';
import { sliceCases } from '../ops/slice.cases.ts';
import { softmaxCrossEntropyCases } from '../ops/softmax-cross-entropy.cases.ts';
import { softmaxCases } from '../ops/softmax.cases.ts';
import { sortCases } from '../ops/sort.cases.ts';
import { statisticsCases } from '../ops/statistics.cases.ts';
import { tensorDotCases } from '../ops/tensor-dot.cases.ts';
import { transposeCases } from '../ops/transpose.cases.ts';
import { triangleCases } from '../ops/triangle.cases.ts';
import { trigonometryCases } from '../ops/trigonometry.cases.ts';
import { unaryCases } from '../ops/unary.cases.ts';
import { vectorProductCases } from '../ops/vector-products.cases.ts';

export type { Draw, GradientCase, OpCases } from './gradient-case.ts';

/** The cases by the name of the function users call. */
export const gradientCases: OpCases = {
  ...activationCases,
  ...adaptivePoolCases,
  ...arithmeticCases,
  ...attentionCases,
  ...batchNormCases,
  ...castCases,
  ...concatCases,
  ...conv1dCases,
  ...conv2dCases,
  ...conv3dCases,
  ...convTransposeCases,
  ...cumulativeCases,
  ...cumulativeExtremeCases,
  ...cumulativeProductCases,
  ...customCases,
  ...diagonalCases,
  ...differenceCases,
  ...dropoutCases,
  ...einsumCases,
  ...formulaActivationCases,
  ...fusedCases,
  ...gatherCases,
  ...gatherNDCases,
  ...globalPoolCases,
  ...gruCellCases,
  ...histogramCases,
  ...hyperbolicCases,
  ...layerNormCases,
  ...linearCases,
  ...linearSystemCases,
  ...localResponseNormCases,
  ...logarithmCases,
  ...lstmCellCases,
  ...sequenceCases,
  ...matmulCases,
  ...meshgridCases,
  ...padWithCases,
  ...piecewiseActivationCases,
  ...pool1dCases,
  ...pool2dCases,
  ...pool3dCases,
  ...powerCases,
  ...putCases,
  ...quantileCases,
  ...repeatCases,
  ...reshapeCases,
  ...resizeCases,
  ...rollCases,
  ...selectCases,
  ...sliceCases,
  ...softmaxCases,
  ...softmaxCrossEntropyCases,
  ...sortCases,
  ...statisticsCases,
  ...tensorDotCases,
  ...transposeCases,
  ...triangleCases,
  ...trigonometryCases,
  ...unaryCases,
  ...vectorProductCases,
};
