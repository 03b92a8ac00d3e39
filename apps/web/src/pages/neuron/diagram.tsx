// The neuron as a drawing: inputs, weights, sum, activation, output, with the numbers of one example.

import { number } from '../../shell/language.ts';
import type { Neuron } from './neuron.ts';

export interface DiagramProps {
  readonly neuron: Neuron;
  readonly inputs: readonly [number, number] | undefined;
  readonly sum: number | undefined;
  readonly output: number | undefined;
  readonly label: string;
}

const short = (value: number | undefined): string => (value === undefined ? '–' : number(value, 2));

/** Orange below zero, blue above, and the thicker the larger. */
const stroke = (weight: number) => ({
  stroke: `var(--${weight < 0 ? 'warm' : 'cool'})`,
  'stroke-width': Math.min(1 + 2 * Math.abs(weight), 7),
});

const curves = { step: 'M-9 6H0V-6H9', linear: 'M-9 7L9 -7', sigmoid: 'M-9 6C2 6 -2 -6 9 -6' } as const;

export function Diagram({ neuron, inputs, sum, output, label }: DiagramProps) {
  const { weights, bias, activation } = neuron;
  const lines = [weights[0], weights[1], bias];
  const names = ['x₁', 'x₂', '1'];
  const values = [short(inputs?.[0]), short(inputs?.[1]), ''];
  return (
    <svg class="neuron" viewBox="0 0 300 150" role="img" aria-label={label}>
      {lines.map((weight, i) => {
        const y = 25 + 50 * i;
        return (
          <g key={i}>
            <line x1="34" y1={y} x2="140" y2="75" {...stroke(weight)} />
            <circle cx="24" cy={y} r="16" />
            <text x="24" y={y - (values[i] === '' ? 0 : 5)}>
              {names[i]}
            </text>
            {values[i] !== '' && (
              <text x="24" y={y + 8} class="small">
                {values[i]}
              </text>
            )}
            <text x="76" y={y + (75 - y) * 0.42 - 8} class="value">
              {number(weight, 2)}
            </text>
          </g>
        );
      })}
      <line x1="160" y1="75" x2="286" y2="75" stroke="var(--quiet)" />
      <circle cx="156" cy="75" r="22" />
      <text x="156" y="70">
        Σ
      </text>
      <text x="156" y="86" class="small">
        {short(sum)}
      </text>
      <circle cx="220" cy="75" r="18" />
      <path d={curves[activation]} transform="translate(220 75)" />
      <text x="272" y="62" class="value">
        y = {short(output)}
      </text>
    </svg>
  );
}
