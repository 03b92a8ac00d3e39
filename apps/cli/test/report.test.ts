import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRunData } from '../src/report/run-data.ts';
import { sinapse, small, testFolder } from './sinapse.ts';

testFolder();

beforeAll(async () => {
  await sinapse(...small, '--out', 'run', '--lang', 'pt');
});

const page = () => readFileSync('run/report.html', 'utf8');

describe('a training on digits', () => {
  it('writes a record that agrees with what it says', () => {
    const run = parseRunData(readFileSync('run/run.json', 'utf8'), 'run.json');
    const { predictions, metrics } = run.test;
    expect(predictions).toHaveLength(20);
    const right = predictions.filter(({ target, probabilities }) => probabilities!.indexOf(Math.max(...probabilities!)) === target);
    expect(right.length / 20).toBe(metrics['accuracy']);
    expect(run.pictures!.length).toBeGreaterThan(0);
    for (const { image, saliency, gradCam } of run.pictures!)
      for (const file of [image, saliency, gradCam!]) expect(Buffer.from(file, 'base64').subarray(1, 4).toString()).toBe('PNG');
  });

  it('writes a report in the language that was asked for', () => {
    expect(page()).toMatch(/<html lang="pt-BR">[^]*Curvas de aprendizado[^]*conv1[^]*O que os números não dizem/);
  });
});

describe('sinapse report', () => {
  it('writes the report again, in another language', async () => {
    rmSync('run/report.html');
    expect(await sinapse('report', 'run', '--json')).toMatchObject({ code: 0, events: [{ event: 'report', report: 'run/report.html' }] });
    expect(page()).toMatch(/<html lang="en">[^]*Learning curves/);
  });

  it('says what is wrong with a folder', async () => {
    expect((await sinapse('report', 'nowhere')).stderr).toMatch(/nowhere\/run\.json does not exist/);
    writeFileSync('run/run.json', '{"version":1}');
    expect((await sinapse('report', 'run')).stderr).toMatch(/run\/run\.json: run\.task: expected classification or regression/);
    expect((await sinapse('report', 'run', '--lang', 'fr')).code).toBe(2);
  });
});
