// Finds out whether the laboratory is open in other tabs of this browser. Each tab computes by itself, and all share the same processor.

import { signal } from '@preact/signals';

/** How many others there are. */
export const otherTabs = signal(0);

interface Message {
  readonly from: number;
  readonly kind: 'hello' | 'here' | 'bye';
}

const own = Math.random();
const others = new Set<number>();

/** Begins to look for other tabs, and answers theirs. */
export function watchOtherTabs(): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel('sinapse-laboratory');
  const say = (kind: Message['kind']) => channel.postMessage({ from: own, kind } satisfies Message);
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'bye') others.delete(data.from);
    else others.add(data.from);
    if (data.kind === 'hello') say('here');
    otherTabs.value = others.size;
  });
  addEventListener('pagehide', () => say('bye'));
  addEventListener('pageshow', ({ persisted }) => persisted && say('hello'));
  say('hello');
}
