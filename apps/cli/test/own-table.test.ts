import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sinapse, start, testFolder } from './sinapse.ts';
import type { Finished } from './sinapse.ts';
import { writeFlowers, writeHouses } from './own-data.ts';

const folder = testFolder();

beforeAll(() => {
  writeFlowers('flowers.csv');
  writeHouses('houses.csv');
});

function eventOf({ events }: Finished, name: string): Record<string, unknown> {
  return events.find((each) => each['event'] === name)!;
}

describe('a table of classes', () => {
  it('with semicolons, decimal commas and missing values gives a model in one command', async () => {
    const trained = await sinapse('train', '--data', 'flowers.csv', '--target', 'kind', '--epochs', '30', '--json');
    expect(trained.stderr).toBe('');
    const data = eventOf(trained, 'data');
    expect(data).toMatchObject({ kind: 'table', task: 'classification', target: 'kind', classes: ['Açucena', 'Rosa 🌹', 'Íris'] });
    const skipped = data['skipped'] as { source: string; reason: string }[];
    expect(skipped.length).toBeGreaterThan(0);
    expect(skipped[0]).toMatchObject({ reason: 'has no kind' });
    expect(data['examples']).toBe(240 - skipped.length);
    expect(eventOf(trained, 'done')['accuracy']).toBeGreaterThan(0.85); // petals are 6 standard deviations apart
  });

  it('is used on rows without a target', async () => {
    writeFileSync('new.csv', 'place;leaf;petal\nbosque;5,1;1,4\ncampo;;3,6\n');
    const { code, events } = await sinapse('predict', 'runs/flowers/model.safetensors', 'new.csv', '--json');
    expect(code).toBe(0);
    expect(events.map(({ top }) => (top as { label: string }[])[0]!.label)).toEqual(['Açucena', 'Íris']);
    writeFileSync('wrong.csv', 'place;leaf\nbosque;5,1\n');
    const { code: failed, stderr } = await sinapse('predict', 'runs/flowers/model.safetensors', 'wrong.csv');
    expect([failed, stderr]).toEqual([1, expect.stringContaining('the table has no column "petal"')]);
  });
});

describe('a table of numbers', () => {
  it('gives a regression with its interval', async () => {
    const trained = await sinapse('train', '--data', 'houses.csv', '--target', 'price', '--epochs', '50', '--json');
    expect(eventOf(trained, 'data')).toMatchObject({ task: 'regression', remarks: [expect.stringContaining('only numbers the rows: id')] });
    const done = eventOf(trained, 'done');
    // The error that no model can avoid has standard deviation 10; the mean as a guess errs by about 100.
    expect(done['rootMeanSquaredError']).toBeLessThan(30);
    expect(done['radius']).toBeGreaterThan(10);
    const { importance } = JSON.parse(readFileSync('runs/houses/run.json', 'utf8')) as { importance: { column: string; mean: number }[] };
    // Of the price's variance, size makes 3² 100² / 12 = 7,500, town 2,500, age 300.
    expect(importance.sort((a, b) => b.mean - a.mean).map(({ column }) => column)).toEqual(['size', 'town', 'age']);
    writeFileSync('house.csv', 'size,age,town\n100,20,Rio\n');
    const { events } = await sinapse('predict', 'runs/houses/model.safetensors', 'house.csv', '--json');
    const { value, low, high } = events[0] as Record<string, number>;
    expect(Math.abs(value! - (300 - 20 + 100))).toBeLessThan(40);
    expect(high! - value!).toBeCloseTo(done['radius'] as number, 3);
    expect(value! - low!).toBeCloseTo(done['radius'] as number, 3);
    writeFileSync('large.csv', 'size,age,town\n"1,000",20,Rio\n');
    const large = await sinapse('predict', 'runs/houses/model.safetensors', 'large.csv', '--json');
    expect(large.stderr).toContain('sinapse: column size: "1,000" is read as 1000, with commas between thousands');
  });

  it('is said to have columns whose reading is doubtful', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, i) => `"1,${100 + ((7 * i) % 60)}",${i % 2 === 0 ? '"1,5"' : '2.5'},${i % 2 === 0 ? 'no' : 'yes'}`,
    );
    writeFileSync('incomes.csv', ['income,rate,answer', ...rows].join('\n'));
    const trained = await sinapse('train', '--data', 'incomes.csv', '--target', 'answer', '--epochs', '1', '--json');
    expect(eventOf(trained, 'data')['remarks']).toEqual([
      expect.stringContaining('column income: "1,100" is read as 1100, with commas between thousands'),
      expect.stringContaining('column rate: its numbers have decimal commas, as in "1,5", and decimal points, as in "2.5"'),
    ]);
  });
});

