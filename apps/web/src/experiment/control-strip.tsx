// The strip of controls below every experiment: play or pause, one step, stop, start over, speed, seed, then the page's own, the rest behind "more".

import type { ComponentChildren } from 'preact';
import { isLocked } from '../router.ts';
import { textOf } from '../shell/language.ts';
import { shellTexts } from '../shell/text.ts';
import { NumberInput } from './number-input.tsx';

export const speeds = ['slow', 'medium', 'full'] as const;
export type Speed = (typeof speeds)[number];

/** Milliseconds before each step. */
export const DELAYS: Readonly<Record<Speed, number>> = { slow: 500, medium: 60, full: 0 };

export interface ControlStripProps {
  readonly playing: boolean;
  readonly disabled?: boolean;
  readonly onPlay: () => void;
  readonly onPause: () => void;
  readonly onStep: () => void;
  /** Ends what is under way; undefined where there is nothing to end. */
  readonly onStop?: (() => void) | undefined;
  /** Whether there is something to end. */
  readonly canStop?: boolean;
  readonly onRestart: () => void;
  readonly speed: Speed;
  readonly onSpeed: (speed: Speed) => void;
  readonly seed?: { readonly value: number; readonly onChange: (seed: number) => void };
  /** The page's two or three settings. */
  readonly children?: ComponentChildren;
  /** The rest. */
  readonly more?: ComponentChildren;
}

export function ControlStrip(props: ControlStripProps) {
  const text = textOf(shellTexts);
  const { playing, disabled = false, seed } = props;
  return (
    <section class="strip" aria-label={text.controls}>
      <div class="buttons">
        <button type="button" class="primary" disabled={disabled} onClick={playing ? props.onPause : props.onPlay}>
          <Icon path={playing ? 'M4 3h3v10H4zM9 3h3v10H9z' : 'M4 2l10 6-10 6z'} />
          {playing ? text.pause : text.play}
        </button>
        <button type="button" disabled={disabled} onClick={props.onStep}>
          <Icon path="M3 2l7 6-7 6zM11 2h2v12h-2z" />
          {text.step}
        </button>
        {props.onStop !== undefined && (
          <button type="button" disabled={disabled || !props.canStop} onClick={props.onStop}>
            <Icon path="M3 3h10v10H3z" />
            {text.stop}
          </button>
        )}
        <button type="button" onClick={props.onRestart}>
          <Icon path="M8 3V0L3 4l5 4V5a4 4 0 1 1-4 4H2a6 6 0 1 0 6-6z" />
          {text.restart}
        </button>
      </div>
      <div class="fields">
        <SelectField
          name="speed"
          label={text.speed}
          value={props.speed}
          options={speeds.map((value) => [value, text.speeds[value]])}
          onChange={props.onSpeed}
        />
        {seed && <NumberField name="seed" label={text.seed} value={seed.value} least={0} most={999_999} onChange={seed.onChange} />}
        {props.children}
        {props.more !== undefined && (
          <details class="menu up">
            <summary>{text.more}</summary>
            <div class="panel fields">{props.more}</div>
          </details>
        )}
      </div>
    </section>
  );
}

function Icon({ path }: { readonly path: string }) {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={path} fill="currentColor" />
    </svg>
  );
}

interface FieldProps<T> {
  /** The name by which a link can fix it. */
  readonly name: string;
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** A choice among a few values. */
export function SelectField<T extends string>({
  name,
  label,
  value,
  options,
  onChange,
}: FieldProps<T> & { readonly options: readonly (readonly [T, string])[] }) {
  return (
    <label class="field">
      <span>{label}</span>
      <select name={name} disabled={isLocked(name)} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value as T)}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A number within limits. A value outside them is brought to the nearest. */
export function NumberField({
  name,
  label,
  value,
  least,
  most,
  step = 1,
  onChange,
}: FieldProps<number> & { readonly least: number; readonly most: number; readonly step?: number | 'any' }) {
  return (
    <label class="field">
      <span>{label}</span>
      <NumberInput name={name} disabled={isLocked(name)} value={value} least={least} most={most} step={step} onChange={onChange} />
    </label>
  );
}
