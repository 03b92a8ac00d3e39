// Gives the hashes of the program, and the images that lie beside the page as the browser decodes them.

import { decodeInBrowser } from '@sinapse/datasets';
import type { Picture } from '@sinapse/datasets';
import { publish } from '../../src/outcome.ts';
import { hashes } from './program.ts';

/** Base64 of an image file, and how it is to be decoded. */
export interface Task {
  readonly file: string;
  readonly options: Parameters<typeof decodeInBrowser>[1];
}

publish(async () => {
  const tasks = (await (await fetch('tasks.json')).json()) as readonly Task[];
  const pictures: (Omit<Picture, 'data'> & { readonly data: number[] })[] = [];
  for (const { file, options } of tasks) {
    const picture = await decodeInBrowser(
      Uint8Array.from(atob(file), (character) => character.charCodeAt(0)),
      options,
    );
    pictures.push({ ...picture, data: [...picture.data] });
  }
  const refused = await decodeInBrowser(Uint8Array.of(1, 2, 3)).catch((error: Error) => error.message);
  return { hashes: await hashes(), pictures, refused };
});
