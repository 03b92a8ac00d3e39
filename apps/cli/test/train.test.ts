import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sinapse, small, start, testFolder, reported } from './sinapse.ts';
import type { Finished } from './sinapse.ts';

const folder = testFolder();
const bytes = (...path: string[]) => readFileSync(join(folder, ...path));

let first: Finished;
beforeAll(async () => {
  first = await sinapse(...reported, '--epochs', '2', '--out', 'runs/first');
});

describe('a training', () => {
  it('tells of each epoch and of its end, in JSON alone', () => {
    expect(first.code).toBe(0);
    expect(first.stderr).toBe('');
    expect(first.events.map(({ event }) => event)).toEqual(['epoch', 'epoch', 'done']);
    const [epoch, second, done] = first.events;
    expect(epoch).toMatchObject({ epoch: 1, examples: 64 });
    for (const name of ['loss', 'accuracy', 'valLoss', 'valAccuracy', 'seconds', 'examplesPerSecond'])
      expect(epoch![name]).toBeTypeOf('number');
    expect(done).toMatchObject({ parameters: 61706, model: 'runs/first/model.safetensors', backend: 'cpu' });
    expect(done!['testAccuracy']).toBe(second!['valAccuracy']);
    expect(done!['testLoss']).toBe(second!['valLoss']);
  });

  it('learns', () => {
    const [one, two] = first.events;
    expect(two!['loss']).toBeLessThan(one!['loss'] as number);
  });

  it('leaves a folder with the model, its settings, its history, a checkpoint, and what its report is made of', () => {
    expect(readdirSync(join(folder, 'runs/first')).sort()).toEqual([
      'checkpoint.safetensors',
      'config.json',
      'history.jsonl',
      'model.safetensors',
      'report.html',
      'run.json',
    ]);
    expect(JSON.parse(bytes('runs/first/config.json').toString())).toEqual({
      model: 'lenet5', dataset: 'digits', epochs: 2, batchSize: 32, optimizer: 'adam', schedule: 'cooldown', seed: 1, backend: 'auto', trainLimit: 64, testLimit: 20,
    }); // prettier-ignore
    const history = bytes('runs/first/history.jsonl').toString().trim().split('\n').map((line) => JSON.parse(line) as object); // prettier-ignore
    expect(history.map((epoch) => ({ event: 'epoch', ...epoch }))).toEqual(first.events.slice(0, 2));
  });

  it('gives the same model for the same seed, and another for another', async () => {
    await sinapse(...small, '--epochs', '2', '--out', 'runs/again');
    expect(bytes('runs/again/model.safetensors')).toEqual(bytes('runs/first/model.safetensors'));
    await sinapse(...small, '--seed', '2', '--out', 'runs/other');
    expect(bytes('runs/other/model.safetensors')).not.toEqual(bytes('runs/first/model.safetensors'));
  });

  it('computes with the backend it is told', async () => {
    const { events } = await sinapse(...small, '--epochs', '2', '--out', 'runs/reference', '--backend', 'reference');
    const done = events.at(-1)!;
    expect(done).toMatchObject({ backend: 'reference' });
    // Another engine rounds differently: after a few steps the losses agree only to some digits.
    expect(done['testLoss']).toBeCloseTo(first.events.at(-1)!['testLoss'] as number, 2);
  });

  it('measures what evaluate measures', async () => {
    const { code, events, stderr } = await sinapse(
      'evaluate',
      'runs/first/model.safetensors',
      '--dataset',
      'digits',
      '--test-limit',
      '20',
      '--metrics',
      'accuracy,logLoss, f1',
      '--json',
    );
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const { testAccuracy, testLoss } = first.events.at(-1)!;
    expect(events).toMatchObject([{ event: 'evaluated', accuracy: testAccuracy, loss: testLoss, examples: 20 }]);
    const { accuracy, logLoss, f1 } = events[0]!['metrics'] as Record<string, number>;
    expect(accuracy).toBe(testAccuracy);
    expect(logLoss).toBeCloseTo(testLoss as number, 5);
    expect(f1).toBeLessThanOrEqual(1);
    const confusion = events[0]!['confusion'] as number[][];
    expect(confusion.flat().reduce((a, b) => a + b)).toBe(20);
    expect(confusion.reduce((sum, row, i) => sum + row[i]!, 0) / 20).toBe(testAccuracy);
  });

  it('is not measured by what does not fit classes', async () => {
    const { code, stderr } = await sinapse(
      'evaluate',
      'runs/first/model.safetensors',
      '--dataset',
      'digits',
      '--test-limit',
      '20',
      '--metrics',
      'rSquared',
    );
    expect(code).toBe(1);
    expect(stderr).toBe(
      "sinapse: rSquared: the target must be numbers of the output's shape; the model gives float32 [20,10], the target is int32 [20]\n",
    );
  });

  it('can be summarised from its file', async () => {
    const { events } = await sinapse('summary', 'runs/first/model.safetensors', '--json');
    expect(events[0]).toMatchObject({ model: 'lenet5', parameters: 61706 });
  });

  it('never writes over another', async () => {
    const before = bytes('runs/first/model.safetensors');
    const { code, stderr } = await sinapse(...small, '--out', 'runs/first');
    expect(code).toBe(1);
    expect(stderr).toBe('sinapse: runs/first already holds a run: continue it with --resume, or choose another --out\n');
    expect(bytes('runs/first/model.safetensors')).toEqual(before);
  });

  it('takes a folder of its own beside another that runs at the same time', async () => {
    const cwd = mkdtempSync(join(folder, 'same-'));
    const same = await Promise.all([1, 2].map(() => start(small, { cwd }).finished));
    const models = new Set(same.map(({ events }) => events.at(-1)!['model']));
    expect(models).toEqual(new Set(['runs/digits/model.safetensors', 'runs/digits-2/model.safetensors']));
    expect(readdirSync(join(cwd, 'runs')).sort()).toEqual(['digits', 'digits-2']);
  });

  it('takes the next free folder where none is given', async () => {
    for (const path of ['runs/digits', 'runs/digits-2']) {
      const { events } = await sinapse(...small);
      expect(events.at(-1)).toMatchObject({ model: `${path}/model.safetensors` });
    }
  });
});

