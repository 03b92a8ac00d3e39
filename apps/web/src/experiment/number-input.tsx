// A field for a number. While one types, the page may be drawn again many times; what was typed stays until the field is left.

import { useSignal } from '@preact/signals';

export interface NumberInputProps {
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step?: number | 'any';
  /** Called with numbers within the limits. */
  readonly onChange: (value: number) => void;
  /** Whether each key counts; otherwise the number counts when the field is left, and is brought within the limits. */
  readonly live?: boolean;
  readonly name?: string;
  readonly label?: string;
  readonly disabled?: boolean;
  readonly class?: string;
}

export function NumberInput({
  value,
  least,
  most,
  step = 1,
  onChange,
  live = false,
  name,
  label,
  disabled,
  class: kind,
}: NumberInputProps) {
  const typed = useSignal<string | undefined>(undefined);
  const commit = (input: HTMLInputElement) => {
    typed.value = undefined;
    const given = input.valueAsNumber;
    const within = Number.isNaN(given) ? value : Math.min(Math.max(step === 1 ? Math.round(given) : given, least), most);
    input.value = String(within);
    if (within !== value) onChange(within);
  };
  return (
    <input
      type="number"
      name={name}
      class={kind}
      aria-label={label}
      disabled={disabled}
      min={least}
      max={most}
      step={step}
      value={typed.value ?? value}
      onInput={({ currentTarget }) => {
        const given = currentTarget.valueAsNumber;
        typed.value = currentTarget.value;
        if (live && given >= least && given <= most) onChange(given);
      }}
      onChange={({ currentTarget }) => commit(currentTarget)}
      onKeyDown={({ key, currentTarget }) => key === 'Enter' && commit(currentTarget)}
      onBlur={({ currentTarget }) => typed.value !== undefined && commit(currentTarget)}
    />
  );
}
