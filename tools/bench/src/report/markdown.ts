// The results as Markdown tables, aligned like prettier's, so that they are readable in a terminal too.

import { computeBound } from '../measure/roofline.ts';
import type { ReportedContestant, Results } from './results.ts';
import { bestOf, disturbance, ratiosOf } from './results.ts';

/** If other programs use more than this share of the processor, rates are unreliable. */
const QUIET = 0.05;

export function toMarkdown(results: Results): string {
  return [
    introduction(results),
    ...results.threads.flatMap((threads) => [rates(results, threads), ratios(results, threads)]),
    memoryTable(results),
    handicaps(results),
    reasons(results),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function introduction({ machine, roofline, ...results }: Results): string {
  const { processor, cores, memoryBytes, system, node, date } = machine;
  const { copyBytesPerSecond, arithmetic } = roofline;
  const peak = arithmetic
    .map(({ threads, flopsPerSecond, from }) => `${number(flopsPerSecond / 1e9)} GFLOP/s on ${plural(threads, 'thread')} (${from})`)
    .join(', ');
  const lines = [
    `${processor}, ${plural(cores, 'core')}, ${(memoryBytes / 2 ** 30).toFixed(0)} GiB, ${system}, Node ${node}, ${date}.`,
    `Memory copy ${number(copyBytesPerSecond / 1e9)} GB/s, read and written; ${peak === '' ? 'arithmetic not measured' : `arithmetic ${peak}`}.`,
  ];
  const others = disturbance({ machine, roofline, ...results });
  if (others > QUIET) {
    lines.push(`Other programs took ${(100 * others).toFixed(0)}% of the processor meanwhile: the ratios say more than the rates.`);
  }
  return lines.join('\n');
}

/** One row for each case: each contestant's rate in its best setting, with the spread. */
function rates(results: Results, threads: number): string {
  const { cases, roofline } = results;
  const contestants = measuredOf(results, threads);
  const rows = cases.map((benchCase) => [
    benchCase.title,
    benchCase.unit,
    bound(computeBound(roofline, benchCase, threads)),
    ...contestants.map(({ name }) => {
      const best = bestOf(results, benchCase, name, threads);
      return typeof best === 'object' ? `${number(best.rate)} ±${(100 * best.spread).toFixed(0)}%` : missing(best);
    }),
  ]);
  const head = ['case', 'unit', 'roofline', ...contestants.map(({ title }) => title)];
  return `**Rates, ${plural(threads, 'thread')}**\n\n${table(head, rows, 2)}`;
}

/** Contestants with at least one figure; the others are in the list of reasons. */
function measuredOf(results: Results, threads: number): ReportedContestant[] {
  const { cases, contestants } = results;
  return contestants.filter(({ name }) => cases.some((benchCase) => typeof bestOf(results, benchCase, name, threads) === 'object'));
}

function bound(flopsPerSecond: number | undefined): string {
  return flopsPerSecond === undefined ? '' : number(flopsPerSecond / 1e9);
}

/** One row for each case: how many times as fast each engine is as the peers of its kind. */
function ratios(results: Results, threads: number): string {
  const { cases, contestants } = results;
  const found = ratiosOf(results).filter((ratio) => ratio.threads === threads);
  const pairs = contestants
    .filter(({ ours }) => ours)
    .flatMap((own) => contestants.filter(({ ours, kind }) => !ours && kind === own.kind).map((peer) => ({ own, peer })))
    .filter(({ own, peer }) => found.some((ratio) => ratio.ours === own.name && ratio.peer === peer.name));
  const rows = cases.flatMap((benchCase) => {
    const cells = pairs.map(({ own, peer }) => {
      const ratio = found.find((one) => one.case === benchCase.name && one.ours === own.name && one.peer === peer.name);
      return ratio === undefined ? '' : number(ratio.ratio);
    });
    return cells.some((cell) => cell !== '') ? [[benchCase.title, ...cells]] : [];
  });
  if (rows.length === 0) return '';
  const head = ['ours / peer', ...pairs.map(({ own, peer }) => `${own.title} / ${peer.title}`)];
  return `**Ratios, ${plural(threads, 'thread')}** (above 1: ours is faster)\n\n${table(head, rows, 1)}`;
}

/** The largest resident set of each contestant's process with the most threads: program, inputs, and memory of the case. */
function memoryTable(results: Results): string {
  const { cases } = results;
  const threads = Math.max(...results.threads);
  const contestants = measuredOf(results, threads);
  const rows = cases.map((benchCase) => [
    benchCase.title,
    ...contestants.map(({ name }) => {
      const best = bestOf(results, benchCase, name, threads);
      return typeof best === 'object' ? (best.measured.memory.peakBytes / 1e6).toFixed(0) : missing(best);
    }),
  ]);
  return `**Memory, largest resident set in MB**\n\n${table(['case', ...contestants.map(({ title }) => title)], rows, 1)}`;
}

/** Peers to which no ratio is counted, one line for each. */
function handicaps({ contestants }: Results): string {
  const lines = contestants.flatMap(({ title, handicap }) => (handicap === undefined ? [] : [`- ${title}: ${escaped(handicap)}`]));
  return lines.length === 0 ? '' : `**Ratios not counted**\n\n${lines.join('\n')}`;
}

/** The reasons for missing figures, one line for each contestant and reason. */
function reasons(results: Results): string {
  const threads = Math.max(...results.threads);
  const lines = results.contestants.flatMap((contestant) => reasonsOf(results, contestant, threads));
  return lines.length === 0 ? '' : `**Not measured**\n\n${lines.join('\n')}`;
}

function reasonsOf(results: Results, { name, title }: ReportedContestant, threads: number): string[] {
  const byReason = new Map<string, string[]>();
  for (const benchCase of results.cases) {
    const best = bestOf(results, benchCase, name, threads);
    if (typeof best === 'string') byReason.set(best, [...(byReason.get(best) ?? []), benchCase.name]);
  }
  return [...byReason].map(([reason, names]) => {
    const where = names.length === results.cases.length && names.length > 1 ? 'all cases' : names.join(', ');
    return `- ${title}, ${where}: ${escaped(reason)}`;
  });
}

/** A Markdown table. The first `left` columns are aligned left, the others right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], left: number): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => line[column]!.length)));
  const format = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const aligned = (line: readonly string[]): string =>
    format(line.map((cell, column) => (column < left ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))));
  const rule = format(widths.map((width, column) => (column < left ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)));
  return [aligned(head), rule, ...rows.map(aligned)].join('\n');
}

function missing(reason: string | undefined): string {
  return reason === undefined ? '' : '–';
}

/** Three significant digits, without an exponent. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = value >= 100 || value <= 0 ? 0 : 2 - Math.floor(Math.log10(value));
  return value.toFixed(Math.min(digits, 6));
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Escapes Markdown in a message. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]|]/g, String.raw`\$&`);
}
