// What a layer gives for the drawing: a picture for each of its maps, or one for all of its neurons.

import { Picture } from '../../drawing/picture.tsx';
import type { Rgb } from '../../drawing/scale.ts';
import { divergingScale } from '../../drawing/scale.ts';
import { number, textOf } from '../../shell/language.ts';
import { theme } from '../../shell/theme.ts';
import type { LayerOutput } from './machine.ts';
import { drawTexts } from './text.ts';

/** The most maps of a layer that are shown. */
const MOST_MAPS = 32;

/** Neurons in a row. */
const ROW = 40;

export function LayerMaps({ layer }: { readonly layer: LayerOutput }) {
  const text = textOf(drawTexts);
  const { name, height, width, channels, maps } = layer;
  const most = maps.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  const scale = divergingScale();
  const colorOf = (value: number): Rgb => scale(value / most);
  const redraw = theme.value;
  if (height * width === 1) {
    const columns = Math.min(ROW, channels);
    const rows = Math.ceil(channels / columns);
    const values = new Float32Array(rows * columns);
    values.set(maps);
    const label = text.neurons(name, number(channels));
    return (
      <figure class="maps">
        <figcaption>{label}</figcaption>
        <Picture width={columns} height={rows} values={values} colorOf={colorOf} label={label} redraw={redraw} />
      </figure>
    );
  }
  return (
    <figure class="maps">
      <figcaption>{text.layer(name, number(channels), `${height} × ${width}`)}</figcaption>
      <div class="grid">
        {Array.from({ length: Math.min(channels, MOST_MAPS) }, (_, i) => (
          <Picture
            key={i}
            width={width}
            height={height}
            values={maps.subarray(i * height * width, (i + 1) * height * width)}
            colorOf={colorOf}
            label={text.map(number(i + 1), name)}
            redraw={redraw}
          />
        ))}
      </div>
    </figure>
  );
}
