// Table 1 of the GoogLeNet paper: the filters of the nine Inception modules.

/** The filters of 1 by 1; those that reduce channels for 3 by 3, and of 3 by 3; the same for 5 by 5; and of 1 by 1 after pooling. */
export type ModuleFilters = readonly [ones: number, reduce3: number, threes: number, reduce5: number, fives: number, pooled: number];

/** The modules by name, in order; before 4a and 5a maps are pooled. */
export const MODULES: readonly (readonly [name: string, filters: ModuleFilters])[] = [
  ['inception3a', [64, 96, 128, 16, 32, 32]],
  ['inception3b', [128, 128, 192, 32, 96, 64]],
  ['inception4a', [192, 96, 208, 16, 48, 64]],
  ['inception4b', [160, 112, 224, 24, 64, 64]],
  ['inception4c', [128, 128, 256, 24, 64, 64]],
  ['inception4d', [112, 144, 288, 32, 64, 64]],
  ['inception4e', [256, 160, 320, 32, 128, 128]],
  ['inception5a', [256, 160, 320, 32, 128, 128]],
  ['inception5b', [384, 192, 384, 48, 128, 128]],
];
