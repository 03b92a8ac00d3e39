// The address: `#/train?data=xor&seed=3`. The part before the question mark names the page, the rest holds its settings, so that a link is a
// lesson. `lock=seed,network` fixes controls,
// `backend=webgl` chooses what computes. The hash is used so that the site works from any folder, and from a file.

import { computed, signal } from '@preact/signals';

export const pageNames = ['train', 'draw', 'neuron', 'functions', 'descent', 'convolution'] as const;
export type PageName = (typeof pageNames)[number];

interface Address {
  readonly page: PageName;
  readonly query: URLSearchParams;
}

/** Reads the hash of an address. An unknown page is the first one. */
function parseHash(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const page = pageNames.find((name) => name === path) ?? pageNames[0];
  return { page, query: new URLSearchParams(query) };
}

const address = signal<Address>(parseHash(location.hash));
addEventListener('hashchange', () => void (address.value = parseHash(location.hash)));

export const page = computed(() => address.value.page);

/** The settings in the address of the current page. */
export const query = computed(() => address.value.query);

/** Parts of an address that belong to no page: controls that a teacher's link fixes, and the backend to begin with. */
const KEPT = ['lock', 'backend'] as const;

/** Writes settings into the address without a new entry in the history. Settings that are undefined are left out. */
export function writeQuery(settings: Readonly<Record<string, string | undefined>>): void {
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries(settings)) if (value !== undefined) next.set(name, value);
  for (const name of KEPT) {
    const value = query.peek().get(name);
    if (value !== null) next.set(name, value);
  }
  show(next);
}

function show(next: URLSearchParams): void {
  const text = next.toString();
  history.replaceState(null, '', `#/${page.peek()}${text && `?${text}`}`);
  address.value = { page: page.peek(), query: next };
}

/** Keeps a part of the address that belongs to no page; undefined takes it away. */
export function keepInAddress(name: (typeof KEPT)[number], value: string | undefined): void {
  const next = new URLSearchParams(query.peek());
  next.delete(name);
  if (value !== undefined) next.set(name, value);
  show(next);
}

/** Whether a teacher's link has fixed a control. */
export function isLocked(control: string): boolean {
  return (query.value.get('lock') ?? '').split(',').includes(control);
}
