// The page "neuron": one neuron with two inputs decides about points of the plane, and learns from its mistakes.

import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Plane } from '../../drawing/plane.tsx';
import { CodePanel } from '../../experiment/code-panel.tsx';
import type { Speed } from '../../experiment/control-strip.tsx';
import { ControlStrip, NumberField, SelectField } from '../../experiment/control-strip.tsx';
import { FailureNote } from '../../experiment/failure-note.tsx';
import { backendGeneration } from '../../experiment/laboratory.ts';
import { Slider } from '../../experiment/slider.tsx';
import { TaskList } from '../../experiment/tasks.tsx';
import { Workbench } from '../../experiment/workbench.tsx';
import { number, textOf } from '../../shell/language.ts';
import { neuronCode } from './code.ts';
import { Diagram } from './diagram.tsx';
import { RANGE, activationNames, dataNames } from './neuron.ts';
import * as page from './state.ts';
import { neuronTasks } from './tasks.ts';
import { neuronTexts } from './text.ts';

const playing = signal(true);
const speed = signal<Speed>('medium');

/** Milliseconds between two steps. */
const STAY: Readonly<Record<Speed, number>> = { slow: 900, medium: 250, full: 20 };

export function NeuronPage() {
  const text = textOf(neuronTexts);
  const { data, rate, seed } = page.settings.value;
  const neuron = page.neuron.value;
  const examples = page.examples.value;
  const isLearnt = neuron.activation === 'step' && page.progress.value.wrongInLastPass === 0;
  const generation = backendGeneration.value;
  useEffect(() => {
    if (generation > 0) void page.load();
  }, [generation]);
  useEffect(() => {
    if (!playing.value || isLearnt || generation === 0) return;
    const timer = setInterval(() => void page.teachNext(), STAY[speed.value]);
    return () => clearInterval(timer);
  }, [playing.value, speed.value, isLearnt, generation]);
  const progress = {
    data,
    activation: neuron.activation,
    examples,
    wrong: page.wrong.value,
    ...page.progress.value,
    byHand: page.byHand.value,
    weights: neuron.weights,
  };
  return (
    <>
      <h1>{text.title}</h1>
      <p class="intro">{text.intro}</p>
      <Workbench
        titles={text.parts}
        first="data"
        data={<ExamplesPart />}
        machine={<NeuronPart />}
        result={<LessonPart isLearnt={isLearnt} />}
      />
      <ControlStrip
        playing={playing.value && !isLearnt}
        onPlay={() => {
          if (isLearnt) page.restart();
          playing.value = true;
        }}
        onPause={() => void (playing.value = false)}
        onStep={() => {
          playing.value = false;
          void page.teachNext();
        }}
        onRestart={page.restart}
        speed={speed.value}
        onSpeed={(chosen) => void (speed.value = chosen)}
        seed={{ value: seed, onChange: (chosen) => page.change({ seed: chosen }) }}
      >
        <NumberField
          name="lr"
          label={text.learningRate}
          value={rate}
          least={0.001}
          most={10}
          step="any"
          onChange={(chosen) => page.change({ rate: chosen })}
        />
      </ControlStrip>
      <div class="below">
        <TaskList tasks={neuronTasks} words={text.tasks} state={progress} />
        <CodePanel code={neuronCode(neuron, examples, rate)} />
      </div>
    </>
  );
}

function ExamplesPart() {
  const text = textOf(neuronTexts);
  const examples = page.examples.value;
  const [points, labels] = useMemo(
    () => [Float32Array.from(examples.flatMap(({ x }) => x)), Int32Array.from(examples, ({ target }) => target)],
    [examples],
  );
  return (
    <>
      <SelectField
        name="data"
        label={text.data}
        value={page.settings.value.data}
        options={dataNames.map((name) => [name, text.dataNames[name]])}
        onChange={(data) => page.change({ data })}
      />
      <Plane
        points={points}
        labels={labels}
        range={RANGE}
        regions={page.shown.value?.regions}
        chosen={page.next.value}
        onPlace={page.addExample}
        label={text.plane(number(examples.length), number(page.wrong.value ?? 0))}
      />
      <div class="fields">
        <SelectField
          name="class"
          label={text.add}
          value={String(page.added.value)}
          options={text.classes.map((name, i) => [String(i), name])}
          onChange={(value) => void (page.added.value = value === '0' ? 0 : 1)}
        />
        <button type="button" disabled={examples.length === 0} onClick={page.removeExamples}>
          {text.clear}
        </button>
      </div>
    </>
  );
}

