// Which classes are taken for which.

import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { MakeSection, View } from '../view.ts';

/** Of more classes, only the most frequent mistakes are listed. */
const MOST_IN_MATRIX = 24;
const MOST_LISTED = 12;

export const confusion: MakeSection = (view) => {
  const { words, measures, run } = view;
  if (measures === undefined) return undefined;
  const matrix =
    run.data.classes!.length <= MOST_IN_MATRIX
      ? html`<p>${words.confusion.note}</p>
          ${matrixOf(view)}`
      : undefined;
  return { id: 'confusion', title: words.confusion.title, body: html`${matrix}${oftenOf(view)}` };
};

/** A cell is the darker, the larger its share of the row. */
function matrixOf({ run, words, format, measures }: View): Html {
  const classes = run.data.classes!;
  const rows = measures!.confusion.map((row, actual) => {
    const sum = row.reduce((a, b) => a + b, 0);
    const cells = row.map((count, predicted) => {
      const share = sum === 0 ? 0 : count / sum;
      return html`<td
        class="${actual === predicted ? 'right' : 'wrong'}${share > 0.5 ? ' dark' : ''}"
        style="--share:${(100 * share).toFixed(0)}%"
      >
        ${format.count(count)}
      </td>`;
    });
    return html`<tr>
      <th scope="row">${classes[actual]}</th>
      ${cells}
    </tr>`;
  });
  return html`<div class="wide">
    <table class="matrix">
      <thead>
        <tr>
          <th>${words.confusion.actual} ↓ ${words.confusion.predicted} →</th>
          ${classes.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function oftenOf({ run, words, format, measures }: View): Html | undefined {
  const classes = run.data.classes!;
  const mistakes = measures!.confusion
    .flatMap((row, actual) => row.map((count, predicted) => ({ actual, predicted, count })))
    .filter(({ actual, predicted, count }) => actual !== predicted && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_LISTED);
  if (mistakes.length === 0) return html`<p>${words.mistakes.none}</p>`;
  return html`<h3>${words.confusion.often}</h3>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">${words.confusion.actual}</th>
            <th scope="col">${words.confusion.predicted}</th>
            <th scope="col">${words.confusion.times}</th>
          </tr>
        </thead>
        <tbody>
          ${mistakes.map(
            ({ actual, predicted, count }) =>
              html`<tr>
                <td>${classes[actual]}</td>
                <td>${classes[predicted]}</td>
                <td class="number">${format.count(count)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
