// Formats a summary as a table for a terminal.

import type { Check, Shape } from '@sinapse/core';
import { checkValue, formatShape, leavesOf } from '@sinapse/core';
import { SHAPE } from './build.ts';
import type { Summary } from './summary.ts';

/** The width of a terminal, in characters. */
const WIDTH = 80;
const GAP = '  ';
/** The least width to which a column of text is shrunk. */
const LEAST = 8;

const SUMMARY: Check = {
  expected: 'a summary, as summary(model, inputShape) returns it',
  accepts: (value) => typeof value === 'object' && value !== null && 'layers' in value && 'activationBytes' in value,
};

/**
 * Formats a model's layers and totals as a table of at most 80 characters a line. Long paths are shortened in the middle. Of a model with a
 * `graph` the table also says what each layer reads.
 */
export function formatSummary(summary: Summary<unknown, unknown>): string {
  checkValue('formatSummary', summary, SUMMARY);
  const { layers, trainable, nonTrainable, macs, parameterBytes, activationBytes } = summary;
  const connected = layers.some(({ from }) => from !== undefined);
  const texts = (path: string, type: string, output: string, from: string): string[] => [path, type, output, ...(connected ? [from] : [])];
  const rows = [
    [...texts('layer', 'type', 'output', 'from'), 'parameters', 'MACs'],
    [...texts('input', '', shapesIn(summary.inputShape), ''), '', ''],
    ...layers.map(({ path, type, outputShape, outputShapes, from = [], parameters, macs: own }) => [
      ...texts(path || '(model)', type, (outputShapes ?? [outputShape]).map(formatShape).join(' '), from.join(', ')),
      grouped(parameters),
      grouped(own),
    ]),
    [...texts('total', '', '', ''), grouped(trainable + nonTrainable), grouped(macs)],
  ];
  const firstNumber = rows[0]!.length - 2;
  const widths = fit(rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))), firstNumber); // prettier-ignore
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column < firstNumber ? shortened(cell, widths[column]!).padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join(GAP)
      .trimEnd(),
  );
  const rule = '-'.repeat(widths.reduce((a, b) => a + b + GAP.length, -GAP.length));
  return [
    lines[0],
    rule,
    ...lines.slice(1, -1),
    rule,
    lines.at(-1),
    `trainable ${grouped(trainable)}, not trainable ${grouped(nonTrainable)}`,
    `memory: parameters ${bytes(parameterBytes)}, activations ${bytes(activationBytes)} per example`,
  ].join('\n');
}

/** Shapes of inputs: one, or several side by side. */
function shapesIn(shapes: unknown): string {
  return leavesOf<Shape>('formatSummary: inputShape', shapes, SHAPE).map(formatShape).join(' ');
}

/** Shrinks the widths until they fit the terminal, the widest column of text first. */
function fit(widths: readonly number[], firstNumber: number): number[] {
  const fitted = [...widths];
  const available = WIDTH - GAP.length * (widths.length - 1);
  for (let excess = fitted.reduce((a, b) => a + b, -available); excess > 0; excess--) {
    const widest = fitted.indexOf(Math.max(...fitted.slice(0, firstNumber)));
    if (fitted[widest]! <= LEAST) break;
    fitted[widest]!--;
  }
  return fitted;
}

function shortened(text: string, width: number): string {
  if (text.length <= width) return text;
  const head = Math.floor((width - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = count === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10));
  return `${(count / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
