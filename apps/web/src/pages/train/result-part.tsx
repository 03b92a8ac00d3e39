// What comes out: curves, accuracy, what is taken for what, and mistakes.

import { ConfusionMatrix } from '../../drawing/confusion-matrix.tsx';
import { Curves } from '../../drawing/curves.tsx';
import { Picture } from '../../drawing/picture.tsx';
import { greyScale } from '../../drawing/scale.ts';
import { FailureNote } from '../../experiment/failure-note.tsx';
import { backendInUse } from '../../experiment/laboratory.ts';
import { number, percent, textOf } from '../../shell/language.ts';
import { settings } from './address.ts';
import { before, losses, measured } from './curves-so-far.ts';
import { whileHidden } from './hidden-tab.ts';
import { LossCurve, MOST_DOTS } from './loss-curve.tsx';
import type { Measured, Prepared } from './report.ts';
import { trainTexts } from './text.ts';
import { change, continueOnProcessor, prepared, report, saveCurves, saveModel } from './training.ts';

export function ResultPart() {
  const text = textOf(trainTexts);
  const made = prepared.value;
  const now = measured.value.at(-1);
  const last = now ?? before.value.measured.at(-1);
  const accuracy = now === undefined ? '–' : percent(now.accuracy);
  const tested = now === undefined ? before.value.measured : measured.value;
  const fits = made !== undefined && last !== undefined && last.confusion.length === made.classNames.length ** 2;
  return (
    <>
      <Status />
      <p class="headline">
        <span>{text.testAccuracy}</span> <output data-testid="accuracy">{accuracy}</output>
      </p>
      <LossCurve />
      <Curves
        curves={[
          {
            label: text.testAccuracy,
            color: 'cool',
            x: tested.map(({ epoch }) => epoch * (made?.stepsPerEpoch ?? 1)),
            values: tested.map((each) => each.accuracy),
            dots: tested.length <= MOST_DOTS,
            faint: now === undefined && last !== undefined,
          },
        ]}
        label={text.accuracyCurve(accuracy)}
        range={[0, 1]}
        percent
      />
      {fits ? (
        <div class={now === undefined ? 'from-before' : ''}>
          <Tested made={made} last={last} />
        </div>
      ) : (
        <p class="quiet">{text.notMeasured}</p>
      )}
      <div class="buttons">
        <button type="button" disabled={made === undefined} onClick={() => void saveModel()}>
          {text.save}
        </button>
        <button type="button" disabled={losses.value.steps.length === 0} onClick={saveCurves}>
          {text.saveCurves}
        </button>
      </div>
    </>
  );
}

function Status() {
  const text = textOf(trainTexts);
  const now = report.value;
  if (now === undefined) return <p class="status">{text.preparing}</p>;
  const { state, epoch, epochs, globalStep, examplesPerSecond, millisecondsPerStep, failure } = now;
  const hidden = whileHidden.value;
  return (
    <>
      <p class="status" data-state={state}>
        <b>{text.states[state]}</b>
        {epoch > 0 && ` · ${text.epoch(number(epoch), number(epochs))} · ${text.stepNumber(number(globalStep))}`}
      </p>
      <p class="status quiet">
        {Number.isFinite(examplesPerSecond) ? text.speed(number(examplesPerSecond), number(millisecondsPerStep, 1)) : '\u00a0'}
      </p>
      {hidden !== undefined && (
        <p class="note" role="status">
          {hidden.to > hidden.from ? text.wentOnHidden(number(hidden.from), number(hidden.to)) : text.restedHidden}
        </p>
      )}
      {failure !== undefined && (
        <FailureNote failure={failure}>
          <div class="buttons">
            {failure.kind === 'outOfMemory' && settings.value.batchSize > 1 && (
              <button type="button" onClick={() => change({ batchSize: Math.ceil(settings.value.batchSize / 2) })}>
                {text.halfBatch}
              </button>
            )}
            {failure.kind !== 'diverged' && backendInUse.value?.name !== 'cpu' && (
              <button type="button" onClick={continueOnProcessor}>
                {text.continueHere}
              </button>
            )}
          </div>
        </FailureNote>
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
