// What in a picture decides the answer: saliency and Grad-CAM.

import { html } from '../html.ts';
import { answerOf } from '../measures.ts';
import type { MakeSection } from '../view.ts';
import { captioned, picture } from './picture.ts';

/** So many right answers are shown, and so many wrong ones. */
const EACH = 4;

export const looks: MakeSection = ({ run, words, format }) => {
  const { pictures = [], test, data } = run;
  if (pictures.length === 0 || run.task !== 'classification') return undefined;
  const isRight = (place: number): boolean => answerOf(test.predictions[place]!.probabilities!) === test.predictions[place]!.target;
  const shown = [
    ...pictures.filter(({ place }) => isRight(place)).slice(0, EACH),
    ...pictures.filter(({ place }) => !isRight(place)).slice(0, EACH),
  ];
  const { title, note, picture: seen, saliency, gradCam } = words.looks;
  const figures = shown.map(({ place, image, saliency: salient, gradCam: cam }) => {
    const { target, probabilities } = test.predictions[place]!;
    const answer = answerOf(probabilities!);
    const all = [picture(image, seen), picture(salient, saliency), ...(cam === undefined ? [] : [picture(cam, gradCam)])];
    return captioned(
      all,
      html`<b>${words.mistakes.is(data.classes![target]!)}</b>,
        ${words.mistakes.says(data.classes![answer]!, format.percent(probabilities![answer]))}`,
    );
  });
  const order = [seen, saliency, ...(shown.some((each) => each.gradCam !== undefined) ? [gradCam] : [])].join(' · ');
  return {
    id: 'looks',
    title,
    body: html`<p>${order}</p>
      <div class="gallery triples">${figures}</div>
      <p>${note}</p>`,
  };
};
