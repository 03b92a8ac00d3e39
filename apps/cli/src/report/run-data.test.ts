import { describe, expect, it } from 'vitest';
import { parseRunData } from './run-data.ts';
import { digitsRun, tableRun } from './runs.cases.ts';

const parse = (value: unknown) => parseRunData(JSON.stringify(value), 'runs/x/run.json');

describe('the record of a run', () => {
  it('is read as it was written', () => {
    expect(parse(digitsRun)).toEqual(digitsRun);
    expect(parse(tableRun)).toEqual(tableRun);
  });

  it('may hold more than this version knows', () => {
    expect(parse({ ...digitsRun, later: true })).toHaveProperty('later', true);
  });

  it.each<[string, unknown]>([
    ['version: expected 1', { ...digitsRun, version: 2 }],
    ['run.task: expected classification or regression', { ...digitsRun, task: 'dreams' }],
    ['run.history[0].loss: expected a number or null', { ...digitsRun, history: [{ epoch: 1, loss: 'low', seconds: 1 }] }],
    ['run.data: expected an object', { ...digitsRun, data: [] }],
    ['test.predictions: there are none', { ...digitsRun, test: { ...digitsRun.test, predictions: [] } }],
    ['test.predictions: there is no class 3', withPrediction({ source: 'a', target: 3, probabilities: [1, 0, 0] })],
    ['test.predictions: expected a probability for each class', withPrediction({ source: 'a', target: 0, probabilities: [1] })],
    [
      'run.test.predictions[0].probabilities[0]: expected a number within [0, 1]',
      withPrediction({ source: 'a', target: 0, probabilities: [9, 0, 0] }),
    ],
    ['run.pictures[0].image: expected bytes in base64', { ...digitsRun, pictures: [{ ...digitsRun.pictures![0], image: '"onerror="' }] }],
    ['pictures: one is of no example of the test', { ...digitsRun, pictures: [{ ...digitsRun.pictures![0], place: 99 }] }],
    [
      'test.predictions: a regression has a value for each',
      { ...tableRun, test: { ...tableRun.test, predictions: [{ source: 'a', target: 1 }] } },
    ],
  ])('says %s', (message, value) => {
    expect(() => parse(value)).toThrow(`runs/x/run.json: ${message}`);
  });

  it('says that a file is no JSON', () => {
    expect(() => parseRunData('{', 'run.json')).toThrow(/^run\.json is no JSON: /);
  });
});

function withPrediction(prediction: unknown): unknown {
  return { ...digitsRun, pictures: [], test: { ...digitsRun.test, predictions: [prediction] } };
}
