// The page "train": a network learns, and one sees how.

import { useEffect } from 'preact/hooks';
import { CodePanel } from '../../experiment/code-panel.tsx';
import { ControlStrip, NumberField, SelectField } from '../../experiment/control-strip.tsx';
import { backendGeneration, laboratory } from '../../experiment/laboratory.ts';
import { TaskList } from '../../experiment/tasks.tsx';
import { Workbench } from '../../experiment/workbench.tsx';
import { percent, textOf } from '../../shell/language.ts';
import { titleNote } from '../../shell/title.ts';
import { trainCode } from './code.ts';
import { DataPart } from './data-part.tsx';
import { NetworkPart } from './network-part.tsx';
import { ResultPart } from './result-part.tsx';
import { optimizers } from './settings.ts';
import { trainTasks } from './tasks.ts';
import { trainTexts } from './text.ts';
import { settings, view, writeAddress } from './address.ts';
import { losses, measured } from './curves-so-far.ts';
import { change, changeSpeed, enter, pause, play, prepared, report, restart, step, stop } from './training.ts';

export function TrainPage() {
  const text = textOf(trainTexts);
  const now = settings.value;
  const generation = backendGeneration.value;
  useEffect(() => void enter(generation), [generation]); // it opens already learning
  useEffect(() => {
    writeAddress();
    return () => void laboratory.pause();
  }, []);
  const state = report.value?.state;
  const playing = state === 'running';
  const accuracy = measured.value.at(-1)?.accuracy;
  useEffect(() => {
    titleNote.value = playing ? (accuracy === undefined ? text.states.running : percent(accuracy)) : '';
    return () => void (titleNote.value = '');
  }, [playing, accuracy, text]);
  const values = losses.value.values;
  const progress = {
    settings: now,
    parameters: prepared.value?.parameters ?? Infinity,
    firstLoss: values[0] ?? NaN,
    lastLoss: values.at(-1) ?? NaN,
    accuracy: accuracy ?? 0,
    diverged: report.value?.failure?.kind === 'diverged',
  };
  return (
    <>
      <h1>{text.title}</h1>
      <p class="intro">{text.intro}</p>
      <Workbench data={<DataPart />} machine={<NetworkPart />} result={<ResultPart />} />
      <ControlStrip
        playing={playing}
        disabled={prepared.value === undefined}
        onPlay={play}
        onPause={pause}
        onStep={step}
        onStop={stop}
        canStop={playing || state === 'paused'}
        onRestart={() => void restart(playing)}
        speed={view.value.speed}
        onSpeed={changeSpeed}
        seed={{ value: now.seed, onChange: (seed) => change({ seed }) }}
        more={
          <>
            <SelectField
              name="opt"
              label={text.optimizer}
              value={now.optimizer}
              options={optimizers.map((name) => [name, name])}
              onChange={(optimizer) => change({ optimizer })}
            />
            <NumberField
              name="batch"
              label={text.batchSize}
              value={now.batchSize}
              least={1}
              most={512}
              onChange={(batchSize) => change({ batchSize })}
            />
            <NumberField
              name="epochs"
              label={text.epochs}
              value={now.epochs}
              least={1}
              most={1000}
              onChange={(epochs) => change({ epochs })}
            />
          </>
        }
      >
        <NumberField
          name="lr"
          label={text.learningRate}
          value={now.learningRate}
          least={0.000001}
          most={100}
          step="any"
          onChange={(learningRate) => change({ learningRate })}
        />
      </ControlStrip>
      <div class="below">
        <TaskList tasks={trainTasks} words={text.tasks} state={progress} />
        <CodePanel code={trainCode(now)} />
      </div>
    </>
  );
}
