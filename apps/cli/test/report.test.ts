import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Validator } from 'jsonschema';
import type { Schema } from 'jsonschema';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRunData } from '../src/report/run-data.ts';
import { writeHouses } from './own-data.ts';
import { reported, sinapse, testFolder } from './sinapse.ts';

testFolder();

beforeAll(async () => {
  await sinapse(...reported, '--out', 'run', '--lang', 'pt');
});

/** As nbformat 5.11 publishes it. */
const schema = JSON.parse(readFileSync(new URL('nbformat.v4.5.schema.json', import.meta.url), 'utf8')) as Schema;
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

describe('a training on a table', () => {
  it('writes a report with its columns and its values', async () => {
    writeHouses('houses.csv', 80);
    expect((await sinapse('train', '--data', 'houses.csv', '--target', 'price', '--epochs', '2', '--out', 'houses', '--json')).code).toBe(
      0,
    );
    const sections = [...readFileSync('houses/report.html', 'utf8').matchAll(/<section id="(\w+)">/g)].map(([, id]) => id);
    expect(sections).toEqual(['result', 'data', 'curves', 'regression', 'importance', 'architecture', 'use', 'limits', 'settings']);
  });
});

describe('sinapse report', () => {
  it('writes the report again, in another language', async () => {
    rmSync('run/report.html');
    expect(await sinapse('report', 'run', '--json')).toMatchObject({ code: 0, events: [{ event: 'report', report: 'run/report.html' }] });
    expect(page()).toMatch(/<html lang="en">[^]*Learning curves/);
  });

  it.each(['run', 'houses'])('writes a valid notebook of %s', async (run) => {
    await sinapse('report', run, '--notebook', '--lang', 'pt');
    const notebook = JSON.parse(readFileSync(`${run}/report.ipynb`, 'utf8')) as {
      cells: { id: string; source: string; attachments?: object }[];
    };
    expect(new Validator().validate(notebook, schema).errors.map(String)).toEqual([]);
    expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(notebook.cells.length);
    const text = notebook.cells.map(({ source }) => source).join('\n');
    for (const heading of ['Problema', 'Solução', 'Programa', 'O que os números não dizem']) expect(text).toContain(`## ${heading}`);
    for (const { source, attachments = {} } of notebook.cells)
      expect([...source.matchAll(/attachment:([\w.-]+)/g)].map(([, name]) => name)).toEqual(Object.keys(attachments));
    expect(text).toContain('attachment:curves-1.svg');
  });

  it('says what is wrong with a folder', async () => {
    expect((await sinapse('report', 'nowhere')).stderr).toMatch(/nowhere\/run\.json does not exist/);
    writeFileSync('run/run.json', '{"version":1}');
    expect((await sinapse('report', 'run')).stderr).toMatch(/run\/run\.json: run\.task: expected classification or regression/);
    expect((await sinapse('report', 'run', '--lang', 'fr')).code).toBe(2);
  });
});
