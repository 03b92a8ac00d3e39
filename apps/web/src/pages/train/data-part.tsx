// What the network learns from.

import { useSignal } from '@preact/signals';
import { SelectField } from '../../experiment/control-strip.tsx';
import { FailureNote } from '../../experiment/failure-note.tsx';
import { Picture } from '../../drawing/picture.tsx';
import { Plane } from '../../drawing/plane.tsx';
import { greyScale } from '../../drawing/scale.ts';
import { number, textOf } from '../../shell/language.ts';
import { settings } from './address.ts';
import type { Samples } from './report.ts';
import { dataNames } from './settings.ts';
import { trainTexts } from './text.ts';
import { aside, change, openFiles, prepared, refusal, regions, undo } from './training.ts';

export function DataPart() {
  const text = textOf(trainTexts);
  const made = prepared.value;
  return (
    <>
      <SelectField
        name="data"
        label={text.data}
        value={settings.value.data}
        options={dataNames
          .filter((name) => name !== 'files' || settings.value.data === 'files')
          .map((name) => [name, text.dataNames[name]])}
        onChange={(data) => change({ data })}
      />
      {made === undefined ? (
        <p class="quiet">{text.preparing}</p>
      ) : (
        <>
          <p class="quiet">{text.counts(number(made.trainCount), number(made.testCount))}</p>
          <SamplesView samples={made.samples} classNames={made.classNames} />
        </>
      )}
      <DropPlace />
      {refusal.value !== undefined && <FailureNote failure={refusal.value} />}
      {aside.value !== undefined && (
        <p class="note" role="status">
          {text.keptAside}{' '}
          <button type="button" onClick={() => void undo()}>
            {text.undo}
          </button>
        </p>
      )}
    </>
  );
}

function SamplesView({ samples, classNames }: { readonly samples: Samples; readonly classNames: readonly string[] }) {
  const text = textOf(trainTexts);
  if (samples.kind === 'points') return <Plane {...samples} regions={regions.value} label={text.points} />;
  const { width, height, channels, pixels, labels } = samples;
  const names = Array.from(labels, (label) => classNames[label] ?? '?');
  return (
    <div class="samples" role="img" aria-label={text.samples(names.join(', '))}>
      {names.map((_, i) => (
        <Picture
          key={i}
          width={width}
          height={height}
          values={pixels.subarray(i * width * height * channels, (i + 1) * width * height * channels)}
          colorOf={greyScale}
          label=""
        />
      ))}
    </div>
  );
}

function DropPlace() {
  const text = textOf(trainTexts);
  const over = useSignal(false);
  return (
    <div
      class={`drop ${over.value ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => void (over.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        void openFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <p>{text.drop}</p>
      <label class="button">
        {text.choose}
        <input
          type="file"
          multiple
          onChange={({ currentTarget }) => {
            void openFiles([...(currentTarget.files ?? [])]).then(() => (currentTarget.value = ''));
          }}
        />
      </label>
    </div>
  );
}
