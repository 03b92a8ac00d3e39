// The program that does what the page shows. It runs in Node and in a page, as it stands.

import type { LayerSpec, TrainSettings } from './settings.ts';

/** The lines for the settings; for data or a network from files, those for the drawn digits or LeNet-5. */
export function trainCode(settings: TrainSettings): string {
  const { optimizer, learningRate, batchSize, epochs, seed } = settings;
  const plane = settings.data === 'xor' || settings.data === 'spirals';
  const [network, names, from] = networkCode(settings);
  const imports = [
    `import { cpu } from '@sinapse/backend-cpu';`,
    `import { use } from '@sinapse/core';`,
    plane ? `import { Dataset } from '@sinapse/datasets';` : `import { digits, imageDataset } from '@sinapse/datasets';`,
    ...(names.length > 0 ? [`import { ${[...names].sort().join(', ')} } from '${from}';`] : []),
    ...(settings.network === 'lenet5-1998' ? [] : [`import { softmaxCrossEntropy } from '@sinapse/layers/losses';`]),
    `import { ${optimizer} } from '@sinapse/optimizers';`,
    `import { evaluate, fit } from '@sinapse/training';`,
  ];
  const loss = settings.network === 'lenet5-1998' ? 'loss: lenet5MapLoss' : 'loss: softmaxCrossEntropy';
  return [
    ...imports,
    '',
    'use(await cpu());',
    ...(plane ? planeCode(settings) : digitsCode(settings)),
    `const model = ${network};`,
    `model.build(${plane ? '[2]' : '[28, 28, 1]'}, ${seed});`,
    `await fit(model, train.shuffle(${seed}).batch(${batchSize}), {`,
    `  optimizer: ${optimizer}({ learningRate: ${learningRate} }),`,
    `  ${loss},`,
    `  epochs: ${epochs},`,
    `  seed: ${seed},`,
    '});',
    `const { accuracy } = await evaluate(model, test.batch(200), { ${loss} });`,
    'console.log(accuracy);',
    '',
  ].join('\n');
}

function digitsCode({ network, seed }: TrainSettings): string[] {
  const preprocessing = network === 'lenet5-1998' ? '{ scale: 1 / 255 }' : '{ scale: 1 / 255, mean: 0.1307, std: 0.3081 }';
  return [
    `const pixels = ${preprocessing};`,
    `const train = imageDataset(digits({ count: 4000, seed: ${seed} }), pixels);`,
    `const test = imageDataset(digits({ count: 1000, seed: ${seed}, split: 'test' }), pixels);`,
  ];
}

function planeCode({ data }: TrainSettings): string[] {
  const point =
    data === 'xor'
      ? ['  const [a, b] = [2 * Math.random() - 1, 2 * Math.random() - 1];', '  return { x: [a, b], y: Number(a > 0 !== b > 0) };']
      : [
          '  const [along, y] = [Math.random(), Math.round(Math.random())];',
          '  const [radius, angle] = [0.1 + 0.85 * along, Math.PI * (2 * along + y)];',
          '  return { x: [radius * Math.sin(angle), radius * Math.cos(angle)], y };',
        ];
  return [
    'const point = () => {',
    ...point,
    '};',
    'const train = Dataset.from(Array.from({ length: 400 }, point));',
    'const test = Dataset.from(Array.from({ length: 400 }, point));',
  ];
}

/** The expression that makes the network, and the functions it needs, with their package. */
function networkCode({ network, layers, data }: TrainSettings): [expression: string, names: string[], from: string] {
  switch (network) {
    case 'lenet5':
      return ['lenet5()', ['lenet5'], '@sinapse/zoo'];
    case 'lenet5-1998':
      return [`lenet5({ variant: 'original' })`, ['lenet5', 'lenet5MapLoss'], '@sinapse/zoo'];
    case 'resnet20':
      return ['resnet20({ inputShape: [28, 28, 1] })', ['resnet20'], '@sinapse/zoo'];
    case 'file':
      return networkCode({ network: 'own', layers, data } as TrainSettings);
    case 'own': {
      const classes = data === 'xor' || data === 'spirals' ? 2 : 10;
      const flat = classes === 2 || layers.some(({ kind }) => kind === 'flatten');
      const lines = [...layers.map(layerCode), ...(flat ? [] : ['flatten()']), `dense({ units: ${classes} })`];
      const names = new Set<string>(['sequential', 'dense', ...(flat ? [] : ['flatten']), ...layers.map(({ kind }) => kind)]);
      return [`sequential([\n${lines.map((line) => `  ${line},\n`).join('')}])`, [...names], '@sinapse/layers'];
    }
  }
}

function layerCode(layer: LayerSpec): string {
  switch (layer.kind) {
    case 'conv2d':
      return `conv2d({ filters: ${layer.filters}, kernelSize: ${layer.kernelSize}, activation: '${layer.activation}' })`;
    case 'maxPool2d':
      return `maxPool2d({ window: ${layer.size} })`;
    case 'flatten':
      return 'flatten()';
    case 'dense':
      return `dense({ units: ${layer.units}, activation: '${layer.activation}' })`;
    case 'dropout':
      return `dropout({ rate: ${layer.rate} })`;
  }
}
