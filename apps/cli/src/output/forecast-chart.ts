// A picture of a series, its forecast and the interval of that, as SVG.

export interface ForecastChart {
  readonly name: string;
  /** The last values of the series. */
  readonly past: readonly number[];
  readonly forecast: readonly number[];
  /** Lowest and highest value for each step of the forecast. */
  readonly interval: readonly (readonly [number, number])[];
}

const [WIDTH, HEIGHT, MARGIN] = [800, 320, 48];

export function forecastChart({ name, past, forecast, interval }: ForecastChart): string {
  const all = [...past, ...forecast, ...interval.flat()];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const spread = high - low || 1;
  const steps = past.length + forecast.length;
  const x = (step: number): number => MARGIN + (step / Math.max(1, steps - 1)) * (WIDTH - 2 * MARGIN);
  const y = (value: number): number => HEIGHT - MARGIN - ((value - low) / spread) * (HEIGHT - 2 * MARGIN);
  const points = (values: readonly number[], from: number): string =>
    values.map((value, i) => `${x(from + i).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const now = past.length - 1;
  const upper = points(interval.map(([, top]) => top), now + 1); // prettier-ignore
  const lower = interval.map(([bottom], i) => `${x(now + 1 + i).toFixed(1)},${y(bottom).toFixed(1)}`).toReversed();
  const label = (value: number): string =>
    `<text x="${MARGIN - 6}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${value.toPrecision(3)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(name)}: ${forecast.length} steps foreseen</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${MARGIN}" y="24" font-size="14">${escaped(name)}</text>`,
    label(low),
    label(high),
    `<line x1="${x(now).toFixed(1)}" x2="${x(now).toFixed(1)}" y1="${MARGIN}" y2="${HEIGHT - MARGIN}" stroke="#999" stroke-dasharray="4 4"/>`,
    `<polygon class="interval" points="${[upper, ...lower].join(' ')}" fill="#1f6feb" fill-opacity="0.2"/>`,
    `<polyline class="past" points="${points(past, 0)}" fill="none" stroke="#333" stroke-width="1.5"/>`,
    `<polyline class="forecast" points="${points([past.at(-1)!, ...forecast], now)}" fill="none" stroke="#1f6feb" stroke-width="2"/>`,
    '</svg>',
    '',
  ].join('\n');
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
