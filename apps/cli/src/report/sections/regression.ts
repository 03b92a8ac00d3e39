// Predicted values against actual ones, and the largest errors.

import { scatterChart } from '../charts/scatter.ts';
import { html } from '../html.ts';
import { wideTable } from '../wide-table.ts';
import type { MakeSection } from '../view.ts';

const MOST_LISTED = 8;

export const regression: MakeSection = ({ run, words, format }) => {
  if (run.task !== 'regression') return undefined;
  const { title, actual, predicted, note, noteWithoutBand, worst, error } = words.regression;
  const { predictions, radius } = run.test;
  const chart = scatterChart(
    predictions.map(({ target, value }) => [target, value!] as const),
    { title, across: actual, up: predicted, format: format.number, ...(radius !== undefined && { radius }) },
  );
  const largest = [...predictions].sort((a, b) => Math.abs(b.value! - b.target) - Math.abs(a.value! - a.target)).slice(0, MOST_LISTED);
  const head = [words.mistakes.example, actual, predicted, error].map((name) => html`<th scope="col">${name}</th>`);
  const rows = largest.map(
    ({ source, target, value }) =>
      html`<tr>
        <td><code>${source}</code></td>
        ${[target, value!, value! - target].map((number) => html`<td class="number">${format.number(number)}</td>`)}
      </tr>`,
  );
  return {
    id: 'regression',
    title,
    body: html`${chart}
      <p>${radius === undefined ? noteWithoutBand : note}</p>
      <h3>${worst}</h3>
      ${wideTable(head, rows)}`,
  };
};
