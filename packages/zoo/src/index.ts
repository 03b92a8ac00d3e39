// The public surface of @sinapse/zoo.

export type { ModelName, ModelOptions, ZooModel } from './create.ts';
export { createModel, modelNames } from './create.ts';
export type { ImageShape } from './options.ts';

export { lenet5 } from './lenet5/lenet5.ts';
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

export { resnet20 } from './resnet/resnet20.ts';
export { resnet50 } from './resnet/resnet50.ts';
export type { CompleteResnet20Options, CompleteResnet50Options, Resnet20Options, Resnet50Options } from './resnet/options.ts';
