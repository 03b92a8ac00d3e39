// The wrong answers of which the network was most sure.

import type { Content, Html } from '../html.ts';
import { html } from '../html.ts';
import { mistakesOf } from '../mistakes.ts';
import type { MakeSection, View } from '../view.ts';
import { captioned, picture } from './picture.ts';

const MOST_LISTED = 12;

export const mistakes: MakeSection = (view) => {
  const { run, words } = view;
  if (run.task !== 'classification') return undefined;
  const found = mistakesOf(run.test.predictions).slice(0, MOST_LISTED);
  const { title, note, none } = words.mistakes;
  if (found.length === 0) return { id: 'mistakes', title, body: html`<p>${none}</p>` };
  return {
    id: 'mistakes',
    title,
    body: html`<p>${note}</p>
      ${run.pictures === undefined ? listOf(found, view) : picturesOf(found, view)}`,
  };
};

function picturesOf(places: readonly number[], { run, words, format }: View): Content {
  const shown = new Map(run.pictures!.map((each) => [each.place, each]));
  const classes = run.data.classes!;
  const figures = places.flatMap((place) => {
    const found = shown.get(place);
    if (found === undefined) return [];
    const { source, target, probabilities } = run.test.predictions[place]!;
    const answer = probabilities!.indexOf(Math.max(...probabilities!));
    const caption = html`<b>${words.mistakes.is(classes[target]!)}</b
      ><br />${words.mistakes.says(classes[answer]!, format.percent(probabilities![answer]))}<br /><small>${source}</small>`;
    return [captioned([picture(found.image, source)], caption)];
  });
  return html`<div class="gallery">${figures}</div>`;
}

function listOf(places: readonly number[], { run, words, format }: View): Html {
  const { example, actual, predicted, probability } = words.mistakes;
  const classes = run.data.classes!;
  const rows = places.map((place) => {
    const { source, target, probabilities } = run.test.predictions[place]!;
    const most = Math.max(...probabilities!);
    return html`<tr>
      <td><code>${source}</code></td>
      <td>${classes[target]}</td>
      <td>${classes[probabilities!.indexOf(most)]}</td>
      <td class="number">${format.percent(most)}</td>
    </tr>`;
  });
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${[example, actual, predicted, probability].map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
