// The public surface of @sinapse/zoo.

export * from './all-models.ts'; // the models: the one list of them
export type { ModelInfo, ModelName, ModelOptions, ZooModel } from './create.ts';
export { allModels, createModel, listModels, modelEntry, modelNames } from './create.ts';
export type { CommonOptions, LayerPart, ModelEntry, ModelFigures, ModelLoss } from './model-entry.ts';
export type { AuxiliaryOptions, CompleteAuxiliaryOptions } from './auxiliary-options.ts';
export type { ImageShape } from './options.ts';
export type { Auxiliary, AuxiliaryScores, WithAuxiliaries } from './with-auxiliaries.ts';

export type {
  CompleteLenet5Options,
  Lenet5Activation,
  Lenet5Options,
  ModernLenet5Options,
  OriginalLenet5Options,
} from './lenet5/options.ts';
export { lenet5Activations } from './lenet5/options.ts';
export type { Lenet5MapLossOptions } from './lenet5/losses.ts';
export { lenet5MapLoss, lenet5MseLoss } from './lenet5/losses.ts';

// Weights from outside
export type { ExportWeightsOptions } from './weights/export-weights.ts';
export { exportWeights } from './weights/export-weights.ts';
export type { FineTuned, FineTuneOptions } from './weights/fine-tune.ts';
export { fineTune, headOf } from './weights/fine-tune.ts';
export type { LoadedPretrained, LoadPretrainedOptions, PretrainedFile } from './weights/load-pretrained.ts';
export { loadPretrained } from './weights/load-pretrained.ts';
export type { Misfit } from './weights/misfits.ts';
export { PretrainedError } from './weights/misfits.ts';
export type { NamesOption } from './weights/names-option.ts';
export type { TorchNames } from './weights/torch-cells.ts';
export type { CompleteImageNetworkOptions, ImageNetworkOptions } from './image-classifier.ts';
export type {
  BasicResnetOptions,
  BottleneckResnetOptions,
  CifarResnetOptions,
  CompleteBasicResnetOptions,
  CompleteBottleneckResnetOptions,
  CompleteCifarResnetOptions,
} from './resnet/options.ts';
