import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sinapse, start, testFolder } from './sinapse.ts';

const folder = testFolder();

const quick = ['train', '--quick-start'];

describe('wrong usage ends with 2, one line, and nothing left behind:', () => {
  it.each([
    [['trian'], "unknown command 'trian' (Did you mean train?)"],
    [['help', 'trian'], "unknown command 'trian'"],
    [['train', '--epoch', '3'], '(Did you mean --epochs?)'],
    [['train', 'lenet5'], 'too many arguments'],
    [['train'], 'say what to train on: --dataset mnist'],
    [['train', '--model', 'lenet5'], 'say what to train on: --dataset mnist'],
    [['train', '--model', 'lent5', '--dataset', 'digits'], 'there is no model "lent5"; did you mean lenet5?'],
    [['train', '--model', 'lenet5', '--dataset', 'mnits'], 'there is no data set "mnits"; did you mean mnist?'],
    [
      ['train', '--dataset', '.'],
      "--dataset . is a folder, but a name is needed (digits, mnist, fashion-mnist, kmnist, emnist-balanced, emnist-letters, emnist-byclass, cifar10, cifar100); MNIST's own files are read with --dataset mnist --data-dir FOLDER",
    ],
    [['train', '--dataset', '../pictures'], '--dataset ../pictures is a path, but a name is needed'],
    [['train', '--dataset', process.execPath], 'is a file, but a name is needed'],
    [['train', '--dataset', 'pictures.zip'], '--dataset pictures.zip is a path, but a name is needed'],
    [['evaluate', 'x.safetensors', '--dataset', 'table.csv'], '--dataset table.csv is a path, but a name is needed'],
    [[...quick, '--optimizer', 'adma'], 'there is no optimizer "adma"; did you mean adam?'],
    [[...quick, '--schedule', 'cosin'], 'there is no schedule "cosin"; did you mean cosine?'],
    [[...quick, '--backend', 'referense'], 'there is no backend "referense"; did you mean reference?'],
    [[...quick, '--batch-size', '-1'], '--batch-size -1: expected an integer from 1 to 65,536'],
    [[...quick, '--batch-size', '1e9'], '--batch-size 1e9: expected an integer'],
    [[...quick, '--train-limit', '100', '--batch-size', '101'], '--batch-size 101 is more than the 100 training images'],
    [[...quick, '--train-limit', '2000000'], '--train-limit 2000000: expected an integer from 1 to 1,000,000'],
    [[...quick, '--test-limit', '0'], '--test-limit 0: expected an integer from 1 to 1,000,000'],
    [[...quick, '--learning-rate', 'abc'], '--learning-rate abc: expected a finite number > 0'],
    [[...quick, '--learning-rate', '-0.1'], '--learning-rate -0.1: expected a finite number > 0'],
    [[...quick, '--epochs', '0'], '--epochs 0: expected an integer from 1'],
    [[...quick, '--seed', '1.5'], '--seed 1.5: expected an integer from 0'],
    [[...quick, '--out', ''], "--out '': expected a word"],
    [[...quick, '--resume'], 'say which run to resume: --resume --out'],
    [['evaluate', 'x.safetensors'], "required option '--dataset <name>' not specified"],
    [['evaluate', 'x.safetensors', '--dataset', 'minst'], 'did you mean mnist?'],
    [['evaluate', 'x.safetensors', '--dataset', 'digits', '--metrics', 'accuracy,f2'], 'there is no metric "f2"; did you mean f1?'],
    [['predict', 'x.safetensors'], 'say what to predict: files, or --dir FOLDER'],
    [['predict', 'x.safetensors', 'a.png', '--invert', 'maybe'], '--invert maybe: Allowed choices are auto, yes, no'],
    [['summary', 'lenet'], 'there is no model "lenet"; did you mean lenet5?'],
    [['summary', 'lenet5', '--input', '28,x,1'], '--input 28,x,1: expected height, width and channels'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await sinapse(...args);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^sinapse: /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });
});

it('ends with 2 in a process of its own', async () => {
  const { code, stdout, stderr } = await start(['train', '--epochs', 'many']).finished;
  expect(stderr).toBe('sinapse: --epochs many: expected an integer from 1 to 1,000,000\n');
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

describe('what cannot be done here ends with 1 and one line:', () => {
  it.each([
    ['webgl', 'the backend webgl runs in browsers, not in Node; use cpu'],
    ['tfjs-webgl', 'the backend tfjs-webgl runs in browsers, not in Node; use cpu'],
    ['cuda', 'the backend cuda is not available in this version; use cpu'],
    [
      'tfjs-node-gpu',
      'the backend tfjs-node-gpu cannot be used here: the package @tensorflow/tfjs-node-gpu is not installed; install it: npm install @tensorflow/tfjs-node-gpu; or use cpu',
    ],
  ])('--backend %s', async (backend, message) => {
    const { code, stdout, stderr } = await sinapse(...quick, '--backend', backend, '--json');
    expect(stderr).toBe(`sinapse: ${message}\n`);
    expect(stdout).toBe('');
    expect(code).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('an input that is too small for the model', async () => {
    const { code, stderr } = await sinapse('summary', 'lenet5', '--input', '1,1,1');
    expect(stderr).toMatch(/^sinapse: --input 1,1,1: lenet5: inputShape: .*\n$/);
    expect(code).toBe(2);
  });

  it('--verbose shows where an error arose', async () => {
    const { stderr } = await sinapse('evaluate', 'nowhere.safetensors', '--dataset', 'digits', '--verbose');
    expect(stderr).toMatch(/^sinapse: read nowhere\.safetensors: there is no such file\n/);
    expect(stderr).toMatch(/\n {4}at .*\ncaused by Error: ENOENT/s);
  });
});
