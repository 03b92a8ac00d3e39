// The program of a notebook: cells of TypeScript with what they print. The tests run them and compare.

import { formatSummary } from '@sinapse/layers';
import { answerOf } from './measures.ts';
import { openingProgram } from './programs.ts';
import type { RunData } from './run-data.ts';
import type { View } from './view.ts';

/** A cell of code: what it is for, the code, and what it prints. */
export interface ProgramCell {
  readonly purpose: string;
  readonly code: string;
  readonly prints: string;
}

export function programCells(view: View): ProgramCell[] {
  const { run, words, layers } = view;
  const { read, measure, epochs, open } = words.notebook;
  return [
    { purpose: read, code: READ, prints: `${run.test.predictions.length}\n` },
    run.task === 'classification'
      ? { purpose: measure, code: MEASURE_CLASSES, prints: measuresOfClasses(run) }
      : { purpose: measure, code: MEASURE_VALUES, prints: measuresOfValues(run) },
    { purpose: epochs, code: EPOCHS, prints: run.history.map(({ epoch, loss, valLoss }) => `${epoch} ${loss} ${valLoss}\n`).join('') },
    ...(layers === undefined ? [] : [{ purpose: open, code: `${openingProgram(run, ['model', 'inputShape'])}\n${SUMMARY}`, prints: `${formatSummary(layers)}\n` }]), // prettier-ignore
  ];
}

const READ = `import { readFile } from 'node:fs/promises';

interface Answer { source: string; target: number; probabilities: number[]; value: number }

const run = JSON.parse(await readFile('run.json', 'utf8'));
const answers: Answer[] = run.test.predictions;
console.log(answers.length);`;

const MEASURE_CLASSES = `const said = answers.map(({ probabilities }) => probabilities.indexOf(Math.max(...probabilities)));
const right = answers.filter(({ target }, i) => said[i] === target).length;
console.log('accuracy', (right / answers.length).toFixed(4));
run.data.classes.forEach((name: string, label: number) => {
  const found = answers.filter(({ target }, i) => target === label && said[i] === label).length;
  const recall = found / answers.filter(({ target }) => target === label).length;
  const precision = found / said.filter((each) => each === label).length;
  console.log(\`\${name}: precision \${precision.toFixed(4)}, recall \${recall.toFixed(4)}\`);
});`;

function measuresOfClasses({ data, test: { predictions } }: RunData): string {
  const said = predictions.map(({ probabilities }) => answerOf(probabilities!));
  const right = predictions.filter(({ target }, i) => said[i] === target).length;
  const lines = data.classes!.map((name, label) => {
    const found = predictions.filter(({ target }, i) => target === label && said[i] === label).length;
    const recall = found / predictions.filter(({ target }) => target === label).length;
    const precision = found / said.filter((each) => each === label).length;
    return `${name}: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}\n`;
  });
  return `accuracy ${(right / predictions.length).toFixed(4)}\n${lines.join('')}`;
}

const MEASURE_VALUES = `const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const errors = answers.map(({ target, value }) => value - target);
console.log('root mean squared error', Math.sqrt(mean(errors.map((error) => error ** 2))).toPrecision(4));
console.log('mean absolute error', mean(errors.map(Math.abs)).toPrecision(4));`;

function measuresOfValues({ test: { predictions } }: RunData): string {
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const errors = predictions.map(({ target, value }) => value! - target);
  const squared = Math.sqrt(mean(errors.map((error) => error ** 2)));
  return `root mean squared error ${squared.toPrecision(4)}\nmean absolute error ${mean(errors.map(Math.abs)).toPrecision(4)}\n`;
}

const SUMMARY = `import { formatSummary, summary } from '@sinapse/layers';

console.log(formatSummary(summary(model, inputShape)));`;

const EPOCHS = 'for (const { epoch, loss, valLoss } of run.history) console.log(epoch, loss, valLoss);';
