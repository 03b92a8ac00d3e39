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

/** How files of a kind begin, read as Latin-1. */
const beginnings: readonly (readonly [RegExp, FileKind])[] = [
  [/^.{4}ftyp(?:crx )/s, kinds.raw],
  [/^.{4}(?:moov|mdat|wide|free|skip)/s, kinds.video],
  [/^\x1A\x45\xDF\xA3/, kinds.video],
  [/^RIFF.{4}AVI /s, kinds.video],
  [/^(?:FLV\x01|\x00\x00\x01[\xB3\xBA]|\x30\x26\xB2\x75|OggS)/, kinds.video],
  [/^(?:II\*\x00.{4}CR|FUJIFILMCCD-RAW|IIR[OS]|MMOR|IIU\x00|FOVb|\x00MRM)/s, kinds.raw],
  [/^(?:\xFF\x0A|\x00{3}\x0CJXL )/, kinds.jpegXl],
  [/^(?:\xFF\x4F\xFF\x51|\x00{3}\x0CjP {2})/, kinds.jpeg2000],
  [/^BM.{8}/s, kinds.bitmap],
  [/^\x00\x00[\x01\x02]\x00/, kinds.icon],
  [/^8BPS/, kinds.photoshop],
  [/^gimp xcf/, kinds.gimp],
  [/^%PDF/, kinds.pdf],
  [/^(?:%!PS|\xC5\xD0\xD3\xC6)/, kinds.postScript],
  [/^P[1-7]\s/, kinds.netpbm],
  [/^\x76\x2F\x31\x01/, kinds.openExr],
  [/^#\?R(?:ADIANCE|GBE)/, kinds.radiance],
  [/^SIMPLE {2}=/, kinds.fits],
  [/^.{128}DICM/s, kinds.dicom],
  [/^qoif/, kinds.qoi],
  [/^DDS /, kinds.dds],
  [/^(?:\xD7\xCD\xC6\x9A|\x01\x00\x00\x00.{36} EMF)/s, kinds.metafile],
  [/^PK(?:\x03\x04|\x05\x06)/, kinds.zip],
  [/^\x1F\x8B/, kinds.gzip],
  [/^Rar!\x1A/, kinds.rar],
  [/^7z\xBC\xAF\x27\x1C/, kinds.sevenZip],
  [/^(?:\xEF\xBB\xBF)?[\t\n\f\r ]{0,64}<(?:!doctype html|html|head|body)\b/i, kinds.webPage],
  [/^\x93NUMPY/, kinds.numpy],
];

/** The kind of a file that could not be read as an image; undefined when its first bytes say nothing. */
export function kindOf(bytes: Uint8Array): FileKind | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString('latin1');
  return beginnings.find(([beginning]) => beginning.test(start))?.[1] ?? containerKind(start);
}

/** The kind of a file in the ISO base media format (ISO/IEC 14496-12), which names its brands first: HEIC photographs and most videos. */
function containerKind(start: string): FileKind | undefined {
  if (start.slice(4, 8) !== 'ftyp') return undefined;
  const size = Math.min(start.length, ((start.charCodeAt(2) << 8) | start.charCodeAt(3)) >>> 0);
  const brands = [start.slice(8, 12), ...(start.slice(16, size).match(/.{4}/gs) ?? [])];
  if (brands.some((brand) => /^avi[fs]$/.test(brand))) return undefined; // AVIF can be read: this one is damaged
  return brands.some((brand) => /^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand)) ? kinds.heic : kinds.video;
}