describe('a table that cannot be learned', () => {
  it.each([
    [['houses.csv'], 2, 'say which column to predict: --target price'],
    [['houses.csv', '--target', 'prize'], 2, 'houses.csv has no such column; did you mean price?'],
    [['same.csv', '--target', 'b'], 1, 'all rows have the same b, "x"'],
    [['few.csv', '--target', 'b'], 1, '3 examples are too few to learn from'],
    [['single.csv', '--target', 'a'], 1, 'beside a, there is no column'],
    [['houses.csv', '--target', 'town', '--task', 'regression'], 1, 'town holds words; --task regression needs numbers'],
    [['houses.csv', '--target', 'price', '--model', 'resnet20'], 2, 'there is no model for tables "resnet20"; there are mlp, linear'],
    [['houses.csv', '--target', 'price', '--batch-size', '4000'], 2, '--batch-size 4000 is more than the'],
    [['houses.csv', '--target', 'price', '--dataset', 'mnist'], 2, '--dataset is for data sets by name; with --data leave it out'],
    [['houses.csv', '--target', 'price', '--time', 'soon'], 2, 'expected a time above 0, e.g. 90s, 10m or 1h'],
    [['nothing.csv', '--target', 'price'], 1, 'nothing.csv does not exist'],
  ])('%j is refused in one line', async (args, expected, message) => {
    writeFileSync('same.csv', `a,b\n${Array.from({ length: 20 }, (_, i) => `${i % 7},x`).join('\n')}\n`);
    writeFileSync('few.csv', 'a,b\n1,x\n2,y\n5,x\n');
    writeFileSync('single.csv', `a\n${Array.from({ length: 20 }, (_, i) => (i * 7) % 11).join('\n')}\n`);
    const { code, stderr } = await sinapse('train', '--data', ...args);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(expected);
  });

  it('is no data set by name, which does not take its options', async () => {
    const { code, stderr } = await sinapse('train', '--data', 'digits', '--folds', '3');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--folds needs data of your own: --data PATH')]);
  });
});

describe('the options', () => {
  const train = ['train', '--data', 'flowers.csv', '--target', 'kind', '--epochs', '3', '--json'];

  it('are printed as YAML, and read from it', async () => {
    const { stdout } = await sinapse('train', '--data', 'houses.csv', '--target', 'price', '--epochs', '4', '--print-config');
    expect(stdout).toContain('target: price\n');
    expect(stdout).toContain('model: mlp\n');
    writeFileSync('run.yaml', stdout);
    const read = await sinapse('train', '--config', 'run.yaml', '--seed', '5', '--out', 'configured', '--json');
    expect(eventOf(read, 'plan')).toMatchObject({ epochs: 4, seed: 5, target: 'price' });
    expect(eventOf(read, 'done')).toBeDefined();
  });

  it.each([
    ['data: houses.csv\nepoch: 3\n', 'did you mean epochs?'],
    ['data: houses.csv\nepochs: many\n', 'epochs: expected an integer from 1 to 1,000,000, got "many"'],
    ['- 1\n', 'it holds no settings'],
    ['a: [1\n', 'it is not YAML'],
  ])('in the file %j are refused in one line', async (text, message) => {
    writeFileSync('wrong.yaml', text);
    const { code, stderr } = await sinapse('train', '--config', 'wrong.yaml');
    expect(stderr).toContain(message);
    expect(stderr).toContain('wrong.yaml');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('cross-validate, search, find a learning rate, and write for TensorBoard', async () => {
    const trained = await sinapse(...train, '--folds', '3', '--search', '2', '--find-lr', '--tensorboard', '--out', 'all');
    expect(trained.stderr).toBe('');
    expect(trained.events.filter(({ event }) => event === 'fold')).toHaveLength(3);
    expect(trained.events.filter(({ event }) => event === 'trial')).toHaveLength(2);
    expect(eventOf(trained, 'learningRate')['learningRate']).toBeGreaterThan(0);
    const { folds } = JSON.parse(readFileSync('all/run.json', 'utf8')) as { folds: { values: number[]; mean: number; deviation: number } };
    const mean = folds.values.reduce((a, b) => a + b) / 3;
    expect(folds.mean).toBeCloseTo(mean, 12);
    expect(folds.deviation).toBeCloseTo(Math.sqrt(folds.values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2), 12);
    expect(existsSync('all/tensorboard/events.out.tfevents.sinapse')).toBe(true);
  });

  it('train several networks that answer together', async () => {
    const trained = await sinapse(...train, '--ensemble', '2', '--out', 'two');
    expect(eventOf(trained, 'done')['accuracy']).toBeGreaterThan(0.5);
    expect(readFileSync('two/metrics-2.csv', 'utf8')).toContain('epoch');
    const { events } = await sinapse('predict', 'two/model.safetensors', 'new.csv', '--json');
    expect(events).toHaveLength(2);
  });
});

describe('a training that is killed', () => {
  const train = ['train', '--data', 'flowers.csv', '--target', 'kind', '--epochs', '30', '--seed', '2'];
  const moments = process.env['SINAPSE_TEST_TIER'] === 'full' ? 100 : 3;

  it(`at ${moments} random moments goes on to the same result`, async () => {
    await sinapse(...train, '--out', 'whole');
    const whole = readFileSync('whole/model.safetensors');
    const metrics = readFileSync('whole/metrics.csv', 'utf8').replaceAll(/,[\d.e-]+,\d+,[\d.e-]+\r\n/g, '\r\n');
    for (let moment = 0; moment < moments; moment++) {
      const out = `killed-${moment}`;
      const running = start([...train, '--out', out, '--json'], { cwd: folder });
      await running.says('"event":"epoch"');
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      running.process.kill('SIGKILL');
      await running.finished;
      const { code, stderr } = await sinapse('train', '--resume', '--out', out);
      expect([code, stderr]).toEqual([0, '']);
      expect(readFileSync(join(out, 'model.safetensors')).equals(whole)).toBe(true);
      expect(readFileSync(join(out, 'metrics.csv'), 'utf8').replaceAll(/,[\d.e-]+,\d+,[\d.e-]+\r\n/g, '\r\n')).toBe(metrics);
    }
  });

  it('is not resumed with other options', async () => {
    const { code, stderr } = await sinapse('train', '--resume', '--out', 'whole', '--seed', '3');
    expect([code, stderr]).toEqual([2, expect.stringContaining('config.yaml says another seed')]);
  });
});
