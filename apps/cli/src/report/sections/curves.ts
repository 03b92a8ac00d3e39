// How loss and accuracy went, epoch by epoch.

import { curvesChart } from '../charts/curves.ts';
import { html } from '../html.ts';
import type { MakeSection } from '../view.ts';

export const curves: MakeSection = ({ run, words, format }) => {
  const { history, stopped } = run;
  const { title, loss, accuracy, epoch, training, validation, note } = words.curves;
  const losses = curvesChart(
    [
      { name: training, values: history.map((each) => each.loss) },
      { name: validation, values: history.map((each) => each.valLoss) },
    ],
    { title: loss, epoch, format: format.number },
  );
  const accuracies = curvesChart(
    [
      { name: training, values: history.map((each) => each.accuracy) },
      { name: validation, values: history.map((each) => each.valAccuracy) },
    ],
    { title: accuracy, epoch, format: format.percent },
  );
  if (losses === undefined && accuracies === undefined) return undefined;
  const end = Object.hasOwn(words.curves.stopped, stopped) ? words.curves.stopped[stopped]! : '';
  return {
    id: 'curves',
    title,
    body: html`<div class="charts">${losses}${accuracies}</div>
      <p>${end} ${note}</p>`,
  };
};
