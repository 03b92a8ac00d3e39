// The loss over the steps: of each batch, smoothed if asked, and of the test data after each epoch.

import { Curves } from '../../drawing/curves.tsx';
import type { Curve } from '../../drawing/curves.tsx';
import { smoothed } from '../../drawing/smoothing.ts';
import { SelectField } from '../../experiment/control-strip.tsx';
import { number, percent, textOf } from '../../shell/language.ts';
import { changeView, smoothings, view } from './address.ts';
import { before, losses, measured } from './curves-so-far.ts';
import { trainTexts } from './text.ts';
import { prepared } from './training.ts';

/** More dots than this run into each other. */
export const MOST_DOTS = 30;

export function LossCurve() {
  const text = textOf(trainTexts);
  const { logarithmic, smoothing } = view.value;
  const { steps, values } = losses.value;
  const stepsPerEpoch = prepared.value?.stepsPerEpoch ?? 1;
  const tested = measured.value.filter(({ epoch }) => epoch > 0);
  const old = before.value.losses;
  const curves: Curve[] =
    steps.length === 0 && old.steps.length > 0
      ? [{ label: text.lossBefore, color: 'warm', x: old.steps, values: smoothed(old.values, smoothing), faint: true }]
      : [
          { label: text.loss, color: 'warm', x: steps, values: smoothed(values, smoothing) },
          ...(smoothing > 0 ? [{ label: '', color: 'warm' as const, x: steps, values, faint: true }] : []),
          {
            label: text.testLoss,
            color: 'cool',
            x: tested.map(({ epoch }) => epoch * stepsPerEpoch),
            values: tested.map(({ loss }) => loss),
            dots: tested.length <= MOST_DOTS,
          },
        ];
  return (
    <>
      <Curves
        curves={curves}
        logarithmic={logarithmic}
        label={text.lossCurve(number(steps.at(-1) ?? 0), values.length > 0 ? number(values.at(-1)!, 3) : '–')}
      />
      <div class="buttons curve-tools">
        <button type="button" aria-pressed={logarithmic} onClick={() => changeView({ logarithmic: !logarithmic })}>
          {text.logarithmic}
        </button>
        <SelectField
          name="smooth"
          label={text.smoothing}
          value={String(smoothing)}
          options={smoothings.map((value) => [String(value), value === 0 ? text.none : percent(value, 0)])}
          onChange={(value) => changeView({ smoothing: Number(value) })}
        />
      </div>
    </>
  );
}
