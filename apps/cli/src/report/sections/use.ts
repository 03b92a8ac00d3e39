// How to use the model, in the terminal and in a program.

import { html } from '../html.ts';
import { usageProgram } from '../programs.ts';
import type { MakeSection } from '../view.ts';

export const use: MakeSection = ({ run, words }) => {
  const { title, terminal, program } = words.use;
  const file = run.data.kind === 'images' ? 'picture.jpg' : 'rows.csv';
  return {
    id: 'use',
    title,
    body: html`<p>${terminal}</p>
      <pre><code>sinapse predict model.safetensors ${file}</code></pre>
      <p>${program}</p>
      <pre><code>${usageProgram(run)}</code></pre>`,
  };
};
