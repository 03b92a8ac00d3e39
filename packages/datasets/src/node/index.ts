// @sinapse/datasets/node: data sets from files and downloads.

export { cacheDirectory } from './cache-directory.ts';
export type { DownloadProgress } from './download.ts';
export { MNIST_MIRRORS, mnist } from './mnist.ts';
export type { MnistOptions } from './mnist.ts';
export { fashionMnist } from './fashion-mnist.ts';
export { kmnist } from './kmnist.ts';
export { emnist } from './emnist.ts';
export type { EmnistOptions, EmnistVariant } from './emnist.ts';
export { cifar10, cifar100 } from './cifar.ts';
export type { SetOptions } from './set-files.ts';
export { datasetNames, describeDataset, loadDataset, loadSplit } from './registry.ts';
export type { DatasetDescription, DatasetName, LoadDatasetOptions, LoadSplitOptions, LoadedDataset, LoadedSplit } from './registry.ts';
export { readTable } from './read-table.ts';
export { workerMap } from './worker-map.ts';
export type { WorkerMap, WorkerMapOptions } from './worker-map.ts';
export { decodeImage, writeImage } from './decode-image.ts';
export type { DecodeOptions } from './decode-image.ts';
export { imageFolder } from './image-folder.ts';
export type { ImageFolder, ImageFolderOptions, SkippedFile } from './image-folder.ts';
export { loadImages } from './load-images.ts';
export type { LoadImagesOptions, LoadedImages } from './load-images.ts';
export { folderDataset } from './folder-dataset.ts';
export type { FolderDatasetOptions } from './folder-dataset.ts';
export { diskStore } from './disk-store.ts';
export type { DiskStore } from './disk-store.ts';
export { folderSplits } from './folder-splits.ts';
export type { FolderSplits } from './folder-splits.ts';