function NeuronPart() {
  const text = textOf(neuronTexts);
  const neuron = page.neuron.value;
  const { weights, bias, activation } = neuron;
  const at = page.next.value;
  const { sums, outputs } = page.shown.value ?? {};
  const set = (index: 0 | 1, weight: number) => page.setNeuron({ weights: index === 0 ? [weight, weights[1]] : [weights[0], weight] });
  const limits = { least: -page.MOST_WEIGHT, most: page.MOST_WEIGHT, step: 0.05 };
  return (
    <>
      <SelectField
        name="f"
        label={text.activation}
        value={activation}
        options={activationNames.map((name) => [name, text.activationNames[name]])}
        onChange={(chosen) => page.setNeuron({ activation: chosen })}
      />
      <Diagram
        neuron={neuron}
        inputs={page.examples.value[at]?.x}
        sum={sums?.[at]}
        output={outputs?.[at]}
        label={text.diagram(number(weights[0], 2), number(weights[1], 2), number(bias, 2))}
      />
      <Slider name="w" label={text.weight('₁')} value={weights[0]} {...limits} onChange={(weight) => set(0, weight)} />
      <Slider name="w" label={text.weight('₂')} value={weights[1]} {...limits} onChange={(weight) => set(1, weight)} />
      <Slider name="w" label={text.bias} value={bias} {...limits} onChange={(chosen) => page.setNeuron({ bias: chosen })} />
    </>
  );
}

function LessonPart({ isLearnt }: { readonly isLearnt: boolean }) {
  const text = textOf(neuronTexts);
  const { passes, steps } = page.progress.value;
  const wrong = page.wrong.value;
  const lesson = page.lesson.value;
  const examples = page.examples.value;
  const { activation } = page.neuron.value;
  const rate = page.settings.value.rate;
  const example = examples[(page.next.value - 1 + examples.length) % Math.max(examples.length, 1)];
  const signed = (value: number) => (value < 0 ? `(${number(value, 2)})` : number(value, 2)).replace('-', '−');
  return (
    <>
      <p class="reading" aria-live="polite" data-testid="wrong">
        {wrong === undefined || examples.length === 0 ? '–' : wrong === 0 ? text.right : text.wrong(number(wrong), number(examples.length))}
      </p>
      <p class="quiet">{text.passes(number(passes), number(steps))}</p>
      {isLearnt && <p class="note">{text.learnt}</p>}
      {page.failure.value !== undefined && <FailureNote failure={page.failure.value} />}
      <h3>{text.rule}</h3>
      <p class="quiet">{text.rules[activation]}</p>
      {lesson === undefined || example === undefined ? (
        <p class="quiet">{text.notYet}</p>
      ) : (
        <ul class="formulas">
          <li>
            s = w₁x₁ + w₂x₂ + b = <output>{signed(lesson.sum)}</output>
          </li>
          <li>
            y = {activation === 'linear' ? 's' : `${activation}(s)`} = <output>{signed(lesson.output)}</output>, t = {example.target}
          </li>
          <li>
            t − y = <output>{signed(lesson.error)}</output>
          </li>
          {example.x.map((x, i) => (
            <li key={i}>
              Δw{i === 0 ? '₁' : '₂'} = η (t − y) x{i === 0 ? '₁' : '₂'} = {number(rate, 2)} · {signed(lesson.error)} · {signed(x)} ={' '}
              <output>{signed(rate * lesson.error * x)}</output>
            </li>
          ))}
          <li>
            Δb = η (t − y) = <output>{signed(rate * lesson.error)}</output>
          </li>
        </ul>
      )}
    </>
  );
}
