// The public surface of @sinapse/zoo/imagenet: what belongs to networks that were trained on ImageNet.

export { imagenetLabels } from './labels.ts';
export type { ImagenetPreprocessing } from './preprocessing.ts';
export { preprocessings } from './preprocessing.ts';
