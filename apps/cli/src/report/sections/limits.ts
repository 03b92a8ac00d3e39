// What the numbers do not say.

import { shareInterval } from '@sinapse/training/selection';
import { html } from '../html.ts';
import type { MakeSection, View } from '../view.ts';

/** Fewer test examples than this make an uncertain figure. */
const SMALL_TEST = 100;
/** A class that has so many times fewer examples than the largest one is worth a word. */
const IMBALANCE = 3;
const MOST_LISTED = 8;

export const limits: MakeSection = (view) => ({
  id: 'limits',
  title: view.words.limits.title,
  body: html`<ul>
    ${limitsOf(view).map((limit) => html`<li>${limit}</li>`)}
  </ul>`,
});

export function limitsOf(view: View): string[] {
  const { run, words, format } = view;
  const { data, test } = run;
  const say = words.limits;
  const { duplicates, skipped, parts } = data;
  const copies = duplicates === undefined ? 0 : duplicates.exact.length + duplicates.near.length;
  return [
    ...(run.task === 'classification' ? ofClasses(view) : parts.test < SMALL_TEST ? [say.smallTestValues(format.count(parts.test))] : []),
    ...(copies > 0 ? [say.copies] : []),
    ...(duplicates !== undefined && duplicates.acrossParts > 0 ? [say.across(format.count(duplicates.acrossParts))] : []),
    ...(duplicates === undefined ? [say.unknownCopies] : []),
    ...(skipped.length > 0 ? [say.skipped(format.count(skipped.length))] : []),
    ...(test.predictions.length < parts.test ? [say.partial(format.count(test.predictions.length))] : []),
    say.elsewhere,
    say.cause,
  ];
}

function ofClasses({ run, words, format, measures }: View): string[] {
  const { classes = [], counts = [], parts } = run.data;
  const say = words.limits;
  const { low, high } = shareInterval(Math.round((run.test.metrics['accuracy'] ?? 0) * parts.test), parts.test);
  const [from, to] = [format.percent(low), format.percent(high)];
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const rare = counts
    .map((count, c) => ({ count, name: classes[c]! }))
    .filter(({ count }) => most >= IMBALANCE * count)
    .sort((a, b) => a.count - b.count);
  const untested = classes.filter((_, c) => measures!.confusion[c]!.every((count) => count === 0));
  return [
    parts.test < SMALL_TEST ? say.smallTest(format.count(parts.test), from, to) : say.interval(from, to),
    ...rare.slice(0, MOST_LISTED).map(({ name, count }) => say.imbalance(name, format.count(count), format.count(most))),
    ...(untested.length > 0 ? [say.untested(untested.slice(0, MOST_LISTED).join(', ') + (untested.length > MOST_LISTED ? ' …' : ''))] : []),
  ];
}
