// Formats numbers for people.

/** 61706 → `61,706`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** 0.98765 → `98.77%`. */
export function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)}%`;
}

/** A loss with four decimals, or with an exponent if it is too small or too large for them. */
export function loss(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return value !== 0 && (Math.abs(value) < 0.001 || Math.abs(value) >= 1000) ? value.toExponential(2) : value.toFixed(4);
}

/** A duration in seconds as `0.8 s`, `12 s`, `3:05` or `1:02:07`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (part: number) => String(part).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** `1 image`, `2 images`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
