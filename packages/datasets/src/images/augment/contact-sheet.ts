import { SinapseError, check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { checkPicture } from './picture.ts';
import type { Picture } from './picture.ts';

export interface ContactSheetOptions {
  /** @default as many as make the sheet about square */
  readonly columns?: number;
  /** Pixels between images, 0 to 100. @default 2 */
  readonly gap?: number;
  /** Each pixel becomes a square of this side, 1 to 32. @default 1 */
  readonly scale?: number;
  /** The byte between images. @default 255 */
  readonly background?: number;
}

const SHEET: OptionChecks<ContactSheetOptions> = {
  columns: check.integer(1, 1000),
  gap: check.integer(0, 100),
  scale: check.integer(1, 32),
  background: check.integer(0, 255),
};
/** Most bytes of a sheet. */
const MOST = 2 ** 28;

/**
 * Images side by side in one, row by row: what a data set holds, or what an augmentation does.
 * @throws SinapseError when there is no image, images differ in channels, or the sheet would be too large
 */
export function contactSheet(pictures: readonly Picture[], options: ContactSheetOptions = {}): Picture {
  if (!Array.isArray(pictures) || pictures.length === 0) throw new SinapseError('contactSheet: expected a list of images');
  pictures.forEach((picture) => checkPicture('contactSheet', picture as Picture));
  checkOptions('contactSheet', options, SHEET);
  const list = pictures as readonly Picture[];
  const { gap = 2, scale = 1, background = 255, columns = Math.ceil(Math.sqrt(list.length)) } = options;
  const [{ channels }] = list as [Picture];
  if (list.some((picture) => picture.channels !== channels))
    throw new SinapseError('contactSheet: images of one sheet have the same channels');
  const cellHeight = scale * list.reduce((most, { height }) => Math.max(most, height), 0) + gap;
  const cellWidth = scale * list.reduce((most, { width }) => Math.max(most, width), 0) + gap;
  const height = cellHeight * Math.ceil(list.length / columns) + gap;
  const width = cellWidth * Math.min(columns, list.length) + gap;
  if (height * width * channels > MOST) throw new SinapseError(`contactSheet: ${height}x${width} pixels are too many; take fewer images`);
  const data = new Uint8Array(height * width * channels).fill(background);
  for (const [i, picture] of list.entries()) {
    const top = gap + cellHeight * Math.floor(i / columns);
    const left = gap + cellWidth * (i % columns);
    for (let row = 0; row < picture.height * scale; row++)
      for (let column = 0; column < picture.width * scale; column++) {
        const from = (Math.floor(row / scale) * picture.width + Math.floor(column / scale)) * channels;
        const to = ((top + row) * width + left + column) * channels;
        for (let channel = 0; channel < channels; channel++) data[to + channel] = picture.data[from + channel]!;
      }
  }
  return { data, height, width, channels };
}
