// Recognises files that are often taken for images but cannot be read, by their first bytes, and says what to do instead.

/** What a file is, and what to do, e.g. `a HEIC photograph` and `save it as JPEG or PNG`. */
export interface FileKind {
  readonly what: string;
  readonly advice: string;
}

const asPng = 'save it as PNG';
const asPhotograph = 'save it as JPEG or PNG';

const kinds = {
  heic: { what: 'a HEIC photograph, as telephones take them', advice: asPhotograph },
  video: { what: 'a video', advice: 'save one of its frames as PNG' },
  raw: { what: 'a raw photograph of a camera', advice: asPhotograph },
  jpegXl: { what: 'a JPEG XL image', advice: asPhotograph },
  jpeg2000: { what: 'a JPEG 2000 image', advice: asPhotograph },
  bitmap: { what: 'a BMP image', advice: asPng },
  icon: { what: 'an icon (ICO)', advice: asPng },
  photoshop: { what: 'a Photoshop document', advice: asPng },
  gimp: { what: 'a GIMP document', advice: asPng },
  pdf: { what: 'a PDF document', advice: 'save its page as PNG' },
  postScript: { what: 'a PostScript document', advice: asPng },
  netpbm: { what: 'a Netpbm image', advice: asPng },
  openExr: { what: 'an OpenEXR image', advice: asPng },
  radiance: { what: 'a Radiance image', advice: asPng },
  fits: { what: 'a FITS image', advice: asPng },
  dicom: { what: 'a DICOM image', advice: asPng },
  qoi: { what: 'a QOI image', advice: asPng },
  dds: { what: 'a DDS texture', advice: asPng },
  metafile: { what: 'a Windows metafile', advice: asPng },
  zip: { what: 'a zip archive', advice: 'unpack it, and name the images in it' },
  gzip: { what: 'a gzip archive', advice: 'unpack it, and name the images in it' },
  rar: { what: 'a RAR archive', advice: 'unpack it, and name the images in it' },
  sevenZip: { what: 'a 7z archive', advice: 'unpack it, and name the images in it' },
  webPage: { what: 'a web page', advice: 'download the image itself' },
  numpy: { what: 'a NumPy array', advice: asPng },
} satisfies Record<string, FileKind>;

/** Texts at their offsets, as Latin-1. */
type Signature = Readonly<Record<number, string>>;

/** How files of a kind begin. */
const beginnings: readonly (readonly [FileKind, ...Signature[]])[] = [
  [kinds.raw, { 4: 'ftypcrx ' }, { 0: 'II*\0', 8: 'CR' }, { 0: 'FUJIFILMCCD-RAW' }, { 0: 'IIRO' }, { 0: 'IIRS' }, { 0: 'MMOR' }],
  [kinds.raw, { 0: 'IIU\0' }, { 0: 'FOVb' }, { 0: '\0MRM' }],
  [kinds.video, { 4: 'moov' }, { 4: 'mdat' }, { 4: 'wide' }, { 4: 'free' }, { 4: 'skip' }, { 0: '\x1A\x45\xDF\xA3' }],
  [kinds.video, { 0: 'RIFF', 8: 'AVI ' }, { 0: 'FLV\x01' }, { 0: '\0\0\x01\xB3' }, { 0: '\0\0\x01\xBA' }, { 0: '\x30\x26\xB2\x75' }],
  [kinds.video, { 0: 'OggS' }],
  [kinds.jpegXl, { 0: '\xFF\x0A' }, { 0: '\0\0\0\x0CJXL ' }],
  [kinds.jpeg2000, { 0: '\xFF\x4F\xFF\x51' }, { 0: '\0\0\0\x0CjP  ' }],
  [kinds.bitmap, { 0: 'BM' }],
  [kinds.icon, { 0: '\0\0\x01\0' }, { 0: '\0\0\x02\0' }],
  [kinds.photoshop, { 0: '8BPS' }],
  [kinds.gimp, { 0: 'gimp xcf' }],
  [kinds.pdf, { 0: '%PDF' }],
  [kinds.postScript, { 0: '%!PS' }, { 0: '\xC5\xD0\xD3\xC6' }],
  [kinds.netpbm, ...['1', '2', '3', '4', '5', '6', '7'].flatMap((n) => [{ 0: `P${n}\n` }, { 0: `P${n} ` }])],
  [kinds.openExr, { 0: '\x76\x2F\x31\x01' }],
  [kinds.radiance, { 0: '#?RADIANCE' }, { 0: '#?RGBE' }],
  [kinds.fits, { 0: 'SIMPLE  =' }],
  [kinds.dicom, { 128: 'DICM' }],
  [kinds.qoi, { 0: 'qoif' }],
  [kinds.dds, { 0: 'DDS ' }],
  [kinds.metafile, { 0: '\xD7\xCD\xC6\x9A' }, { 0: '\x01\0\0\0', 40: ' EMF' }],
  [kinds.zip, { 0: 'PK\x03\x04' }, { 0: 'PK\x05\x06' }],
  [kinds.gzip, { 0: '\x1F\x8B' }],
  [kinds.rar, { 0: 'Rar!\x1A' }],
  [kinds.sevenZip, { 0: '7z\xBC\xAF\x27\x1C' }],
  [kinds.numpy, { 0: '\x93NUMPY' }],
];

/** The kind of a file that could not be read as an image; undefined when its first bytes say nothing. */
export function kindOf(bytes: Uint8Array): FileKind | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString('latin1');
  const begins = (signature: Signature) => Object.entries(signature).every(([offset, text]) => start.startsWith(text, Number(offset)));
  const [kind] = beginnings.find(([, ...signatures]) => signatures.some(begins)) ?? [];
  return kind ?? containerKind(start) ?? (/<(?:!doctype html|html|head|body)\b/i.test(start) ? kinds.webPage : undefined);
}

/** The kind of a file in the ISO base media format (ISO/IEC 14496-12), which names its brands first: HEIC photographs and most videos. */
function containerKind(start: string): FileKind | undefined {
  if (start.slice(4, 8) !== 'ftyp') return undefined;
  const size = Math.min(start.length, ((start.charCodeAt(2) << 8) | start.charCodeAt(3)) >>> 0);
  const brands = [start.slice(8, 12), ...(start.slice(16, size).match(/.{4}/gs) ?? [])];
  if (brands.some((brand) => /^avi[fs]$/.test(brand))) return undefined; // AVIF can be read: this one is damaged
  return brands.some((brand) => /^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand)) ? kinds.heic : kinds.video;
}
