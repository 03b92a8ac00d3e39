// Formats a summary as a table for a terminal.

import type { Check } from '@sinapse/core';
import { checkValue, formatShape } from '@sinapse/core';
import type { Summary } from './summary.ts';

/** The width of a terminal, in characters. */
const WIDTH = 80;
const GAP = '  ';
/** The first of the columns with numbers, which are right-aligned. */
const FIRST_NUMBER = 3;
/** The least width to which a column of text is shrunk. */
const LEAST = 8;

const SUMMARY: Check = {
  expected: 'a summary, as summary(model, inputShape) returns it',
  accepts: (value) => typeof value === 'object' && value !== null && 'layers' in value && 'activationBytes' in value,
};

/** Formats a model's layers and totals as a table of at most 80 characters a line. Long paths are shortened in the middle. */
export function formatSummary(summary: Summary): string {
  checkValue('formatSummary', summary, SUMMARY);
  const { layers, trainable, nonTrainable, macs, parameterBytes, activationBytes } = summary;
  const rows = [
    ['layer', 'type', 'output', 'parameters', 'MACs'],
    ['input', '', formatShape(summary.inputShape), '', ''],
    ...layers.map((layer) => [
      layer.path || '(model)',
      layer.type,
      formatShape(layer.outputShape),
      grouped(layer.parameters),
      grouped(layer.macs),
    ]),
    ['total', '', '', grouped(trainable + nonTrainable), grouped(macs)],
  ];
  const widths = fit(rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => aligned(cell, widths[column]!, column))
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

/** Shrinks the widths until they fit the terminal, the widest column of text first. */
function fit(widths: readonly number[]): number[] {
  const fitted = [...widths];
  const available = WIDTH - GAP.length * (widths.length - 1);
  for (let excess = fitted.reduce((a, b) => a + b, -available); excess > 0; excess--) {
    const widest = fitted.indexOf(Math.max(...fitted.slice(0, FIRST_NUMBER)));
    if (fitted[widest]! <= LEAST) break;
    fitted[widest]!--;
  }
  return fitted;
}

function aligned(text: string, width: number, column: number): string {
  return column < FIRST_NUMBER ? shortened(text, width).padEnd(width) : text.padStart(width);
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