describe('a finished training', () => {
  it('says so when it is resumed, and shows its result again', async () => {
    const { code, events, stderr } = await sinapse('train', '--resume', '--out', 'runs/first', '--json', '--verbose');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^sinapse: runs\/first is finished after 2 epochs; .* --resume --out runs\/first --epochs 4\n$/);
    expect(events).toMatchObject([{ event: 'done', testAccuracy: first.events.at(-1)!['testAccuracy'] }]);
  });

  it('goes on with more epochs, with a constant learning rate as if it had never stopped', async () => {
    const constant = [...small, '--schedule', 'constant'];
    const one = await sinapse(...constant, '--out', 'runs/one');
    expect(one.events).toHaveLength(2);
    const two = await sinapse('train', '--resume', '--out', 'runs/one', '--epochs', '2', '--json');
    expect(two.events.map(({ event, epoch }) => [event, epoch])).toEqual([
      ['epoch', 2],
      ['done', undefined],
    ]);
    await sinapse(...constant, '--epochs', '2', '--out', 'runs/both');
    expect(bytes('runs/one/model.safetensors')).toEqual(bytes('runs/both/model.safetensors'));
  });

  it.each([
    [['--seed', '2'], '--seed 2 does not fit: the run in runs/first has --seed 1'],
    [['--batch-size', '8'], '--batch-size 8 does not fit'],
    [['--learning-rate', '0.1'], '--learning-rate 0.1 does not fit: the run in runs/first was not given --learning-rate'],
    [['--schedule', 'cosine'], '--schedule cosine does not fit: the run in runs/first has --schedule cooldown'],
    [['--epochs', '1'], '--epochs 1 is too few: the run in runs/first has done 2 epochs'],
  ])('refuses other options: %j', async (args, message) => {
    const { code, stderr } = await sinapse('train', '--resume', '--out', 'runs/first', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('a training that diverges', () => {
  it('stops at the step, also in its first epoch, and keeps the state before the first step', async () => {
    const { code, stdout, stderr } = await sinapse(...small, '--learning-rate', '1e30', '--out', 'diverged');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^sinapse: epoch 1, step 2: the loss is (NaN|Infinity).*smaller learning rate.*; the last good state, that before the first step, is in diverged\/checkpoint\.safetensors\n$/,
    );
    expect(readdirSync(join(folder, 'diverged')).sort()).toEqual(['checkpoint.safetensors', 'config.json', 'history.jsonl']);
    const again = await sinapse('train', '--resume', '--out', 'diverged');
    expect(again.stderr).toBe(stderr);
  });

  it('leaves a first state that goes on as a training that begins', async () => {
    const running = start([...small, '--train-limit', '640', '--out', 'begun']);
    while (!existsSync(join(folder, 'begun/history.jsonl'))) await new Promise((resolve) => setTimeout(resolve, 5));
    running.process.kill('SIGKILL');
    await running.finished;
    const resumed = await sinapse('train', '--resume', '--out', 'begun', '--json');
    expect(resumed.code).toBe(0);
    await sinapse(...small, '--train-limit', '640', '--out', 'anew');
    expect(bytes('begun/model.safetensors')).toEqual(bytes('anew/model.safetensors'));
  });

  it('keeps the last good checkpoint', async () => {
    // With one step in an epoch, the first epoch is saved and the second fails.
    const args = [
      'train',
      '--quick-start',
      '--train-limit',
      '32',
      '--test-limit',
      '10',
      '--epochs',
      '3',
      '--learning-rate',
      '1e12',
      '--out',
      'late',
      '--json',
    ];
    const { code, stderr, events } = await sinapse(...args);
    expect(code).toBe(1);
    expect(events.map(({ event }) => event)).toEqual(['epoch']);
    expect(stderr).toMatch(/^sinapse: epoch 2, step 1: the loss is .*; the last good state is in late\/checkpoint\.safetensors\n$/);
    expect(readdirSync(join(folder, 'late')).sort()).toEqual(['checkpoint.safetensors', 'config.json', 'history.jsonl']);
  });
});

describe('for people', () => {
  const quick = small.filter((word) => word !== '--json');

  it('shows lines, a confusion matrix and what to do next, without colours where it is piped', async () => {
    const { code, stdout, stderr } = await start([...quick, '--out', 'people']).finished;
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain('\r');
    expect(stdout).toMatch(/^Training lenet5 on digits: 64 images, 20 more to test\n/);
    expect(stdout).toMatch(/\nEpoch 1\/1 {2}loss .* images\/s\n/);
    expect(stdout).toMatch(/\nTest accuracy \d+\.\d\d%, loss \d/);
    expect(stdout).toMatch(/\nactual +0 +1 +2 +3 +4 +5 +6 +7 +8 +9 +right\n0 /);
    const predict = /^ {2}node (?<script>\S+) (?<rest>predict \S+ \S+)$/m.exec(stdout)!.groups!;
    const answer = await start(predict['rest']!.split(' ')).finished;
    expect(answer.code).toBe(0);
    expect(answer.stdout).toMatch(/^\d +\d+\.\d\d% /m);
  });

  it.each([
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [{ CI: '1' }, false],
  ])('has colours with %j: %s', async (env, colored) => {
    const { stdout } = await start(['backends'], { env }).finished;
    expect(stdout.includes('\u001b[')).toBe(colored);
  });
});
