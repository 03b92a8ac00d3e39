// The theme: that of the system, or the one chosen with the switch.

import { computed, effect, signal } from '@preact/signals';

export type Theme = 'light' | 'dark';

const KEY = 'sinapse-theme';
const query = matchMedia('(prefers-color-scheme: dark)');
const system = signal<Theme>(query.matches ? 'dark' : 'light');
query.addEventListener('change', () => void (system.value = query.matches ? 'dark' : 'light'));

function remembered(): Theme | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : undefined;
  } catch {
    return undefined; // storage is forbidden
  }
}

const chosen = signal<Theme | undefined>(remembered());

export const theme = computed<Theme>(() => chosen.value ?? system.value);

/** Changes to the other theme. If that is the system's, it follows the system again. */
export function switchTheme(): void {
  const next = theme.value === 'dark' ? 'light' : 'dark';
  chosen.value = next === system.value ? undefined : next;
  try {
    if (chosen.value === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, chosen.value);
  } catch {
    // As above.
  }
}

effect(() => void (document.documentElement.dataset['theme'] = theme.value));

/** The colours of the theme in use, which canvases need as values. */
export function color(name: 'paper' | 'ink' | 'quiet' | 'line' | 'warm' | 'cool' | 'zero' | 'accent'): string {
  void theme.value; // whoever draws with it is drawn again when the theme changes
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
