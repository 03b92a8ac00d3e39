// Says what was found in the data.

import { columns } from '../output/columns.ts';
import { count, plural } from '../output/numbers.ts';
import type { Output } from '../output/output.ts';
import { printable } from '../output/printable.ts';
import { countsOf } from './measure.ts';
import { acrossParts } from './parts.ts';
import type { Problem } from './problem.ts';

/** Classes, skipped files and the like that are listed; of more, the number is said. */
const LISTED = 12;

/** A class that has so many times fewer examples than the largest one is worth a word. */
export const IMBALANCE = 3;

/** What was found, as an event for programs. */
export function foundEvent(problem: Problem): { readonly event: 'data'; readonly [member: string]: unknown } {
  const { kind, task, name, classNames, parts, skipped, duplicates, remarks } = problem;
  return {
    event: 'data',
    kind,
    task,
    name,
    examples: problem.count,
    parts: { train: parts.train.length, validation: parts.validation.length, test: parts.test.length },
    ...(task === 'classification' && { classes: classNames, counts: countsOf(problem, allOf(problem)) }),
    ...(problem.kind === 'images' ? { sizes: problem.sizes } : { target: problem.target, columns: problem.columns }),
    skipped,
    duplicates: { exact: groupsOf(problem, duplicates.exact), near: groupsOf(problem, duplicates.near), acrossParts: acrossParts(duplicates, parts) }, // prettier-ignore
    remarks,
  };
}

/** Groups of copies by their files or rows. */
function groupsOf(problem: Problem, groups: readonly (readonly number[])[]): string[][] {
  return groups.map((group) => group.map((index) => problem.sourceOf(index)));
}

/** The same for people. */
export function sayFound(problem: Problem, output: Output): void {
  const { bold, dim } = output.colors;
  const { kind, name, parts, skipped, duplicates, remarks } = problem;
  const noun = kind === 'images' ? 'picture' : 'row';
  const what = problem.task === 'classification' ? `in ${plural(problem.classNames.length, 'class').replace('classs', 'classes')}` : `to predict a number`; // prettier-ignore
  const of = problem.kind === 'table' ? `, ${printable(problem.target)}` : '';
  output.line(`${bold(printable(name))}: ${plural(problem.count, noun)} ${what}${of}`);
  if (problem.task === 'classification') sayClasses(problem, output);
  if (problem.kind === 'images') {
    const { smallest, median, largest } = problem.sizes;
    const same = String(smallest) === String(largest);
    const sizes = same ? smallest.join(' x ') : `${smallest.join(' x ')} to ${largest.join(' x ')}, in the middle ${median.join(' x ')}`;
    output.line(`sizes: ${sizes}; learned at ${problem.inputShape.join(' x ')}`);
  } else {
    const lacking = problem.columns.filter(({ missing }) => missing > 0);
    if (lacking.length > 0) output.line(`missing values: ${some(lacking.map((column) => `${printable(column.name)} ${count(column.missing)}`))}`); // prettier-ignore
  }
  if (skipped.length > 0) {
    output.line(`left out: ${plural(skipped.length, kind === 'images' ? 'file' : 'row')}`);
    for (const { source, reason } of skipped.slice(0, LISTED)) output.line(dim(`  ${printable(source)} ${printable(reason)}`));
    if (skipped.length > LISTED) output.line(dim(`  and ${count(skipped.length - LISTED)} more`));
  }
  const across = acrossParts(duplicates, parts);
  sayCopies('the same', problem, duplicates.exact, output);
  sayCopies('nearly the same', problem, duplicates.near, output);
  if (across === 0 && duplicates.exact.length + duplicates.near.length > 0) output.line('copies are kept in one part');
  if (across > 0)
    output.line(`${plural(across, 'group')} of copies lie in more than one part of the data: the test will look better than it is`);
  for (const remark of remarks) output.line(printable(remark));
  output.line(
    `split: ${count(parts.train.length)} to train on, ${count(parts.validation.length)} to decide when to stop, ${count(parts.test.length)} to test`,
  );
}

function sayClasses(problem: Problem, output: Output): void {
  const counts = countsOf(problem, allOf(problem));
  const rows = problem.classNames.map((name, i) => [printable(name), count(counts[i]!)]);
  for (const line of columns(rows.slice(0, LISTED))) output.line(`  ${line}`);
  if (rows.length > LISTED) output.line(`  and ${count(rows.length - LISTED)} more`);
  const [most, least] = [Math.max(...counts), Math.min(...counts)];
  if (most >= IMBALANCE * least) output.line(`the classes are of very different sizes: the largest has ${count(most)}, the smallest ${count(least)}`); // prettier-ignore
}

function sayCopies(how: string, problem: Problem, groups: readonly (readonly number[])[], output: Output): void {
  if (groups.length === 0) return;
  const example = groups[0]!.slice(0, 2).map((index) => printable(problem.sourceOf(index)));
  output.line(`${how}: ${plural(groups.length, 'group')}, e.g. ${example.join(' and ')}`);
}

function allOf({ count: examples }: Problem): number[] {
  return Array.from({ length: examples }, (_, i) => i);
}

function some(names: readonly string[]): string {
  return names.length <= LISTED ? names.join(', ') : `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;
}
