import { beforeEach, expect, test } from 'vitest';
import { addToCurves, beginCurves, before, curvesAsCsv, losses, measured, shownNow } from './curves-so-far.ts';
import type { Measured, TrainReport } from './report.ts';

const report = (globalStep: number, values: readonly number[], tested: readonly Measured[] = []) =>
  ({ globalStep, losses: Float32Array.from(values), measured: tested }) as unknown as TrainReport;

const tested = { epoch: 1, loss: 1, accuracy: 0.5, confusion: new Int32Array(4), mistakes: [] };

beforeEach(() => {
  beginCurves();
  before.value = { losses: { steps: [], values: [] }, measured: [] };
});

test('collects the losses of steps, and thins them out evenly', () => {
  for (let step = 10; step <= 5000; step += 10)
    addToCurves(
      report(
        step,
        Array.from({ length: 10 }, (_, i) => step - 9 + i),
      ),
    );
  const { steps, values } = losses.value;
  expect(steps.length).toBeLessThanOrEqual(1200);
  expect(new Set(steps.slice(1).map((step, i) => step - steps[i]!)).size).toBe(1);
  expect(values).toEqual(steps);
});

test('steps after a checkpoint stand in place of those that were lost', () => {
  addToCurves(report(4, [1, 2, 3, 4]));
  addToCurves(report(4, [30, 40]));
  expect(losses.value).toEqual({ steps: [1, 2, 3, 4], values: [1, 2, 30, 40] });
});

test('the last curves stay until the first step of the next training, also over two restarts', () => {
  addToCurves(report(2, [1, 2], [tested]));
  beginCurves();
  beginCurves();
  expect(losses.value.steps).toEqual([]);
  expect(before.value).toEqual({ losses: { steps: [1, 2], values: [1, 2] }, measured: [tested] });
  addToCurves(report(1, [7]));
  expect(before.value.losses.steps).toEqual([]);
  expect(losses.value.values).toEqual([7]);
});

test('goes on with the curves of a training that is brought back', () => {
  addToCurves(report(2, [1, 2], [tested]));
  const shown = shownNow();
  beginCurves();
  addToCurves(report(1, [9]));
  beginCurves(shown);
  addToCurves(report(3, [3]));
  expect(losses.value).toEqual({ steps: [1, 2, 3], values: [1, 2, 3] });
  expect(measured.value).toEqual([tested]);
});

test('a table has the losses, and below the last step of an epoch what was measured then', () => {
  addToCurves(report(3, [1, 2, 0.5], [{ ...tested, epoch: 1, loss: 0.75 }]));
  expect(curvesAsCsv(shownNow(), 2)).toBe('step,loss,testLoss,testAccuracy\n1,1,,\n2,2,,\n2,,0.75,0.5\n3,0.5,,\n');
});
