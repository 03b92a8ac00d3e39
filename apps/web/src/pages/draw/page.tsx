// The page "draw": a network reads a digit while one draws it.

import { signal } from '@preact/signals';
import { transfer } from 'comlink';
import { useEffect } from 'preact/hooks';
import { Picture } from '../../drawing/picture.tsx';
import { greyScale } from '../../drawing/scale.ts';
import { CodePanel } from '../../experiment/code-panel.tsx';
import { ControlStrip } from '../../experiment/control-strip.tsx';
import { FailureNote } from '../../experiment/failure-note.tsx';
import type { Failure } from '../../experiment/failure.ts';
import { caught } from '../../experiment/laboratory-error.ts';
import { backendGeneration, laboratory } from '../../experiment/laboratory.ts';
import { TaskList } from '../../experiment/tasks.tsx';
import { Workbench } from '../../experiment/workbench.tsx';
import { number, percent, textOf } from '../../shell/language.ts';
import { defaultsFor, isPlane } from '../train/settings.ts';
import { settings, view } from '../train/address.ts';
import { measured } from '../train/curves-so-far.ts';
import { change, changeSpeed, enter, pause, play, prepared, report, restart, step as makeStep } from '../train/training.ts';
import { drawCode } from './code.ts';
import { DrawingArea, SIDE } from './drawing-area.tsx';
import { LayerMaps } from './layer-maps.tsx';
import type { Seen } from './machine.ts';
import { SURE, drawTasks } from './tasks.ts';
import { drawTexts } from './text.ts';

const seen = signal<Seen | undefined>(undefined);
const failure = signal<Failure | undefined>(undefined);
const surelyRead = signal<ReadonlySet<number>>(new Set());
const cleared = signal(0);

let ink: Uint8Array<ArrayBuffer> | undefined;
let looking = false;

/** Shows the newest drawing to the network, one after the other. */
async function look(): Promise<void> {
  if (looking) return;
  looking = true;
  try {
    while (ink !== undefined && prepared.value !== undefined) {
      const pixels = ink;
      ink = undefined;
      latest = pixels.slice();
      seen.value = await laboratory.look(transfer({ pixels, size: SIDE }, [pixels.buffer]));
      failure.value = undefined;
      const best = bestOf(seen.value);
      if (best !== undefined && seen.value!.probabilities[best]! >= SURE && cleared.value + touched > 0)
        surelyRead.value = new Set([...surelyRead.value, best]);
    }
  } catch (error) {
    seen.value = undefined;
    failure.value = caught(error);
  } finally {
    looking = false;
  }
}

/** The drawing that was shown last, to show it again to a network that has learnt more. */
let latest: Uint8Array<ArrayBuffer> | undefined;

/** Changes of the drawing by the user. The first is the digit that the page begins with. */
let touched = -1;

const bestOf = (what: Seen | undefined): number | undefined => what && what.probabilities.indexOf(Math.max(...what.probabilities));

export function DrawPage() {
  const text = textOf(drawTexts);
  const generation = backendGeneration.value;
  const playing = report.value?.state === 'running';
  useEffect(() => {
    const readsImages = prepared.value === undefined ? !isPlane(settings.value.data) : prepared.value.inputShape.length === 3;
    void enter(generation, readsImages ? settings.value : { ...defaultsFor('digits'), epochs: 3 });
  }, [generation]);
  useEffect(() => () => void laboratory.pause(), []);
  // The network has learnt more, or is another: it reads the drawing again.
  const step = report.value?.globalStep ?? 0;
  useEffect(() => {
    ink ??= latest?.slice();
    void look();
  }, [step, prepared.value, report.value?.state]);
  const accuracy = measured.value.at(-1)?.accuracy;
  const probabilities = [...(seen.value?.probabilities ?? [])];
  return (
    <>
      <h1>{text.title}</h1>
      <p class="intro">{text.intro}</p>
      <Workbench
        titles={text.parts}
        first="data"
        data={
          <>
            <DrawingArea
              cleared={cleared.value}
              onInk={(pixels) => {
                touched++;
                ink = pixels;
                void look();
              }}
            />
            <div class="buttons">
              <button type="button" onClick={() => void cleared.value++}>
                {text.clear}
              </button>
              <Reading />
            </div>
            {seen.value && (
              <figure class="as-seen">
                <Picture
                  width={seen.value.width}
                  height={seen.value.height}
                  values={seen.value.image}
                  colorOf={greyScale}
                  label={text.seen}
                />
                <figcaption class="quiet">{text.seen}</figcaption>
              </figure>
            )}
          </>
        }
        machine={
          <>
            <p class="quiet">{text.scale}</p>
            {seen.value?.layers.map((layer) => (
              <LayerMaps key={layer.name} layer={layer} />
            ))}
          </>
        }
        result={
          <>
            <Reading />
            <Probabilities />
            {failure.value !== undefined && <FailureNote failure={failure.value} />}
            <p class="quiet">
              {(playing ? text.learning : text.learnt)(accuracy === undefined ? '–' : percent(accuracy))} {text.network}
            </p>
          </>
        }
      />
      <ControlStrip
        playing={playing}
        disabled={prepared.value === undefined}
        onPlay={play}
        onPause={pause}
        onStep={makeStep}
        onRestart={() => void restart(true)}
        speed={view.value.speed}
        onSpeed={changeSpeed}
        seed={{ value: settings.value.seed, onChange: (seed) => change({ seed }) }}
      />
      <div class="below">
        <TaskList tasks={drawTasks} words={text.tasks} state={{ probabilities, drawn: touched > 0, surelyRead: surelyRead.value }} />
        <CodePanel code={drawCode(settings.value.seed)} />
      </div>
    </>
  );
}

function Reading() {
  const text = textOf(drawTexts);
  const best = bestOf(seen.value);
  const words =
    best === undefined ? text.nothing : text.reads(seen.value!.classNames[best] ?? '?', percent(seen.value!.probabilities[best]!, 0));
  return (
    <p class="reading" aria-live="polite">
      {words}
    </p>
  );
}

function Probabilities() {
  const text = textOf(drawTexts);
  const names = seen.value?.classNames ?? prepared.value?.classNames ?? [];
  return (
    <ul class="probabilities">
      {names.map((name, i) => {
        const probability = seen.value?.probabilities[i] ?? 0;
        return (
          <li key={name} aria-label={text.probability(name, percent(probability))}>
            <b>{name}</b>
            <span class="bar">
              <span style={{ width: `${100 * probability}%` }} />
            </span>
            <span>{seen.value ? percent(probability) : number(0)}</span>
          </li>
        );
      })}
    </ul>
  );
}
