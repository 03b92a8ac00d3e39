// The page "descent": optimizers walk down a surface.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Curves } from '../../drawing/curves.tsx';
import { CodePanel } from '../../experiment/code-panel.tsx';
import type { Speed } from '../../experiment/control-strip.tsx';
import { ControlStrip, NumberField, SelectField } from '../../experiment/control-strip.tsx';
import { FailureNote } from '../../experiment/failure-note.tsx';
import { TaskList } from '../../experiment/tasks.tsx';
import { Workbench } from '../../experiment/workbench.tsx';
import { isLocked } from '../../router.ts';
import { number, textOf } from '../../shell/language.ts';
import { descentCode } from './code.ts';
import * as page from './state.ts';
import { SurfaceMap, walkerColors, walkerMarks } from './surface-map.tsx';
import { STEPS, formulas, frames, surfaceNames, walkerNames } from './surfaces.ts';
import { descentTasks } from './tasks.ts';
import { descentTexts } from './text.ts';

const playing = signal(true);
const speed = signal<Speed>('medium');

/** Milliseconds between two steps. */
const STAY: Readonly<Record<Speed, number>> = { slow: 300, medium: 60, full: 16 };

export function DescentPage() {
  const text = textOf(descentTexts);
  const state = page.state.value;
  const steps = page.shownSteps.value;
  const isOver = steps >= STEPS;
  const walks = playing.value && !isOver && page.ways.value.length > 0;
  useEffect(() => {
    if (!walks) return;
    const timer = setInterval(page.nextStep, STAY[speed.value]);
    return () => clearInterval(timer);
  }, [walks, speed.value]);
  return (
    <>
      <h1>{text.title}</h1>
      <p class="intro">{text.intro}</p>
      <Workbench titles={text.parts} first="data" data={<SurfacePart />} machine={<WalkersPart />} result={<HeightsPart />} />
      <ControlStrip
        playing={playing.value && !isOver}
        onPlay={() => {
          if (isOver) page.restart();
          playing.value = true;
        }}
        onPause={() => void (playing.value = false)}
        onStep={() => {
          playing.value = false;
          page.nextStep();
        }}
        onRestart={page.restart}
        speed={speed.value}
        onSpeed={(chosen) => void (speed.value = chosen)}
        seed={{ value: state.seed, onChange: (seed) => page.change({ seed }) }}
      >
        <NumberField
          name="lr"
          label={text.learningRate}
          value={state.rate}
          least={0.00001}
          most={page.MOST_RATE}
          step="any"
          onChange={(rate) => page.change({ rate })}
        />
        <NumberField
          name="noise"
          label={text.noise}
          value={state.noise}
          least={0}
          most={page.MOST_NOISE}
          step="any"
          onChange={(noise) => page.change({ noise })}
        />
      </ControlStrip>
      <div class="below">
        <TaskList tasks={descentTasks} words={text.tasks} state={{ touched: page.touched.value, state, ways: page.ways.value, steps }} />
        <CodePanel code={descentCode(state)} />
      </div>
    </>
  );
}

function SurfacePart() {
  const text = textOf(descentTexts);
  const { surface, start } = page.state.value;
  const { reach, lowest } = frames[surface];
  const steps = page.shownSteps.value;
  return (
    <>
      <SelectField
        name="surface"
        label={text.surface}
        value={surface}
        options={surfaceNames.map((name) => [name, text.surfaces[name]])}
        onChange={(chosen) => page.change({ surface: chosen })}
      />
      <SurfaceMap
        surface={page.heights.value}
        reach={reach}
        start={start}
        lowest={lowest}
        ways={page.ways.value}
        steps={steps}
        label={text.map(text.surfaces[surface], number(start[0], 2), number(start[1], 2), number(steps))}
        onStart={(place) => page.change({ start: place })}
      />
      <p class="formula">{formulas[surface]}</p>
      <p class="quiet">{text.signs}</p>
    </>
  );
}

function WalkersPart() {
  const text = textOf(descentTexts);
  const { walkers } = page.state.value;
  return (
    <>
      {walkerNames.map((name) => (
        <label key={name} class="walker">
          <input
            type="checkbox"
            name="walkers"
            disabled={isLocked('walkers')}
            checked={walkers.includes(name)}
            onChange={({ currentTarget }) => {
              page.toggle(name);
              currentTarget.checked = page.state.value.walkers.includes(name); // one always stays
            }}
          />
          <span style={{ color: walkerColors[name] }} aria-hidden="true">
            {walkerMarks[name]}
          </span>
          <span>
            {text.walkers[name]}
            <small>{text.rules[name]}</small>
          </span>
        </label>
      ))}
      <p class="quiet">{text.noiseNote}</p>
      {page.failure.value !== undefined && <FailureNote failure={page.failure.value} />}
    </>
  );
}

function HeightsPart() {
  const text = textOf(descentTexts);
  const steps = page.shownSteps.value;
  const ways = page.ways.value;
  const short = (value: number) => (Number.isFinite(value) && Math.abs(value) < 1e6 ? number(value, 3).replace('-', '−') : text.lost);
  return (
    <>
      <p class="status" data-testid="steps">
        {text.steps(number(steps), number(STEPS))}
      </p>
      <table class="layers">
        <thead>
          <tr>
            <th scope="col">{text.walker}</th>
            <th scope="col">{text.place}</th>
            <th scope="col">{text.height}</th>
          </tr>
        </thead>
        <tbody>
          {ways.map(({ name, places, heights }) => (
            <tr key={name} data-testid={name}>
              <th scope="row">
                <span style={{ color: walkerColors[name] }} aria-hidden="true">
                  {walkerMarks[name]}
                </span>{' '}
                {text.walkers[name]}
              </th>
              <td>
                {short(places[2 * steps]!)} ; {short(places[2 * steps + 1]!)}
              </td>
              <td>{short(heights[steps]!)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {ways.length > 0 && (
        <Curves
          curves={ways.map(({ name, heights }) => {
            const shown = Array.from(heights.subarray(0, steps + 1));
            return {
              label: text.walkers[name],
              color: walkerColors[name],
              x: shown.map((_, i) => i),
              values: shown.map((height) => drawable(height, heights[0]!)),
            };
          })}
          label={text.heights(ways.map(({ name }) => text.walkers[name]).join(', '), number(steps))}
        />
      )}
    </>
  );
}

/** A curve that leaves for the heights would flatten all others. */
const drawable = (height: number, first: number): number => (Math.abs(height) < 3 * Math.max(Math.abs(first), 1) ? height : NaN);
