// @sinapse/datasets: pipelines over examples, labelled images, and generated data. It runs in a browser; @sinapse/datasets/node has
// files and downloads.

export { Dataset } from './dataset.ts';
export type { BatchOptions, InterleaveOptions, IterateOptions, MapOptions, ShuffleOptions } from './pipeline/options.ts';
export type { BucketOptions } from './pipeline/bucket.ts';
export { memoryStore } from './pipeline/cache.ts';
export type { CacheStore } from './pipeline/cache.ts';
export type { PaddedOptions } from './pipeline/pad.ts';
export { padded } from './pipeline/pad.ts';
export type { Collated, HostArray } from './pipeline/collate.ts';
export type { RandomAccess } from './pipeline/indexed.ts';
export type { Collate, ElementContext, MapFunction } from './pipeline/stage.ts';
export type { IterableFactory } from './pipeline/stream.ts';

export { checkImageSet, takeImages } from './images/image-set.ts';
export type { ImageSet } from './images/image-set.ts';
export { parsePreprocessing, preprocessImages } from './images/preprocessing.ts';
export type { HostImages, Preprocessing, RawImages } from './images/preprocessing.ts';
export { imageDataset } from './images/image-dataset.ts';
export type { Example, ImageBatch, ImageDatasetOptions } from './images/image-dataset.ts';

export { compose, randomly, transformPicture } from './images/augment/picture.ts';
export type { Picture, Transform } from './images/augment/picture.ts';
export { randomFlip } from './images/augment/flip.ts';
export type { FlipOptions } from './images/augment/flip.ts';
export { centreCrop, randomCrop, randomResizedCrop, resizeTo } from './images/augment/crop.ts';
export type { CropOptions, ResizedCropOptions, Size } from './images/augment/crop.ts';
export { randomAffine, randomRotation } from './images/augment/affine.ts';
export type { AffineOptions } from './images/augment/affine.ts';
export { elastic } from './images/augment/elastic.ts';
export type { ElasticOptions } from './images/augment/elastic.ts';
export { colourJitter } from './images/augment/colour-jitter.ts';
export type { ColourJitterOptions } from './images/augment/colour-jitter.ts';
export { IMAGENET_COLOURS, colourComponents, pcaLighting } from './images/augment/lighting.ts';
export type { ColourComponents, LightingOptions } from './images/augment/lighting.ts';
export { cutout } from './images/augment/cutout.ts';
export type { CutoutOptions } from './images/augment/cutout.ts';
export { randAugment } from './images/augment/rand-augment.ts';
export type { RandAugmentOptions } from './images/augment/rand-augment.ts';
export { cutMix, mixup } from './images/augment/mix.ts';
export type { MixOptions, MixedBatch } from './images/augment/mix.ts';
export { decodeInBrowser } from './images/decode-in-browser.ts';
export type { BrowserDecodeOptions } from './images/decode-in-browser.ts';
export { contactSheet } from './images/augment/contact-sheet.ts';
export type { ContactSheetOptions } from './images/augment/contact-sheet.ts';

export { digits } from './digits/digits.ts';
export type { DigitsOptions, Split } from './digits/digits.ts';

export { imageSetFromIdx, parseIdx } from './idx.ts';
export type { IdxArray, IdxImageSetOptions } from './idx.ts';

export { arrayDataset, takeRows } from './arrays/array-dataset.ts';
export type { ArrayBatch, ArrayExample, Arrays } from './arrays/array-dataset.ts';

export type { SyntheticOptions } from './synthetic/options.ts';
export type { Points } from './synthetic/points.ts';
export { xor } from './synthetic/xor.ts';
export type { XorOptions } from './synthetic/xor.ts';
export { spirals } from './synthetic/spirals.ts';
export type { SpiralOptions } from './synthetic/spirals.ts';
export { circles } from './synthetic/circles.ts';
export type { CircleOptions } from './synthetic/circles.ts';
export { moons } from './synthetic/moons.ts';
export type { MoonOptions } from './synthetic/moons.ts';
export { blobs } from './synthetic/blobs.ts';
export type { BlobOptions } from './synthetic/blobs.ts';
export { lippmannRegions } from './synthetic/lippmann.ts';
export type { LippmannOptions, LippmannRegion } from './synthetic/lippmann.ts';
export { digitScenes } from './synthetic/digit-scenes.ts';
export type { DigitScene, DigitScenesOptions } from './synthetic/digit-scenes.ts';
export { parity } from './synthetic/parity.ts';
export type { ParityOptions } from './synthetic/parity.ts';
export { addingProblem, copyTask, sineWaves } from './synthetic/sequences.ts';
export type { AddingOptions, CopyOptions, Sequences, SineOptions } from './synthetic/sequences.ts';
export { imageSetFromCifar } from './cifar.ts';
export type { CifarOptions } from './cifar.ts';

export { createSynthetic, describeSynthetic, syntheticNames } from './synthetic/registry.ts';
export type { SyntheticName } from './synthetic/registry.ts';
export { spokenDigits } from './synthetic/spoken-digits.ts';
export type { SpokenDigitOptions, SpokenDigits } from './synthetic/spoken-digits.ts';
export { encodeWav, parseWav } from './sound/wav.ts';
export type { Sound } from './sound/wav.ts';
export { spectrogram } from './sound/spectrogram.ts';
export type { SpectrogramOptions } from './sound/spectrogram.ts';

export { characterVocabulary, decodeCodes, encodeText, wordVocabulary } from './text/vocabulary.ts';
export type { Vocabulary, VocabularyOptions } from './text/vocabulary.ts';
export { windows } from './series/windows.ts';
export type { Window, WindowOptions } from './series/windows.ts';
