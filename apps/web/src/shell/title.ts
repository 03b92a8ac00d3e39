import { signal } from '@preact/signals';

/** What stands before the page's name in the title of the window or tab: how far it is, for those who look at another one. */
export const titleNote = signal('');
