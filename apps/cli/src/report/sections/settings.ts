// With what the model was made, for those who want to repeat it.

import { html } from '../html.ts';
import type { MakeSection } from '../view.ts';

export const settings: MakeSection = ({ run, words, format }) => {
  const { title, seconds, names } = words.settings;
  const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  const rows: [string, string][] = [
    ...Object.entries(run.settings).map(([name, value]): [string, string] => [name, written(value)]),
    [seconds, format.number(run.seconds)],
    ...Object.entries(run.environment).map(([name, value]): [string, string] => [names[name] ?? name, String(value)]),
  ];
  return {
    id: 'settings',
    title,
    body: html`<div class="wide">
      <table>
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </table>
    </div>`,
  };
};
