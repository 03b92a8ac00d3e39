// A report as one HTML file that needs nothing else.

import { html } from './html.ts';
import { allSections } from './sections/all-sections.ts';
import { style } from './style.ts';
import type { Section, View } from './view.ts';

export function sectionsOf(view: View): Section[] {
  return allSections.flatMap((make) => make(view) ?? []);
}

/** The file forbids itself every request. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

export function pageOf(view: View): string {
  const { run, words, language } = view;
  const sections = sectionsOf(view);
  const title = words.title(run.data.name);
  return html`<!doctype html>
    <html lang="${language === 'pt' ? 'pt-BR' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <nav aria-label="${words.contents}">
            <ul>
              ${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main>
          ${sections.map(
            ({ id, title: name, body }) =>
              html`<section id="${id}">
                <h2>${name}</h2>
                ${body}
              </section> `,
          )}
        </main>
        <footer>${words.madeBy(String(run.environment['sinapse'] ?? ''))}</footer>
      </body>
    </html> `.text;
}
