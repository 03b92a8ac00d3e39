// A confusion matrix as a table: the row is the class that an image shows, the column the model's answer.

import { percent } from './numbers.ts';
import type { Colors } from './terminal.ts';

/** Most classes of a readable table; with more, the largest confusions are listed instead. */
const mostClasses = 20;
const listed = 10;

/**
 * The lines of the table.
 * @param matrix `matrix[actual][predicted]`, counts
 * @param labels one label for each class
 * @param width columns of the terminal
 */
export function confusionTable(matrix: readonly (readonly number[])[], labels: readonly string[], width: number, colors: Colors): string[] {
  const cell = Math.max(3, ...matrix.flat().map((value) => String(value).length), ...labels.map((label) => Math.min(4, label.length))) + 1;
  const head = Math.max(6, ...labels.map((label) => label.length)) + 1;
  const right = 9;
  if (matrix.length > mostClasses || head + cell * matrix.length > width) return largestConfusions(matrix, labels);
  const withRecall = head + cell * matrix.length + right <= width;

  const title = ' '.repeat(head) + 'predicted'.padStart(Math.min(cell * matrix.length, cell + 8));
  const header = 'actual'.padEnd(head) + labels.map((label) => label.slice(0, cell - 1).padStart(cell)).join('');
  const lines = [colors.dim(title), colors.bold(header) + (withRecall ? colors.dim('right'.padStart(right)) : '')];
  matrix.forEach((row, actual) => {
    const total = row.reduce((sum, value) => sum + value, 0);
    const cells = row.map((value, predicted) => {
      const text = (value === 0 ? '·' : String(value)).padStart(cell);
      if (value === 0) return colors.dim(text);
      return actual === predicted ? colors.green(text) : colors.red(text);
    });
    const recall = total === 0 ? '' : percent(row[actual]! / total);
    lines.push(colors.bold(labels[actual]!.padEnd(head)) + cells.join('') + (withRecall ? colors.dim(recall.padStart(right)) : ''));
  });
  return lines.map((line) => line.trimEnd());
}

function largestConfusions(matrix: readonly (readonly number[])[], labels: readonly string[]): string[] {
  const found: { text: string; value: number }[] = [];
  matrix.forEach((row, actual) =>
    row.forEach((value, predicted) => {
      if (actual !== predicted && value > 0) found.push({ text: `${labels[actual]} taken for ${labels[predicted]}`, value });
    }),
  );
  if (found.length === 0) return ['no confusions: every image was recognised'];
  found.sort((a, b) => b.value - a.value);
  return ['largest confusions:', ...found.slice(0, listed).map(({ text, value }) => `  ${String(value).padStart(5)}  ${text}`)];
}
