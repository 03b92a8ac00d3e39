// The program that does what the page shows.

import type { Rule } from './examples.ts';
import type { Convolution } from './machine.ts';

const rows = (name: string, channels: readonly (readonly (readonly number[])[])[]): string[] => [
  `const ${name} = tensor([`,
  ...channels.map((channel) => `  [${channel.map((row) => `[${row.join(', ')}]`).join(', ')}],`),
];

export function convolutionCode({ input, kernels, bias, stride, padding }: Convolution, rule: Rule, filter: number): string {
  // A large input would fill the panel: its middle rows stand for it.
  const shown = input[0]!.length > 12 ? input.map((channel) => channel.slice(10, 16).map((row) => row.slice(10, 16))) : input;
  const turned = rule === 'convolution';
  return [
    `import { cpu } from '@sinapse/backend-cpu';`,
    `import { conv2d, ${turned ? 'flip, ' : ''}tensor, use } from '@sinapse/core';`,
    '',
    'use(await cpu());',
    ...rows('x', shown),
    `]).transpose([1, 2, 0]).reshape([1, ${shown[0]!.length}, ${shown[0]![0]!.length}, ${shown.length}]); // [batch, height, width, channels]`,
    ...rows('kernel', kernels[filter] ?? []),
    `]).transpose([1, 2, 0]).reshape([3, 3, ${shown.length}, 1]); // [height, width, channels, filters]`,
    `const options = { strides: ${stride}, padding: ${padding}, bias: tensor([${bias[filter] ?? 0}]) };`,
    `const y = conv2d(x, ${turned ? 'flip(kernel, [0, 1])' : 'kernel'}, options);`,
    `console.log(await y.reshape(y.shape.slice(1, 3)).array());`,
    '',
  ].join('\n');
}
