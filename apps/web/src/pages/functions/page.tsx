// The page "functions": activations with their slopes, softmax and cross-entropy.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Curves } from '../../drawing/curves.tsx';
import type { Curve } from '../../drawing/curves.tsx';
import { CodePanel } from '../../experiment/code-panel.tsx';
import type { Speed } from '../../experiment/control-strip.tsx';
import { ControlStrip, SelectField } from '../../experiment/control-strip.tsx';
import { FailureNote } from '../../experiment/failure-note.tsx';
import { Slider } from '../../experiment/slider.tsx';
import { TaskList } from '../../experiment/tasks.tsx';
import { Workbench } from '../../experiment/workbench.tsx';
import { number, percent, textOf } from '../../shell/language.ts';
import { functionsCode } from './code.ts';
import type { FunctionName } from './functions.ts';
import { REACH, formulas, functionNames } from './functions.ts';
import { MOST_SCORE, change, failure, moveX, restart, shown, softened, state, touched } from './state.ts';
import { functionsTasks } from './tasks.ts';
import { functionsTexts } from './text.ts';

const playing = signal(false);
const speed = signal<Speed>('medium');

/** By how much x moves in a step, and milliseconds between two steps. */
const STEP = 0.1;
const STAY: Readonly<Record<Speed, number>> = { slow: 300, medium: 80, full: 20 };

export function FunctionsPage() {
  const text = textOf(functionsTexts);
  const { first, x, scores, target } = state.value;
  useEffect(() => {
    if (!playing.value) return;
    const timer = setInterval(() => moveX(STEP), STAY[speed.value]);
    return () => clearInterval(timer);
  }, [playing.value, speed.value]);
  const progress = {
    touched: touched.value,
    x,
    slopes: shown.value.map(({ name, at }) => ({ name, slope: at.slope[0]! })),
    probabilities: [...(softened.value?.probabilities ?? [])],
    loss: softened.value?.loss ?? 0,
    target,
  };
  return (
    <>
      <h1>{text.title}</h1>
      <p class="intro">{text.intro}</p>
      <Workbench titles={text.parts} data={<PlacePart />} machine={<SoftmaxPart />} result={<CurvesPart />} />
      <ControlStrip
        playing={playing.value}
        onPlay={() => void (playing.value = true)}
        onPause={() => void (playing.value = false)}
        onStep={() => {
          playing.value = false;
          moveX(STEP);
        }}
        onRestart={restart}
        speed={speed.value}
        onSpeed={(chosen) => void (speed.value = chosen)}
      />
      <div class="below">
        <TaskList tasks={functionsTasks} words={text.tasks} state={progress} />
        <CodePanel code={functionsCode(first, x, scores, target)} />
      </div>
    </>
  );
}

/** Functions are called as in the packages, but for the two that have words. */
function useName(): (name: FunctionName) => string {
  const text = textOf(functionsTexts);
  return (name) => (name === 'step' || name === 'linear' ? text[name] : name);
}

function PlacePart() {
  const text = textOf(functionsTexts);
  const nameOf = useName();
  const { first, second, x } = state.value;
  const options = functionNames.map((name) => [name, nameOf(name)] as const);
  return (
    <>
      <SelectField name="f" label={text.first} value={first} options={options} onChange={(chosen) => change({ first: chosen })} />
      <SelectField
        name="with"
        label={text.second}
        value={second}
        options={[['none', text.none] as const, ...options]}
        onChange={(chosen) => change({ second: chosen })}
      />
      <Slider name="x" label="x" value={x} least={-REACH} most={REACH} step={0.05} onChange={(chosen) => change({ x: chosen })} />
      {failure.value !== undefined && <FailureNote failure={failure.value} />}
      {shown.value.map(({ name, at }) => (
        <div key={name} class="function-value" data-testid={name}>
          <p class="formula">
            {nameOf(name)}(x) = {formulas[name]}
          </p>
          <p>
            {text.value(nameOf(name), number(at.x[0]!, 2))}: <output>{number(at.y[0]!, 4)}</output>
          </p>
          <p>
            {text.slope}: <output>{number(at.slope[0]!, 4)}</output>
          </p>
          {name === 'step' && <p class="quiet">{text.noSlope}</p>}
        </div>
      ))}
    </>
  );
}

function SoftmaxPart() {
  const text = textOf(functionsTexts);
  const { scores, target } = state.value;
  const result = softened.value;
  return (
    <>
      {scores.map((score, i) => (
        <Slider
          key={i}
          name="scores"
          label={text.score(number(i + 1))}
          value={score}
          least={-MOST_SCORE}
          most={MOST_SCORE}
          step={0.1}
          onChange={(chosen) => change({ scores: scores.with(i, chosen) })}
        />
      ))}
      <SelectField
        name="class"
        label={text.target}
        value={String(target)}
        options={scores.map((_, i) => [String(i), text.className(number(i + 1))])}
        onChange={(chosen) => change({ target: Number(chosen) })}
      />
      {result !== undefined && (
        <>
          <table class="layers">
            <thead>
              <tr>
                <th scope="col" />
                <th scope="col">{text.probability}</th>
                <th scope="col">{text.gradient}</th>
              </tr>
            </thead>
            <tbody>
              {scores.map((_, i) => (
                <tr key={i}>
                  <th scope="row">
                    {text.className(number(i + 1))}
                    {i === target && ' ✓'}
                  </th>
                  <td>{percent(result.probabilities[i]!)}</td>
                  <td>{number(result.gradient[i]!, 3).replace('-', '−')}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p class="loss">
            {text.loss}: <output data-testid="loss">{number(result.loss, 3)}</output>
          </p>
        </>
      )}
    </>
  );
}

function CurvesPart() {
  const text = textOf(functionsTexts);
  const nameOf = useName();
  const names = shown.value.map(({ name }) => nameOf(name)).join(', ');
  const x = number(state.value.x, 2);
  const curves = (of: 'y' | 'slope'): Curve[] =>
    shown.value.flatMap(({ name, curve, at }, i) => {
      const shade = i === 0 ? 'warm' : 'cool';
      return [
        { label: nameOf(name), color: shade, x: [...curve.x], values: [...curve[of]] },
        { label: '', color: shade, x: [...at.x], values: [...at[of]], dots: true },
      ];
    });
  if (shown.value.length === 0) return null;
  return (
    <>
      <h3>{text.values}</h3>
      <Curves curves={curves('y')} label={text.curves(names, x)} />
      <h3>{text.slopes}</h3>
      <Curves curves={curves('slope')} label={text.slopeCurves(names, x)} />
    </>
  );
}
