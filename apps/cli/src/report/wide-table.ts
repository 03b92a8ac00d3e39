// A table that scrolls sideways where the page is too narrow for it.

import type { Html } from './html.ts';
import { html } from './html.ts';

/** @param head the cells of the first row */
export function wideTable(head: readonly Html[], rows: readonly Html[]): Html {
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
