// A number on a slider, with its value beside it.

import { isLocked } from '../router.ts';
import { number } from '../shell/language.ts';

export interface SliderProps {
  /** The name by which a link can fix it. */
  readonly name: string;
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
}

export function Slider({ name, label, value, least, most, step, onChange }: SliderProps) {
  return (
    <label class="slider">
      <span>{label}</span>
      <input
        type="range"
        name={name}
        disabled={isLocked(name)}
        min={least}
        max={most}
        step={step}
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
      />
      <output>{number(value, 2)}</output>
    </label>
  );
}
