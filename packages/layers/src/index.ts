// The public surface of @sinapse/layers. The losses are in @sinapse/layers/losses.

export type { AnyLayer, FusingLayer, Layer } from './layer.ts';
export { callChild } from './layer.ts';
export { printsAsModel } from './print.ts';

// Layers
export type { Activation } from './activation.ts';
export { activation } from './activation.ts';
export type { ActivityRegularization } from './activity-regularization.ts';
export { activityRegularization } from './activity-regularization.ts';
export type { AffineOptions } from './affine.ts';
export type { AlphaDropout } from './alpha-dropout.ts';
export { alphaDropout } from './alpha-dropout.ts';
export type { AvgPool2d } from './avg-pool2d.ts';
export { avgPool2d } from './avg-pool2d.ts';
export type { BatchNorm, BatchNormLayerOptions } from './batch-norm.ts';
export { batchNorm } from './batch-norm.ts';
export type { Branch, Branches } from './branches.ts';
export { branches } from './branches.ts';
export type { ConvNorm, ConvNormOptions } from './conv-norm.ts';
export { convNorm } from './conv-norm.ts';
export type { Conv2d, Conv2dLayerOptions } from './conv2d.ts';
export { conv2d } from './conv2d.ts';
export type { Dense, DenseOptions } from './dense.ts';
export { dense } from './dense.ts';
export type { DenseConnection } from './dense-connection.ts';
export { denseConnection } from './dense-connection.ts';
export type { Dropout, DropoutOptions } from './dropout.ts';
export { dropout } from './dropout.ts';
export type { Embedding, EmbeddingOptions } from './embedding.ts';
export { embedding } from './embedding.ts';
export type { Flatten } from './flatten.ts';
export { flatten } from './flatten.ts';
export type { GaussianDropout } from './gaussian-dropout.ts';
export { gaussianDropout } from './gaussian-dropout.ts';
export type { GaussianNoise, GaussianNoiseOptions } from './gaussian-noise.ts';
export { gaussianNoise } from './gaussian-noise.ts';
export type { GlobalAvgPool2d } from './global-avg-pool2d.ts';
export { globalAvgPool2d } from './global-avg-pool2d.ts';
export type { Graph, GraphOptions, TensorsOf } from './graph/graph.ts';
export { graph } from './graph/graph.ts';
export type { GraphData } from './graph/graph-data.ts';
export type { GraphEdge, GraphNode, ModelGraph } from './graph/graph-of.ts';
export { graphOf } from './graph/graph-of.ts';
export type { Symbols, SymbolicTensor } from './graph/symbolic-tensor.ts';
export { connect, input } from './graph/symbolic-tensor.ts';
export type { GroupNorm, GroupNormLayerOptions } from './group-norm.ts';
export { groupNorm } from './group-norm.ts';
export type { IdentityShortcut, IdentityShortcutOptions } from './identity-shortcut.ts';
export { identityShortcut } from './identity-shortcut.ts';
export type { InstanceNorm, InstanceNormLayerOptions } from './instance-norm.ts';
export { instanceNorm } from './instance-norm.ts';
export type { LayerNorm, LayerNormLayerOptions } from './layer-norm.ts';
export { layerNorm } from './layer-norm.ts';
export type { MaxPool2d } from './max-pool2d.ts';
export { maxPool2d } from './max-pool2d.ts';
export type { Add } from './merge/add.ts';
export { add } from './merge/add.ts';
export type { Average } from './merge/average.ts';
export { average } from './merge/average.ts';
export type { MergeName, MergeOption } from './merge/by-name.ts';
export type { Concatenate, ConcatenateOptions } from './merge/concatenate.ts';
export { concatenate } from './merge/concatenate.ts';
export type { Maximum } from './merge/maximum.ts';
export { maximum } from './merge/maximum.ts';
export type { MergeLayer } from './merge/merge.ts';
export type { Multiply } from './merge/multiply.ts';
export { multiply } from './merge/multiply.ts';
export type { AttendOptions, MultiHeadAttention, MultiHeadAttentionOptions } from './multi-head-attention.ts';
export { multiHeadAttention } from './multi-head-attention.ts';
export type { Entry, SequentialEntry } from './names.ts';
export type { Permute } from './permute.ts';
export { permute } from './permute.ts';
export type { PositionEmbedding, PositionEmbeddingOptions } from './position-embedding.ts';
export { positionEmbedding } from './position-embedding.ts';
export type { PositionalEncoding, PositionalEncodingOptions } from './positional-encoding.ts';
export { positionalEncoding } from './positional-encoding.ts';
export type { Prelu, PreluOptions } from './prelu.ts';
export { prelu } from './prelu.ts';
export type { RepeatVector } from './repeat-vector.ts';
export { repeatVector } from './repeat-vector.ts';
export type { Reshape } from './reshape.ts';
export { reshape } from './reshape.ts';
export type { Residual, ResidualOptions } from './residual.ts';
export { residual } from './residual.ts';
export type { RmsNorm, RmsNormLayerOptions } from './rms-norm.ts';
export { rmsNorm } from './rms-norm.ts';
export type { Sequential, SequentialOptions } from './sequential.ts';
export { sequential } from './sequential.ts';
export type { SpatialDropout } from './spatial-dropout.ts';
export { spatialDropout1d, spatialDropout2d, spatialDropout3d } from './spatial-dropout.ts';
// Graphs: layers connected in any way

/** All layers by name, with which `openModel` of @sinapse/training opens any file that is made of them. */
export { allLayers } from './all-layers.ts';

// Options of layers
export type { ActivationName, ActivationOption, ParametricActivation, ResolvedActivation } from './activation-option.ts';
export { activationNames } from './activation-option.ts';
export type { Fans, Initializer } from './initializers/initializer.ts';
export { fansOf } from './initializers/initializer.ts';
export * as initializers from './initializers/index.ts';

export type { Penalties, Regularizer } from './regularizer-option.ts';
export type { Constraint, ConstraintName, ParametricConstraint } from './constraint-option.ts';
export { constraintNames } from './constraint-option.ts';
export type { WeightOptions } from './weights.ts';

// For layers of one's own
export { built, builtParameters, makeParameter, makeState, outputShapeOf, outputShapesOf } from './build.ts';

// Summaries
export type { LayerSummary, Summary } from './summary.ts';
export { summary } from './summary.ts';
export { formatSummary } from './format-summary.ts';
