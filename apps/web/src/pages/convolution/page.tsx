// The page "convolution": a kernel slides over numbers, and one sees each sum.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { NumberGrid } from '../../drawing/number-grid.tsx';
import { CodePanel } from '../../experiment/code-panel.tsx';
import type { Speed } from '../../experiment/control-strip.tsx';
import { ControlStrip, NumberField, SelectField } from '../../experiment/control-strip.tsx';
import { FailureNote } from '../../experiment/failure-note.tsx';
import { backendGeneration } from '../../experiment/laboratory.ts';
import { NumberInput } from '../../experiment/number-input.tsx';
import { TaskList } from '../../experiment/tasks.tsx';
import { Workbench } from '../../experiment/workbench.tsx';
import { number, textOf } from '../../shell/language.ts';
import { convolutionCode } from './code.ts';
import type { Rule } from './examples.ts';
import { exampleNames, kernelNames, kernelPresets } from './examples.ts';
import {
  MOST_PADDING,
  MOST_STRIDE,
  MOST_WEIGHT,
  change,
  convolved,
  drawDigit,
  failure,
  next,
  place,
  setWeight,
  showExample,
  state,
} from './state.ts';
import { SumOfTerms } from './sum-of-terms.tsx';
import { convolutionTasks, isSymmetric } from './tasks.ts';
import { outputSize } from './terms.ts';
import { convolutionTexts } from './text.ts';

const playing = signal(true);
const speed = signal<Speed>('slow');
const seed = signal(3);

/** Milliseconds at a place. */
const STAY: Readonly<Record<Speed, number>> = { slow: 900, medium: 250, full: 40 };

export function ConvolutionPage() {
  const text = textOf(convolutionTexts);
  const { convolution, example, rule, filter, changed } = state.value;
  useEffect(() => {
    if (!playing.value) return;
    const timer = setInterval(next, STAY[speed.value]);
    return () => clearInterval(timer);
  }, [playing.value, speed.value]);
  useEffect(() => {
    if (backendGeneration.value > 0) void drawDigit(seed.value);
  }, [backendGeneration.value, seed.value]);
  return (
    <>
      <h1>{text.title}</h1>
      <p class="intro">{text.intro}</p>
      <Workbench titles={text.parts} data={<InputPart />} machine={<KernelPart />} result={<OutputPart />} />
      <ControlStrip
        playing={playing.value}
        onPlay={() => void (playing.value = true)}
        onPause={() => void (playing.value = false)}
        onStep={() => {
          playing.value = false;
          next();
        }}
        onRestart={() => showExample(example)}
        speed={speed.value}
        onSpeed={(chosen) => void (speed.value = chosen)}
        seed={{ value: seed.value, onChange: (chosen) => void (seed.value = chosen) }}
      >
        <NumberField
          name="stride"
          label={text.stride}
          value={convolution.stride}
          least={1}
          most={MOST_STRIDE}
          onChange={(stride) => change({ stride })}
        />
        <NumberField
          name="padding"
          label={text.padding}
          value={convolution.padding}
          least={0}
          most={MOST_PADDING}
          onChange={(padding) => change({ padding })}
        />
      </ControlStrip>
      <div class="below">
        <TaskList tasks={convolutionTasks} words={text.tasks} state={{ example, convolution, changed }} />
        <CodePanel code={convolutionCode(convolution, rule, filter)} />
      </div>
    </>
  );
}

function usePlace(): string {
  return textOf(convolutionTexts).place(number(place.value.row + 1), number(place.value.column + 1));
}

function InputPart() {
  const text = textOf(convolutionTexts);
  const { convolution, example } = state.value;
  const { input, kernels, stride, padding } = convolution;
  const where = usePlace();
  const size = kernels[0]![0]!.length;
  const { row, column } = place.value;
  const [rows, columns] = [input[0]!.length + 2 * padding, input[0]![0]!.length + 2 * padding];
  return (
    <>
      <SelectField
        name="example"
        label={text.example}
        value={example}
        options={exampleNames.map((name) => [name, text.examples[name]])}
        onChange={showExample}
      />
      {input.map((channel, c) => (
        <figure key={c} class={`grid-figure ${input.length > 1 ? 'one-of-several' : ''}`}>
          {input.length > 1 && <figcaption>{text.channel(number(c))}</figcaption>}
          <NumberGrid
            rows={rows}
            columns={columns}
            border={padding}
            valueAt={(i, j) => channel[i - padding]?.[j - padding] ?? 0}
            box={{ row: row * stride, column: column * stride, height: size, width: size }}
            label={text.input(number(c), where)}
          />
        </figure>
      ))}
      {example === 'channels' && <p class="quiet">{text.errata}</p>}
    </>
  );
}

