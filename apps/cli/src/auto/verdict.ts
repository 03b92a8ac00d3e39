// Says in words how good a result is against the simplest guess, and what would help.

import type { EpochResult } from '@sinapse/training';
import { percent, plural } from '../output/numbers.ts';
import { IMBALANCE } from './found.ts';
import { answerOf } from '../report/measures.ts';
import { countsOf } from './measure.ts';
import type { Baseline, Measured } from './measure.ts';
import type { Problem } from './problem.ts';

/** One thing to say; programs go by its kind and its values. */
export interface Finding {
  readonly kind: 'better' | 'noBetter' | 'unsure' | 'smallTest' | 'overfitting' | 'underfitting' | 'timeOver' | 'imbalance' | 'weakClass';
  readonly values: Readonly<Record<string, number | string>>;
  readonly text: string;
}

/** Fewer test examples than this make an uncertain figure. */
const SMALL_TEST = 100;

/** How much better a network is on what it learned than on what it has not seen, before a word is said. */
const GAP = 0.1;

export interface Outcome {
  readonly problem: Problem;
  readonly measured: Measured;
  readonly baseline: Baseline;
  readonly history: readonly EpochResult[];
  readonly stopped: string;
}

/** What there is to say, the verdict first. */
export function findingsOf(outcome: Outcome): Finding[] {
  const { problem, stopped } = outcome;
  return [
    problem.task === 'classification' ? verdictOnClasses(outcome) : verdictOnValues(outcome),
    ...uncertainty(outcome),
    ...fitting(outcome),
    ...(stopped === 'time' ? [{ kind: 'timeOver', values: {}, text: 'The time was over before the training was: more of it (--time) would help.' } as const] : []), // prettier-ignore
    ...(problem.task === 'classification' ? onClasses(outcome) : []),
  ];
}

function verdictOnClasses({ problem, measured, baseline }: Outcome): Finding {
  const accuracy = measured.metrics['accuracy']!;
  const guess = baseline.metrics['accuracy']!;
  const values = { accuracy, guess, guessed: baseline.guess };
  const right = `It is right in ${percent(accuracy)} of ${plural(measured.predictions.length, 'test example')}`;
  const compared = `always saying ${JSON.stringify(baseline.guess)} is right in ${percent(guess)}`;
  if (measured.interval!.low > guess) return { kind: 'better', values, text: `${right}; ${compared}. It has learned something.` };
  if (accuracy > guess) return { kind: 'unsure', values, text: `${right}; ${compared}. With so few test examples, that may be chance.` };
  const more = `${plural(problem.parts.train.length, 'example')} to train on may be too few, or they do not show what tells the classes apart`;
  return { kind: 'noBetter', values, text: `${right}; ${compared}. It is no better than that guess: ${more}.` };
}

function verdictOnValues({ measured, baseline }: Outcome): Finding {
  const error = measured.metrics['rootMeanSquaredError']!;
  const guess = baseline.metrics['rootMeanSquaredError']!;
  const values = { error, guess, guessed: baseline.guess };
  const text = `Its error is ${short(error)} (root mean square); always saying the mean, ${baseline.guess}, has ${short(guess)}.`;
  if (error < 0.9 * guess)
    return { kind: 'better', values, text: `${text} It explains ${percent(1 - (error / guess) ** 2)} of the variance.` };
  if (error < guess) return { kind: 'unsure', values, text: `${text} That is hardly better: it may be chance.` };
  return { kind: 'noBetter', values, text: `${text} It is no better than that guess: the columns may not decide the target.` };
}

function uncertainty({ measured }: Outcome): Finding[] {
  const count = measured.predictions.length;
  if (count >= SMALL_TEST) return [];
  const { low, high } = measured.interval ?? { low: NaN, high: NaN };
  const range = Number.isNaN(low) ? '' : `: on other examples, anything from ${percent(low)} to ${percent(high)} is likely`;
  return [
    {
      kind: 'smallTest',
      values: { count, ...(measured.interval && { low, high }) },
      text: `${plural(count, 'test example')} are few${range}. More examples, or --folds 5, give a surer figure.`,
    },
  ];
}

function fitting({ history, problem }: Outcome): Finding[] {
  const best = history.reduce<EpochResult | undefined>((a, b) => (a === undefined || (b.valLoss ?? Infinity) < (a.valLoss ?? Infinity) ? b : a), undefined); // prettier-ignore
  if (best?.accuracy === undefined || best.valAccuracy === undefined) return [];
  const [learned, unseen] = [best.accuracy, best.valAccuracy];
  const values = { learned, unseen };
  if (learned - unseen > GAP) {
    const remedy = problem.kind === 'images' ? 'more pictures would help, or --augment strong, or weights to begin with (--pretrained FILE)' : 'more rows would help, or fewer columns, or a smaller network (--model linear)'; // prettier-ignore
    return [{ kind: 'overfitting', values, text: `It knows what it was shown (${percent(learned)}) better than what is new (${percent(unseen)}): ${remedy}.` }]; // prettier-ignore
  }
  const share = history.indexOf(best) / Math.max(1, history.length - 1);
  if (learned < 0.9 && share > 0.9)
    return [{ kind: 'underfitting', values, text: 'It was still improving when it ended: more epochs (--epochs, --time) or a larger network (--model) may help.' }]; // prettier-ignore
  return [];
}

function onClasses({ problem, measured }: Outcome): Finding[] {
  const { classNames } = problem;
  const findings: Finding[] = [];
  const counts = countsOf(problem, problem.parts.train);
  const [most, least] = [Math.max(...counts), Math.min(...counts)];
  if (most >= IMBALANCE * least) {
    const name = classNames[counts.indexOf(least)]!;
    findings.push({ kind: 'imbalance', values: { class: name, most, least }, text: `${JSON.stringify(name)} has only ${plural(least, 'example')} to learn from, the largest class ${most}: more of it would help, and the accuracy says little about it.` }); // prettier-ignore
  }
  const confusion = classNames.map(() => classNames.map(() => 0));
  for (const { target, probabilities } of measured.predictions) confusion[target]![answerOf(probabilities!)]!++;
  const tested = confusion.map((row) => row.reduce((a, b) => a + b, 0));
  const recalls = confusion.map((row, i) => (tested[i]! > 0 ? row[i]! / tested[i]! : NaN));
  const seen = recalls.filter((recall) => !Number.isNaN(recall));
  const accuracy = measured.metrics['accuracy']!;
  const weakest = recalls.indexOf(Math.min(...seen));
  if (weakest >= 0 && recalls[weakest]! < accuracy - GAP) {
    const taken = confusion[weakest]!.map((each, i) => (i === weakest ? -1 : each));
    const other = classNames[answerOf(taken)]!;
    const values = { class: classNames[weakest]!, recall: recalls[weakest]!, other };
    findings.push({ kind: 'weakClass', values, text: `It finds ${JSON.stringify(values.class)} worst, ${percent(values.recall)} of them, and mostly says ${JSON.stringify(other)} instead: look at these examples first.` }); // prettier-ignore
  }
  return findings;
}

/** A number with four digits that count. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
