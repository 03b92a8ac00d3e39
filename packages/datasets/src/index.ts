// @sinapse/datasets: pipelines over examples, labelled images, and generated data. It runs in a browser; @sinapse/datasets/node has
// files and downloads.

export { Dataset } from './dataset.ts';
export type { BatchOptions, IterateOptions, ShuffleOptions } from './dataset.ts';
export type { Collated, HostArray } from './pipeline/collate.ts';
export type { RandomAccess } from './pipeline/indexed.ts';
export type { Collate, ElementContext, MapFunction } from './pipeline/stage.ts';
export type { IterableFactory } from './pipeline/stream.ts';

export { checkImageSet, takeImages } from './images/image-set.ts';
export type { ImageSet } from './images/image-set.ts';
export { parsePreprocessing, preprocessImages } from './images/preprocessing.ts';
export type { HostImages, Preprocessing, RawImages } from './images/preprocessing.ts';
export { imageDataset } from './images/image-dataset.ts';
export type { Example, ImageBatch } from './images/image-dataset.ts';

export { digits } from './digits/digits.ts';
export type { DigitsOptions, Split } from './digits/digits.ts';

export { imageSetFromIdx, parseIdx } from './idx.ts';
export type { IdxArray, IdxImageSetOptions } from './idx.ts';
