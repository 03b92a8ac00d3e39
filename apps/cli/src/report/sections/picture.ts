// A picture of the test with words below it.

import type { Content, Html } from '../html.ts';
import { html } from '../html.ts';

/** @param base64 a PNG file, checked to be base64 when the record was read */
export function picture(base64: string, alternative: string): Html {
  return html`<img src="data:image/png;base64,${base64}" alt="${alternative}" />`;
}

export function captioned(pictures: readonly Html[], caption: Content): Html {
  return html`<figure class="picture">
    <div>${pictures}</div>
    <figcaption>${caption}</figcaption>
  </figure>`;
}
