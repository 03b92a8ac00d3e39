// What comes out: curves, accuracy, what is taken for what, and mistakes.

import { ConfusionMatrix } from '../../drawing/confusion-matrix.tsx';
import { Curves } from '../../drawing/curves.tsx';
import { Picture } from '../../drawing/picture.tsx';
import { greyScale } from '../../drawing/scale.ts';
import { number, percent, textOf } from '../../shell/language.ts';
import { shellTexts } from '../../shell/text.ts';
import type { Measured, Prepared } from './report.ts';
import { trainTexts } from './text.ts';
import { continueOnProcessor, losses, measured, prepared, report, saveCurves, saveModel } from './training.ts';

export function ResultPart() {
  const text = textOf(trainTexts);
  const made = prepared.value;
  const last = measured.value.at(-1);
  const { steps, values } = losses.value;
  const accuracy = last === undefined ? '–' : percent(last.accuracy);
  const stepsPerEpoch = made?.stepsPerEpoch ?? 1;
  return (
    <>
      <Status />
      <p class="headline">
        <span>{text.testAccuracy}</span> <output data-testid="accuracy">{accuracy}</output>
      </p>
      <Curves
        x={steps}
        curves={[{ label: text.loss, color: 'warm', values }]}
        label={text.lossCurve(number(steps.at(-1) ?? 0), values.length > 0 ? number(values.at(-1)!, 3) : '–')}
      />
      <Curves
        x={measured.value.map(({ epoch }) => epoch * stepsPerEpoch)}
        curves={[{ label: text.testAccuracy, color: 'cool', values: measured.value.map((each) => each.accuracy), dots: true }]}
        label={text.accuracyCurve(accuracy)}
        range={[0, 1]}
        percent
      />
      {made !== undefined && last !== undefined ? <Tested made={made} last={last} /> : <p class="quiet">{text.notMeasured}</p>}
      <div class="buttons">
        <button type="button" disabled={made === undefined} onClick={() => void saveModel()}>
          {text.save}
        </button>
        <button type="button" disabled={steps.length === 0} onClick={saveCurves}>
          {text.saveCurves}
        </button>
      </div>
    </>
  );
}

function Status() {
  const text = textOf(trainTexts);
  const frame = textOf(shellTexts);
  const now = report.value;
  if (now === undefined) return <p class="status">{text.preparing}</p>;
  const { state, epoch, epochs, globalStep, examplesPerSecond, millisecondsPerStep, problem, deviceLost } = now;
  return (
    <>
      <p class="status" data-state={state}>
        <b>{text.states[state]}</b>
        {epoch > 0 && ` · ${text.epoch(number(epoch), number(epochs))} · ${text.stepNumber(number(globalStep))}`}
      </p>
      <p class="status quiet">
        {Number.isFinite(examplesPerSecond) ? text.speed(number(examplesPerSecond), number(millisecondsPerStep, 1)) : ' '}
      </p>
      {problem !== undefined && (
        <div class="problem" role="alert">
          {deviceLost ? text.deviceLost : frame.failed} {problem}
          {deviceLost && (
            <button type="button" onClick={continueOnProcessor}>
              {text.continueHere}
            </button>
          )}
        </div>
      )}
    </>
  );
}

function Tested({ made, last }: { readonly made: Prepared; readonly last: Measured }) {
  const text = textOf(trainTexts);
  const { classNames, samples } = made;
  return (
    <>
      <ConfusionMatrix
        classNames={classNames}
        confusion={last.confusion}
        caption={text.confusion}
        actual={text.actual}
        predicted={text.predicted}
      />
      {samples.kind === 'images' && (
        <>
          <h3>{text.mistakes}</h3>
          {last.mistakes.length === 0 && <p class="quiet">{text.noMistakes}</p>}
          <ul class="mistakes">
            {last.mistakes.map(({ pixels, label, predicted, probability }, i) => {
              const [is, taken] = [classNames[label] ?? '?', classNames[predicted] ?? '?'];
              return (
                <li key={i} title={text.mistake(is, taken, percent(probability))}>
                  <Picture
                    width={samples.width}
                    height={samples.height}
                    values={pixels}
                    colorOf={greyScale}
                    label={text.mistake(is, taken, percent(probability))}
                  />
                  <span aria-hidden="true">
                    {is} → {taken}
                  </span>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </>
  );
}
