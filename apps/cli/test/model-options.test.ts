// Options of an architecture: LeNet-5 in the form of the paper of 1998.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sinapse, small, testFolder } from './sinapse.ts';
import type { Finished } from './sinapse.ts';

const folder = testFolder();
const original = ['--model-option', 'variant=original', '--schedule', 'constant'];
const file = (...path: string[]) => readFileSync(join(folder, ...path));

describe('a model with options', () => {
  let trained: Finished;
  beforeAll(async () => {
    trained = await sinapse(...small, ...original, '--epochs', '2', '--out', 'whole');
  });

  it('is trained with its own loss', () => {
    expect(trained.code).toBe(0);
    expect(trained.stderr).toBe('');
    expect(trained.events.at(-1)).toMatchObject({ event: 'done', parameters: 60_000 }); // the count of the paper
    const [one, two] = trained.events;
    expect(two!['loss']).toBeLessThan(one!['loss'] as number);
    // The loss is the paper's distance from the codes; a cross-entropy of logits would begin at ln 10.
    expect(one!['loss']).toBeGreaterThan(10);
  });

  it('gets the images that its paper scales itself: 0 to 1', () => {
    const bytes = file('whole', 'model.safetensors');
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE()))) as { __metadata__: Record<string, string> };
    const metadata = Object.values(header.__metadata__).join();
    expect(metadata).toContain(JSON.stringify({ scale: 1 / 255 }));
  });

  it('is what its file says: it is measured, asked and summarised without being told again', async () => {
    const model = 'whole/model.safetensors';
    const { testAccuracy, testLoss } = trained.events.at(-1)!;
    const measured = await sinapse('evaluate', model, '--dataset', 'digits', '--test-limit', '20', '--json');
    expect(measured.events).toMatchObject([{ accuracy: testAccuracy, loss: testLoss }]);
    const { stdout } = await sinapse('summary', model);
    expect(stdout).toContain('rbfOutput');
    await sinapse(...small.filter((word) => word !== '--json'), '--out', 'modern'); // leaves a test image
    const asked = await sinapse('predict', model, 'modern/sample.png', '--json');
    expect(asked.events).toMatchObject([{ event: 'prediction' }]);
    expect(asked.code).toBe(0);
  });

  it('goes on as it was, told again or not', async () => {
    expect(JSON.parse(file('whole/config.json').toString())).toMatchObject({ modelOptions: { variant: 'original' } });
    await sinapse(...small, ...original, '--out', 'parts');
    const { code } = await sinapse('train', '--resume', '--out', 'parts', '--epochs', '2', ...original, '--json');
    expect(code).toBe(0);
    expect(file('parts/model.safetensors')).toEqual(file('whole/model.safetensors'));
  });

  it.each([
    [['variant=modern'], '--model-option variant=modern does not fit: the run in whole has --model-option variant=original;'],
    [['variant=original', 'classes=10'], '--model-option variant=original --model-option classes=10 does not fit'],
  ])('does not go on as another: %j', async (options, message) => {
    const words = options.flatMap((option) => ['--model-option', option]);
    const { code, stderr } = await sinapse('train', '--resume', '--out', 'whole', ...words);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it('does not go on when its settings were edited', async () => {
    await sinapse(...small, '--out', 'edited');
    const settings = JSON.parse(file('edited/config.json').toString()) as object;
    const resume = async (modelOptions: unknown) => {
      writeFileSync(join(folder, 'edited/config.json'), JSON.stringify({ ...settings, epochs: 2, modelOptions }));
      return (await sinapse('train', '--resume', '--out', 'edited')).stderr;
    };
    expect(await resume({ variant: 'origin' })).toContain(
      'config.json: model options: lenet5: variant: expected one of modern, original, got "origin"',
    );
    expect(await resume('original')).toContain(
      'config.json: modelOptions: expected an object, e.g. {"variant": "original"}, got "original"',
    );
    // Refused although the weights would fit.
    expect(await resume({ activation: 'tanh' })).toMatch(/resume: the options of the model was .*"relu".*, it is .*"tanh".* now/);
  });
});

describe('options that are wrong end with 2, one line, and nothing left behind:', () => {
  const train = ['train', '--quick-start', '--out', 'wrong'];
  it.each([
    [train, ['varient=original'], 'model options: lenet5: varient is no option; did you mean variant?'],
    [train, ['variant=origin'], 'model options: lenet5: variant: expected one of modern, original, got "origin"'],
    [train, ['variant=original', 'pooling=max'], 'lenet5 (original): pooling is no option; there are variant, classes, inputShape'],
    [train, ['classes=10'], 'model options: classes is given by the data set; leave it out'],
    [train, ['inputShape=28,28,1'], 'model options: inputShape is given by the data set; leave it out'],
    [train, ['__proto__=1'], 'lenet5: __proto__ is no option'],
    [train, ['variant'], '--model-option variant: expected a name and a value, e.g. variant=original'],
    [train, ['variant=modern', 'variant=original'], '--model-option variant=original: variant is given twice'],
    [['summary', 'lenet5'], ['varant=original'], 'model options: lenet5: varant is no option; did you mean variant?'],
    [
      ['summary', 'lenet5', '--input', '30,30,1'],
      ['variant=original'],
      '--input 30,30,1: lenet5 (original): inputShape: expected [28,28,1]',
    ],
    [['summary', 'lenet5', '--input', '28,28,1'], ['inputShape=28,28,1'], 'give --input or --model-option inputShape, not both'],
    [['summary', 'x.safetensors'], ['variant=original'], '--model-option is for the name of an architecture'],
  ])('%j %j', async (args, options, message) => {
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await sinapse(...args, ...options.flatMap((option) => ['--model-option', option]));
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual(before);
  });
});

it('a summary takes them all', async () => {
  const form = ['--model-option', 'pooling=average', '--model-option', 'classes=3', '--model-option', 'inputShape=32x32x3'];
  const { events } = await sinapse('summary', 'lenet5', ...form, '--json');
  expect(events).toMatchObject([{ inputShape: [32, 32, 3], outputShape: [3] }]);
  expect(events[0]!['layers']).toContainEqual(expect.objectContaining({ path: 'pool1', type: 'avgPool2d' }));
});
