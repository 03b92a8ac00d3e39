// How well each class can be told from the others at every threshold.

import { rocChart } from '../charts/roc.ts';
import { html } from '../html.ts';
import type { MakeSection } from '../view.ts';

/** So many colours there are. */
const MOST_CURVES = 10;

export const roc: MakeSection = ({ run, words, format, measures }) => {
  if (measures === undefined) return undefined;
  const whole = measures.roc.map((each, c) => ({ ...each, name: run.data.classes![c]! })).filter(({ area }) => Number.isFinite(area));
  // Of two classes, one curve is the other turned round.
  const told = run.data.classes!.length === 2 ? whole.slice(1) : whole;
  if (told.length === 0) return undefined;
  const shown = told.length <= MOST_CURVES ? told : told.sort((a, b) => a.area - b.area).slice(0, MOST_CURVES);
  const curves = shown.map(({ name, area, curve }) => ({ name: words.roc.area(name, format.number(area)), curve }));
  const { title, falsePositives, truePositives, note, hardest } = words.roc;
  const chart = rocChart(curves, { title, across: falsePositives, up: truePositives, format: format.number });
  return {
    id: 'roc',
    title,
    body: html`${chart}
      <p>${note} ${shown.length < told.length && hardest(format.count(shown.length))}</p>`,
  };
};
