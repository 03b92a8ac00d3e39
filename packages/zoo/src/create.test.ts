import { Context, SinapseError, meta, parametersOf, use, withBackend, zeros } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { allModels, createModel, listModels, modelEntry, modelNames } from './create.ts';
import { lenet5MapLoss } from './lenet5/losses.ts';

beforeAll(() => void use(reference()));

describe('createModel', () => {
  const choices: [string, Record<string, unknown>][] = [
    ...modelNames.map((name): [string, Record<string, unknown>] => [name, {}]),
    ['lenet5', { classes: 3, inputShape: [20, 24, 3], activation: 'tanh', pooling: 'average' }],
    ['lenet5', { variant: 'original', classes: 4 }],
    ['resnet20', { classes: 3, inputShape: [20, 24, 1], width: 0.5, shortcut: 'projection' }],
    ['resnet18', { variant: 'v2' }],
    ['resnet50', { classes: 3, inputShape: [40, 48, 1], width: 0.25, variant: 'v1' }],
    ['resnet50', { variant: 'v2' }],
    ['densenet121', { classes: 3, inputShape: [32, 33, 1], width: 0.25 }],
    ['densenetbc', { classes: 3, inputShape: [8, 9, 1], depth: 40, growth: 4 }],
    ['mobilenetv1', { classes: 3, inputShape: [35, 33, 1], width: 0.3 }],
    ['mobilenetv2', { classes: 3, inputShape: [35, 33, 1], width: 0.35 }],
    ['mobilenetv3large', { classes: 3, inputShape: [35, 33, 1], width: 0.75 }],
    ['efficientnetb0', { classes: 3, inputShape: [35, 33, 1], width: 0.5 }],
    ['vittiny', { classes: 3, inputShape: [28, 32, 1], width: 0.34, patch: 4, depth: 2 }],
    ['unet', { classes: 3, inputShape: [188, 204, 1], width: 0.1 }],
    ['unet', { padding: 'same', inputShape: [32, 48, 3] }],
    ['mlp', { classes: 3, inputShape: [4, 5, 3], hidden: [], dropout: 0.5 }],
    ['lenet1', { classes: 3, inputShape: [16, 16, 1] }],
    ['neocognitron', { classes: 3, inputShape: [28, 21, 2], planes: 5 }],
    ['alexnet', { classes: 3, inputShape: [227, 227, 3], width: 0.3 }],
    ['alexnet_torchvision', { classes: 3, inputShape: [63, 64, 1], width: 0.3 }],
    ['googlenet', { classes: 3, inputShape: [80, 81, 1], width: 0.01, auxiliary: true }],
    ['googlenet_torchvision', { classes: 3, inputShape: [33, 47, 4], width: 0.1, auxiliary: true }],
    ['inceptionv3', { classes: 3, inputShape: [75, 75, 3], width: 0.1 }],
    ['nin', { classes: 3, inputShape: [9, 8, 3], width: 2 }],
    ['squeezenet10', { classes: 3, inputShape: [33, 40, 3], width: 0.1 }],
    ['vgg16bn', { classes: 3, inputShape: [32, 37, 1], width: 0.1 }],
  ];

  test('every model has its function', () => {
    expect(Object.keys(allModels)).toEqual(modelNames);
  });

  test.each(choices)('%s with %j gives complete options that make the same model again, through JSON', (name, options) => {
    const first = createModel(name, options);
    const again = createModel(name, JSON.parse(JSON.stringify(first.options)) as Record<string, unknown>);
    expect(again.options).toEqual(first.options);
    expect(first.options).toMatchObject(options);
    expect(first.model.describe()).toEqual({ layer: name, arguments: [first.options] });
    const shapes = withBackend(meta(), () =>
      [first, again].map(({ model, inputShape, classes }) => {
        const shape = model.build(inputShape, 1);
        expect(shape).toEqual(name === 'unet' ? [shape[0], shape[1], classes] : [classes]);
        expect(model.call(zeros([2, ...inputShape]), new Context()).shape).toEqual([2, ...shape]);
        return parametersOf(model).map(({ path, cell }) => [path, cell.shape]);
      }),
    );
    expect(shapes[0]).toEqual(shapes[1]);
  });

  test('the list has every model, the oldest first, with its paper and its figures', () => {
    const listed = listModels();
    expect(listed.map(({ name }) => name).reverse()).toEqual(modelNames);
    expect(listed.map(({ year }) => year)).toEqual(listed.map(({ year }) => year).sort((a, b) => a - b));
    expect(listed.find(({ name }) => name === 'resnet20')).toEqual({
      name: 'resnet20',
      title: 'ResNet-20',
      year: 2015,
      paper: modelEntry('resnet20').paper,
      parameters: 269_722,
      multiplyAdds: 40_551_040,
      top1: 91.25,
      source: 'CIFAR-10; table 6 of the paper',
    });
  });

  test('an entry maps the names of layers to those of torchvision', () => {
    const { torchvision } = modelEntry('resnet50');
    expect([
      torchvision!('conv1', 'normalisation'),
      torchvision!('conv3_4/conv2', 'weights'),
      torchvision!('conv2_1/shortcut', 'weights'),
      torchvision!('conv2_1/shortcut', 'normalisation'),
      torchvision!('classifier', 'weights'),
    ]).toEqual(['bn1', 'layer2.3.conv2', 'layer1.0.downsample.0', 'layer1.0.downsample.1', 'fc']);
    expect(() => modelEntry('resnt50')).toThrow('model resnt50 is not known; did you mean resnet50?');
  });

  test('says what a model is, and its own loss where it has one', () => {
    expect(createModel('lenet5')).toMatchObject({
      name: 'lenet5',
      inputShape: [28, 28, 1],
      classes: 10,
      options: { variant: 'modern', classes: 10, inputShape: [28, 28, 1], activation: 'relu', pooling: 'max' },
    });
    expect(createModel('lenet5')).not.toHaveProperty('loss');
    expect(createModel('lenet5', { variant: 'original' })).toMatchObject({
      preprocessing: { scale: 1 / 255 },
      loss: lenet5MapLoss,
      options: { variant: 'original', classes: 10, inputShape: [28, 28, 1] },
    });
  });

  test.each([
    ['lenet', {}, 'model lenet is not known; did you mean lenet5?'],
    ['resnet19', {}, 'model resnet19 is not known; did you mean resnet18?'],
    ['vgg61', {}, 'model vgg61 is not known; did you mean vgg'],
    ['mlp', { hidden: [0] }, 'mlp: hidden: expected a list of at most 100 integers from 1 to 65,536, got [0]'],
    ['mlp', { width: 2 }, 'mlp: width is no option; there are classes, inputShape, hidden, activation, dropout'],
    ['lenet1', { inputShape: [29, 28, 1] }, 'lenet1: inputShape: expected [height, width, 1], both even and from 2 to 28, got [29,28,1]'],
    ['alexnet', { width: 0 }, 'alexnet: width: expected a number > 0 and <= 8, got 0'],
    [
      'alexnet',
      { inputShape: [63, 64, 3] },
      'alexnet: inputShape: expected [height, width, channels] from [64,64,1] to [1024,1024,16], got [63,64,3]',
    ],
    [
      'googlenet',
      { auxiliary: true, inputShape: [64, 64, 3] },
      'googlenet: inputShape: expected [height, width, channels] from [80,80,1] to [1024,1024,16], got [64,64,3]',
    ],
    [
      'inceptionv3',
      { auxiliary: true, inputShape: [224, 224, 3] },
      'inceptionv3: inputShape: expected [height, width, channels] from [299,299,1] to [1024,1024,16], got [224,224,3]',
    ],
    ['vgg11', { auxilary: true }, 'vgg11: auxilary is no option; there are classes, inputShape, width'],
    ['__proto__', {}, 'model __proto__ is not known; there are '],
    ['constructor', {}, 'model constructor is not known; there are '],
    ['lenet5', { clases: 3 }, 'lenet5: clases is no option; did you mean classes?'],
    ['lenet5', { classes: 1 }, 'lenet5: classes: expected an integer from 2 to 10,000, got 1'],
    ['lenet5', { classes: 1e9 }, 'lenet5: classes: expected an integer from 2 to 10,000, got 1000000000'],
    ['lenet5', { classes: NaN }, 'lenet5: classes: expected an integer from 2 to 10,000, got NaN'],
    ['lenet5', { classes: '10' }, 'lenet5: classes: expected an integer from 2 to 10,000, got "10"'],
    ['lenet5', { classes: null }, 'lenet5: classes: expected an integer from 2 to 10,000, got null'],
    [
      'lenet5',
      { inputShape: [28, 28] },
      'lenet5: inputShape: expected [height, width, channels] from [12,12,1] to [512,512,16], got [28,28]',
    ],
    ['lenet5', { inputShape: [1e6, 1e6, 3] }, 'got [1000000,1000000,3]'],
    ['lenet5', { inputShape: [11, 28, 1] }, 'got [11,28,1]'],
    ['lenet5', { inputShape: '28,28,1' }, 'got "28,28,1"'],
    ['lenet5', { inputShape: Array.from({ length: 1000 }, () => 1) }, 'got [1,1,1'],
    ['lenet5', { activation: 'rellu' }, 'gelu, swish, linear, got "rellu"; did you mean relu?'],
    ['lenet5', { activation: 'toString' }, 'lenet5: activation: expected one of relu, leakyRelu'],
    ['lenet5', { activation: { name: 'relu' } }, 'lenet5: activation: expected one of relu'],
    ['lenet5', { pooling: 'avg' }, 'lenet5: pooling: expected one of max, average, got "avg"'],
    ['lenet5', { pooling: 'mx' }, 'lenet5: pooling: expected one of max, average, got "mx"; did you mean max?'],
    ['lenet5', { variant: 'origin' }, 'lenet5: variant: expected one of modern, original, got "origin"; did you mean original?'],
    ['lenet5', { variant: 'original', classes: 11 }, 'lenet5 (original): classes: expected an integer from 2 to 10, got 11'],
    ['lenet5', { variant: 'original', pooling: 'max' }, 'lenet5 (original): pooling is no option'],
    [
      'lenet5',
      { variant: 'original', inputShape: [30, 30, 1] },
      'lenet5 (original): inputShape: expected [28,28,1] or [32,32,1], got [30,30,1]',
    ],
    ['resnet20', { classes: 0 }, 'resnet20: classes: expected an integer from 2 to 10,000, got 0'],
    ['resnet20', { variant: 'v1' }, 'resnet20: variant is no option; there are shortcut, classes, inputShape, width'],
    [
      'resnet20',
      { inputShape: [7, 32, 3] },
      'resnet20: inputShape: expected [height, width, channels] from [8,8,1] to [512,512,16], got [7,32,3]',
    ],
    ['resnet50', { variant: 'v3' }, 'resnet50: variant: expected one of v1, v1.5, v2, got "v3"'],
    ['resnet18', { variant: 'v1.5' }, 'resnet18: variant: expected one of v1, v2, got "v1.5"'],
    ['resnet18', { width: 0 }, 'resnet18: width: expected a number > 0 and <= 8, got 0'],
    ['resnet50', { depth: 50 }, 'resnet50: depth is no option; there are variant, classes, inputShape'],
    [
      'resnet50',
      { inputShape: [224, 224, 17] },
      'resnet50: inputShape: expected [height, width, channels] from [32,32,1] to [1024,1024,16], got [224,224,17]',
    ],
    ['densenetbc', { depth: 41 }, 'densenetbc: depth: expected an integer 6 n + 4 from 10 to 400, got 41'],
    ['mobilenetv2', { width: 9 }, 'mobilenetv2: width: expected a number > 0 and <= 8, got 9'],
    ['vittiny', { inputShape: [30, 32, 3], patch: 8 }, 'vittiny: patch: 8 must divide the height and the width of the image, 30 and 32'],
    ['unet', { inputShape: [256, 256, 3] }, 'unet: inputShape: with the padding valid, height and width must be 16 n + 12, from 188'],
    [
      'unet',
      { inputShape: [100, 64, 3], padding: 'same' },
      'unet: inputShape: with the padding same, height and width must be multiples of 16',
    ],
    ['lenet5', JSON.parse('{"__proto__": {"classes": 3}}'), 'lenet5: __proto__ is no option; there are variant, classes'],
    ['lenet5', [] as never, 'lenet5: options: expected an object, got []'],
    ['lenet5', null as never, 'lenet5: options: expected an object, got null'],
  ])('%s with %j: %s', (name, options: Record<string, unknown>, message) => {
    expect(() => createModel(name, options)).toThrow(message);
    expect(() => createModel(name, options)).toThrow(SinapseError);
    expect(() => createModel(name, options)).not.toThrow(/\n/);
  });

  test('options of a prototype are not options', () => {
    const inherited = Object.create({ classes: 3 }) as Record<string, unknown>;
    expect(createModel('lenet5', inherited).classes).toBe(10);
  });

  test('options that a caller changes later change nothing', () => {
    const inputShape: [number, number, number] = [28, 28, 1];
    const made = createModel('lenet5', { inputShape });
    inputShape[0] = 9999;
    expect(made.inputShape).toEqual([28, 28, 1]);
  });
});
