// Bars side by side with their values: counts of classes, importance of columns.

import type { Html } from '../html.ts';
import { html } from '../html.ts';

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** The value as it is written. */
  readonly text: string;
}

/** A table whose second column is a bar. Values below 0 have no bar. */
export function bars(head: readonly [string, string], rows: readonly Bar[]): Html {
  const most = rows.reduce((a, { value }) => Math.max(a, value), 0) || 1;
  return html`<table class="bars">
    <thead>
      <tr>
        <th scope="col">${head[0]}</th>
        <th scope="col" colspan="2">${head[1]}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ name, value, text }) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td class="number">${text}</td>
            <td class="bar"><span style="width:${((100 * Math.max(0, value)) / most).toFixed(1)}%"></span></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