function KernelPart() {
  const text = textOf(convolutionTexts);
  const { convolution, rule, filter } = state.value;
  const { input, kernels, bias, stride, padding } = convolution;
  const channels = kernels[filter]!;
  const size = channels[0]!.length;
  const length = input[0]!.length;
  const preset = kernelNames.find((name) => String(kernelPresets[name]) === String(channels[0])) ?? 'own';
  const symmetric = channels.every(isSymmetric);
  return (
    <>
      {kernels.length > 1 && (
        <SelectField
          name="filter"
          label={text.filter}
          value={String(filter)}
          options={kernels.map((_, i) => [String(i), `w${i}`])}
          onChange={(value) => change({ filter: Number(value) })}
        />
      )}
      {channels.length === 1 && (
        <SelectField
          name="kernel"
          label={text.kernel}
          value={preset}
          options={[...kernelNames, ...(preset === 'own' ? (['own'] as const) : [])].map((name) => [name, text.kernels[name]])}
          onChange={(name) => name !== 'own' && change({ kernels: [[kernelPresets[name]]] })}
        />
      )}
      {channels.map((kernel, c) => (
        <div key={`${filter}-${c}`}>
          {channels.length > 1 && <p class="quiet">{text.channel(number(c))}</p>}
          <div class="kernel" style={{ gridTemplateColumns: `repeat(${size}, 1fr)` }}>
            {kernel.map((line, i) =>
              line.map((weight, j) => (
                <NumberInput
                  key={`${i}-${j}`}
                  live
                  step="any"
                  class={weight < 0 ? 'negative' : weight > 0 ? 'positive' : ''}
                  label={text.weight(number(c), number(i + 1), number(j + 1))}
                  value={weight}
                  least={-MOST_WEIGHT}
                  most={MOST_WEIGHT}
                  onChange={(value) => setWeight(c, i, j, value)}
                />
              )),
            )}
          </div>
        </div>
      ))}
      <p class="quiet">
        {text.bias}: {number(bias[filter] ?? 0)}
      </p>
      <p class="formula">
        {text.size(number(length), number(size), number(padding), number(stride), number(outputSize(length, size, stride, padding)))}
      </p>
      <p class="quiet">{text.ruleNotes[rule]}</p>
      {symmetric && <p class="quiet">{text.same}</p>}
    </>
  );
}

function OutputPart() {
  const text = textOf(convolutionTexts);
  const { rule } = state.value;
  if (convolved.value === undefined) {
    if (failure.value === undefined) return null;
    return isTooLarge() ? (
      <p class="problem" role="alert">
        {text.tooLarge}
      </p>
    ) : (
      <FailureNote failure={failure.value} />
    );
  }
  return (
    <>
      <div class="both">
        {(['correlation', 'convolution'] as const).map((each) => (
          <div key={each} class={each === rule ? 'chosen' : ''}>
            <button type="button" aria-pressed={each === rule} onClick={() => change({ rule: each })}>
              {text.rules[each]}
            </button>
            <OutputGrid rule={each} />
          </div>
        ))}
      </div>
      <SumOfTerms />
    </>
  );
}

/** Whether the kernel finds no place in the padded input. */
function isTooLarge(): boolean {
  const { input, kernels, stride, padding } = state.value.convolution;
  return outputSize(input[0]!.length, kernels[0]![0]!.length, stride, padding) === 0;
}

function OutputGrid({ rule }: { readonly rule: Rule }) {
  const text = textOf(convolutionTexts);
  const { height, width, [rule]: values } = convolved.value!;
  const { filter } = state.value;
  const { row, column } = place.value;
  const at = (i: number, j: number) => values[(filter * height + i) * width + j] ?? 0;
  return (
    <NumberGrid
      rows={height}
      columns={width}
      valueAt={at}
      cell={{ row, column }}
      box={{ row, column, height: 1, width: 1 }}
      label={text.output(text.rules[rule], usePlace(), number(at(row, column), 1))}
      onCell={(i, j) => {
        playing.value = false;
        place.value = { row: i, column: j };
      }}
    />
  );
}
