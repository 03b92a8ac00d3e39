// The examples of the page: those of the lectures, and a drawn digit.

import type { Convolution } from './machine.ts';

export const exampleNames = ['sharpen', 'stride', 'padding', 'channels', 'digit'] as const;
export type ExampleName = (typeof exampleNames)[number];

/** The rule by which a kernel is laid over the input. */
export type Rule = 'correlation' | 'convolution';

export interface Example extends Convolution {
  /** The rule of the lecture. */
  readonly rule: Rule;
}

/** Kernels to choose from, 3 by 3. */
export const kernelPresets = {
  sharpen: [
    [0, -1, 0],
    [-1, 5, -1],
    [0, -1, 0],
  ],
  edges: [
    [-1, -1, -1],
    [-1, 8, -1],
    [-1, -1, -1],
  ],
  vertical: [
    [-1, 0, 1],
    [-2, 0, 2],
    [-1, 0, 1],
  ],
  horizontal: [
    [-1, -2, -1],
    [0, 0, 0],
    [1, 2, 1],
  ],
  identity: [
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ],
} as const;

export type KernelName = keyof typeof kernelPresets;

export const kernelNames = Object.keys(kernelPresets) as KernelName[];

export const examples: Readonly<Record<Exclude<ExampleName, 'digit'>, Example>> = {
  sharpen: {
    rule: 'correlation',
    input: [
      [
        [7, 6, 5, 5, 6, 7],
        [6, 4, 3, 3, 4, 6],
        [5, 3, 2, 2, 3, 5],
        [5, 3, 2, 2, 3, 5],
        [6, 4, 3, 3, 4, 6],
        [7, 6, 5, 5, 6, 7],
      ],
    ],
    kernels: [[kernelPresets.sharpen]],
    bias: [0],
    stride: 1,
    padding: 0,
  },
  stride: {
    rule: 'correlation',
    input: [
      [
        [2, 3, 7, 4, 6, 2, 9],
        [6, 6, 9, 8, 7, 4, 3],
        [3, 4, 8, 3, 8, 9, 7],
        [7, 8, 3, 6, 6, 3, 4],
        [4, 2, 1, 8, 3, 4, 6],
        [3, 2, 4, 1, 9, 8, 3],
        [0, 1, 3, 9, 2, 1, 4],
      ],
    ],
    kernels: [
      [
        [
          [3, 4, 4],
          [1, 0, 2],
          [-1, 0, 3],
        ],
      ],
    ],
    bias: [0],
    stride: 2,
    padding: 0,
  },
  padding: {
    rule: 'correlation',
    input: [
      [
        [2, 2, 3, 3, 3],
        [0, 1, 3, 0, 3],
        [2, 3, 0, 1, 3],
        [3, 3, 2, 1, 2],
        [3, 3, 0, 2, 3],
      ],
    ],
    kernels: [
      [
        [
          [2, 0, 1],
          [1, 0, 0],
          [0, 1, 1],
        ],
      ],
    ],
    bias: [0],
    stride: 1,
    padding: 1,
  },
  channels: {
    rule: 'convolution',
    input: [
      [
        [6, 3, 4, 6, 2],
        [7, 4, 4, 6, 1],
        [2, 6, 2, 2, 7],
        [4, 3, 7, 7, 2],
        [5, 4, 1, 7, 3],
      ],
      [
        [5, 5, 1, 7, 3],
        [4, 0, 3, 1, 5],
        [4, 3, 0, 0, 2],
        [2, 6, 1, 7, 3],
        [3, 7, 6, 5, 5],
      ],
      [
        [6, 5, 2, 3, 6],
        [3, 7, 0, 2, 4],
        [2, 6, 4, 0, 6],
        [1, 3, 0, 3, 5],
        [1, 1, 0, 1, 4],
      ],
    ],
    kernels: [
      [
        [
          [-1, 1, 1],
          [1, 1, 2],
          [0, -2, 1],
        ],
        [
          [-1, 1, -1],
          [-1, 1, 2],
          [-1, -1, 1],
        ],
        [
          [-1, -1, 1],
          [1, -2, 2],
          [2, -1, 2],
        ],
      ],
      [
        [
          [-1, -2, 1],
          [1, 1, 2],
          [-2, 2, 2],
        ],
        [
          [-2, -2, -2],
          [-2, 1, 0],
          [0, -2, 0],
        ],
        [
          [0, -2, 0],
          [2, -1, -1],
          [-2, 1, -2],
        ],
      ],
    ],
    bias: [1, 0],
    stride: 1,
    padding: 1,
  },
};
