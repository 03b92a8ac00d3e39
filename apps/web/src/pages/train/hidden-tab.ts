// Watches what becomes of a training while its tab is hidden. Browsers let workers compute then, but may stop them to save energy.

import { signal } from '@preact/signals';
import { report } from './training.ts';

/** The steps before and after the tab was hidden last while it trained. */
export const whileHidden = signal<{ readonly from: number; readonly to: number } | undefined>(undefined);

/** The training that ran when the tab was hidden. */
let left: { readonly session: number; readonly step: number } | undefined;

document.addEventListener('visibilitychange', () => {
  const { session = 0, state, globalStep: step = 0 } = report.value ?? {};
  if (document.visibilityState === 'hidden') {
    left = state === 'running' ? { session, step } : undefined;
    whileHidden.value = undefined;
  } else if (left?.session === session) whileHidden.value = { from: left.step, to: step };
});
