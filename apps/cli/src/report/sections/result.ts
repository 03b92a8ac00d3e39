// What the training gave, against the simplest guess.

import { shareInterval } from '@sinapse/training/selection';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { MakeSection, View } from '../view.ts';

export const result: MakeSection = (view) => ({ id: 'result', title: view.words.result.title, body: bodyOf(view) });

function bodyOf(view: View): Html {
  const { run, words, format } = view;
  const { metrics } = run.test;
  const names = Object.keys(metrics).filter((name) => Object.hasOwn(words.result.metrics, name));
  const written = (name: string, value: number | null | undefined): string =>
    name === 'accuracy' ? format.percent(value) : format.number(value);
  return html`${sentencesOf(view).map((sentence) => html`<p>${sentence}</p>`)}
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">${words.result.measure}</th>
            <th scope="col">${words.result.model}</th>
            <th scope="col">${words.result.simplest}</th>
          </tr>
        </thead>
        <tbody>
          ${names.map(
            (name) =>
              html`<tr>
                <th scope="row">${words.result.metrics[name]}</th>
                <td class="number">${written(name, metrics[name])}</td>
                <td class="number">${written(name, run.baseline.metrics[name])}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${findingsOf(view).map((finding) => html`<p>${finding}</p>`)}`;
}

/** How good the result is, in words. */
export function sentencesOf({ run, words, format }: View): string[] {
  const { metrics, predictions, radius } = run.test;
  const { guess, metrics: simplest } = run.baseline;
  const say = words.result;
  if (run.task === 'classification') {
    const [accuracy, floor] = [metrics['accuracy'] ?? NaN, simplest['accuracy'] ?? NaN];
    const { low, high } = shareInterval(Math.round(accuracy * run.data.parts.test), run.data.parts.test);
    const verdict = low > floor ? say.better : accuracy > floor ? say.unsure : say.noBetter;
    const count = format.count(run.data.parts.test);
    return [say.accuracy(format.percent(accuracy), count), say.interval(format.percent(low), format.percent(high)), say.guess(guess, format.percent(floor)), verdict]; // prettier-ignore
  }
  const [error, floor] = [metrics['rootMeanSquaredError'] ?? NaN, simplest['rootMeanSquaredError'] ?? NaN];
  const verdict = error < 0.9 * floor ? say.better : error < floor ? say.unsure : say.noBetter;
  return [
    say.error(format.number(error), format.count(predictions.length)),
    ...(radius === undefined ? [] : [say.radius(format.number(radius))]),
    say.guessError(format.number(Number(guess)), format.number(floor)),
    verdict,
  ];
}

/** What would help. Of numbers within 0 and 1, which are shares, percents are written. */
function findingsOf({ run, words, format }: View): string[] {
  return run.findings.flatMap(({ kind, values }) => {
    if (!Object.hasOwn(words.findings, kind)) return [];
    const written = Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? format.percent(value) : value]);
    return [words.findings[kind]!(Object.fromEntries(written) as Record<string, string>)];
  });
}
