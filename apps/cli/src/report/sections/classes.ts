// Precision, recall and F1 of each class.

import { html } from '../html.ts';
import { wideTable } from '../wide-table.ts';
import type { MakeSection } from '../view.ts';

export const classes: MakeSection = ({ run, words, format, measures }) => {
  if (measures === undefined) return undefined;
  const { title, note, precision, recall, f1, support } = words.classes;
  const rows = run.data.classes!.map((name, c) => {
    const tested = measures.confusion[c]!.reduce((a, b) => a + b, 0);
    const cells = [measures.precision[c], measures.recall[c], measures.f1[c]].map(
      (value) => html`<td class="number">${format.percent(value)}</td>`,
    );
    return html`<tr>
      <th scope="row">${name}</th>
      ${cells}
      <td class="number">${format.count(tested)}</td>
    </tr>`;
  });
  const head = [words.data.class, precision, recall, f1, support].map((name) => html`<th scope="col">${name}</th>`);
  return {
    id: 'classes',
    title,
    body: html`<p>${note}</p>
      ${wideTable(head, rows)}`,
  };
};
