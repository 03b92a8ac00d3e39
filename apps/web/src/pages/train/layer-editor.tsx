// One's own network, put together layer by layer. Each shows what it gives, or why it does not fit, while one builds.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { NumberField, SelectField } from '../../experiment/control-strip.tsx';
import { laboratory } from '../../experiment/laboratory.ts';
import { isLocked } from '../../router.ts';
import { textOf } from '../../shell/language.ts';
import type { CheckedLayer } from './network.ts';
import { settings } from './address.ts';
import { shapeText } from './shape-text.ts';
import type { LayerKind, LayerSpec } from './settings.ts';
import { LIMITS, MOST_LAYERS, activations, newLayers } from './settings.ts';
import { trainTexts } from './text.ts';
import { change, prepared } from './training.ts';

export function LayerEditor() {
  const text = textOf(trainTexts);
  const { layers, data } = settings.value;
  const inputShape = prepared.value?.inputShape;
  const checked = useSignal<readonly CheckedLayer[]>([]);
  useEffect(() => {
    if (inputShape !== undefined) void laboratory.checkLayers(layers, inputShape).then((result) => (checked.value = result));
  }, [layers, inputShape?.join()]);
  const fixed = isLocked('layers');
  const kinds = (Object.keys(newLayers) as LayerKind[]).filter(
    (kind) => inputShape?.length === 3 || kind === 'dense' || kind === 'dropout',
  );
  const replace = (at: number, ...instead: LayerSpec[]) => change({ layers: layers.toSpliced(at, 1, ...instead) });
  return (
    <div class="editor">
      <ol>
        <li class="fixed">
          <b>{text.input}</b> <span class="shape">{inputShape && shapeText(inputShape)}</span>
        </li>
        {layers.map((layer, i) => {
          const { shape, problem } = checked.value[i] ?? {};
          return (
            <li key={`${data}-${i}`} class={problem === undefined ? '' : 'wrong'}>
              <div class="row">
                <b>{text.layers[layer.kind]}</b>
                <span class="shape">{shape && shapeText(shape)}</span>
                <span class="tools">
                  {i > 0 && (
                    <button
                      type="button"
                      class="icon"
                      disabled={fixed}
                      aria-label={`${text.up}: ${text.layers[layer.kind]} ${i + 1}`}
                      onClick={() => change({ layers: layers.toSpliced(i - 1, 2, layer, layers[i - 1]!) })}
                    >
                      ↑
                    </button>
                  )}
                  <button
                    type="button"
                    class="icon"
                    disabled={fixed}
                    aria-label={`${text.remove}: ${text.layers[layer.kind]} ${i + 1}`}
                    onClick={() => replace(i)}
                  >
                    ✕
                  </button>
                </span>
              </div>
              <LayerFields layer={layer} onChange={(next) => replace(i, next)} />
              {problem !== undefined && (
                <p class="problem" role="alert" title={problem.detail}>
                  {text.misfits[problem.why]}
                </p>
              )}
            </li>
          );
        })}
        <li class="fixed">
          <b>{text.scores}</b> <span class="shape">{prepared.value?.classNames.length}</span>
        </li>
      </ol>
      {layers.length < MOST_LAYERS && (
        <select
          aria-label={text.add}
          disabled={fixed}
          value=""
          onChange={({ currentTarget }) => {
            change({ layers: [...layers, newLayers[currentTarget.value as LayerKind]] });
            currentTarget.value = '';
          }}
        >
          <option value="">+ {text.add}</option>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {text.layers[kind]}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function LayerFields({ layer, onChange }: { readonly layer: LayerSpec; readonly onChange: (layer: LayerSpec) => void }) {
  const text = textOf(trainTexts);
  const size = (label: string, value: number, most: number, make: (value: number) => LayerSpec) => (
    <NumberField name="layers" label={label} value={value} least={1} most={most} onChange={(next) => onChange(make(next))} />
  );
  const then = (spec: LayerSpec & { readonly kind: 'conv2d' | 'dense' }) => (
    <SelectField
      name="layers"
      label={text.activation}
      value={spec.activation}
      options={activations.map((name) => [name, name])}
      onChange={(activation) => onChange({ ...spec, activation })}
    />
  );
  switch (layer.kind) {
    case 'conv2d':
      return (
        <div class="fields">
          {size(text.filters, layer.filters, LIMITS.filters, (filters) => ({ ...layer, filters }))}
          {size(text.kernelSize, layer.kernelSize, LIMITS.kernelSize, (kernelSize) => ({ ...layer, kernelSize }))}
          {then(layer)}
        </div>
      );
    case 'maxPool2d':
      return <div class="fields">{size(text.window, layer.size, LIMITS.size, (value) => ({ ...layer, size: value }))}</div>;
    case 'dense':
      return (
        <div class="fields">
          {size(text.units, layer.units, LIMITS.units, (units) => ({ ...layer, units }))}
          {then(layer)}
        </div>
      );
    case 'dropout':
      return (
        <div class="fields">
          <NumberField
            name="layers"
            label={text.rate}
            value={layer.rate}
            least={0}
            most={0.9}
            step={0.1}
            onChange={(rate) => onChange({ ...layer, rate })}
          />
        </div>
      );
    case 'flatten':
      return null;
  }
}
