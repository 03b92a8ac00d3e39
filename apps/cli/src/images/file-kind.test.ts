import { expect, it } from 'vitest';
import { kindOf } from './file-kind.ts';

const container = (brand: string, ...others: string[]) =>
  `\0\0\0${String.fromCharCode(16 + 4 * others.length)}ftyp${brand}\0\0\0\0${others.join('')}`;

it.each([
  [container('heic', 'mif1', 'heic'), 'a HEIC photograph, as telephones take them'],
  [container('mif1', 'heic'), 'a HEIC photograph, as telephones take them'],
  [container('mif1', 'avif'), undefined],
  [container('avif', 'mif1'), undefined],
  [container('crx ', 'isom'), 'a raw photograph of a camera'],
  [container('isom', 'mp42'), 'a video'],
  [container('qt  '), 'a video'],
  ['\x1A\x45\xDF\xA3\x01webm', 'a video'],
  ['RIFF\0\0\0\0AVI LIST', 'a video'],
  ['RIFF\0\0\0\0WEBPVP8 ', undefined],
  ['II*\0\x10\0\0\0CR\x02\0', 'a raw photograph of a camera'],
  ['II*\0\x10\0\0\0\0\0\0\0', undefined],
  ['BM\x36\0\0\0\0\0\0\0\x36\0', 'a BMP image'],
  ['\0\0\x01\0\x01\0', 'an icon (ICO)'],
  ['%PDF-1.4', 'a PDF document'],
  ['8BPS\0\x01', 'a Photoshop document'],
  ['PK\x03\x04\x14\0', 'a zip archive'],
  ['\xFF\x0A\xFA', 'a JPEG XL image'],
  ['\0\0\0\x0CjP  \r\n', 'a JPEG 2000 image'],
  ['P5 28 28 255\n', 'a Netpbm image'],
  [`${'\0'.repeat(128)}DICM`, 'a DICOM image'],
  ['\n <!DOCTYPE html><html>', 'a web page'],
  ['\x89PNG\r\n\x1A\n', undefined],
  ['\xFF\xD8\xFF\xE0', undefined],
  ['', undefined],
])('%j', (content, what) => expect(kindOf(Buffer.from(content, 'latin1'))?.what).toBe(what));
