// Which answers are wrong, and how sure the network was of them.

import { answerOf } from './measures.ts';
import type { TestPrediction } from './run-data.ts';

/** The places of the wrong answers of a classifier, those with the highest probability first. */
export function mistakesOf(predictions: readonly TestPrediction[]): number[] {
  const wrong = predictions.flatMap(({ target, probabilities }, place) => {
    const answer = answerOf(probabilities!);
    return answer === target ? [] : [{ place, confidence: probabilities![answer]! }];
  });
  return wrong.sort((a, b) => b.confidence - a.confidence || a.place - b.place).map(({ place }) => place);
}

/** The places of right answers, the surest of each class: first one of each class, then the next. */
export function surestOf(predictions: readonly TestPrediction[]): number[] {
  const ofClass = new Map<number, { place: number; confidence: number }[]>();
  predictions.forEach(({ target, probabilities }, place) => {
    if (answerOf(probabilities!) !== target) return;
    const right = { place, confidence: probabilities![target]! };
    const others = ofClass.get(target);
    if (others === undefined) ofClass.set(target, [right]);
    else others.push(right);
  });
  const sorted = [...ofClass]
    .sort(([a], [b]) => a - b)
    .map(([, right]) => right.sort((a, b) => b.confidence - a.confidence || a.place - b.place));
  const longest = sorted.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, i) => sorted.flatMap((right) => (right[i] === undefined ? [] : [right[i].place]))).flat();
}
