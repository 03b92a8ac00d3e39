// HDF5: the arrays of a file, by the paths of its groups. The format is read by the HDF5 library itself, compiled to WebAssembly (h5wasm, of NIST), which
// sees only a copy of the bytes. It is loaded when the first file is read.

import { checkBytes } from '../arguments.ts';
import type { DecodeOptions } from '../decode-options.ts';
import { checkDecodeOptions } from '../decode-options.ts';
import { FormatError, quote } from '../format-error.ts';
import { widenHalves } from '../half-floats.ts';
import { isHdf5 } from '../is-hdf5.ts';
import type { NamedArray, NamedArrayDtype } from '../named-array.ts';
import { ARRAY_TYPES, byteLength, checkByteOrder } from '../named-array.ts';

const LABEL = 'hdf5';

/** How deep groups may lie in each other, and how many groups and arrays are looked at: groups can contain themselves. */
const DEEPEST = 32;
const MOST_ENTRIES = 100_000;

/** What deflate can pack at most, and how many bytes a file without compression may claim. */
const MOST_INFLATED = 1032;

/** An array in a file, and the attributes of the group that it lies in. */
export interface Hdf5Array {
  readonly path: string;
  readonly array: NamedArray;
  /** The attribute `name` of the group, which Keras 3 gives to the variables of a layer. */
  readonly groupName: string | undefined;
}

/**
 * Reads the arrays of numbers in an HDF5 file. Names are paths without the first slash: `group/array`. Texts, records and references are left out, as are
 * soft and external links. float16 is widened to float32, which is exact.
 *
 * It needs the package `h5wasm`: `npm install h5wasm`.
 * @throws FormatError when the bytes are not such a file, or h5wasm is not installed
 */
export async function decodeHdf5(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Map<string, NamedArray>> {
  checkDecodeOptions(LABEL, options);
  const found = await readHdf5(bytes);
  return new Map(found.map(({ path, array }) => [path, options.keepHalves === true ? array : widenHalves(array)]));
}

/** Reads all arrays; floats of 16 bits are left as they are. */
export async function readHdf5(bytes: Uint8Array): Promise<Hdf5Array[]> {
  checkByteOrder(LABEL);
  checkBytes(LABEL, bytes);
  if (!isHdf5(bytes)) throw new FormatError(`${LABEL}: the file does not begin like HDF5`);
  if (failed) throw new FormatError(`${LABEL}: the HDF5 library failed on an earlier file; start the program again`);
  const library = await load();
  const module = await library.ready;
  const path = `/sinapse-${files++}.h5`;
  const messages = takeMessages(module);
  try {
    module.FS.writeFile(path, bytes);
    const file = new library.File(path, 'r');
    try {
      return arraysIn(library, module, file, bytes.length);
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    failed ||= error instanceof WebAssembly.RuntimeError;
    throw new FormatError(`${LABEL}: the file is broken: ${reasonIn(messages.read()) ?? String(error)}`, { cause: error });
  } finally {
    messages.stop();
    if (module.FS.analyzePath(path).exists) module.FS.unlink(path);
  }
}

/** Whether the library's memory is no longer to be trusted: it ran into a trap, which its own checks should have prevented. */
let failed = false;

/** What this file needs of the library's own file system: it prints what is wrong with a file to the stream 2. */
interface Printing {
  readonly streams: readonly { stream_ops: { write(stream: unknown, bytes: Uint8Array, offset: number, length: number): number } }[];
}

/** Collects what the library prints instead of printing it. */
function takeMessages(module: Module): { read(): string; stop(): void } {
  const errors = (module.FS as unknown as Printing).streams[2]!;
  const before = errors.stream_ops;
  let text = '';
  const write = (_: unknown, bytes: Uint8Array, offset: number, length: number): number => {
    if (text.length < MOST_PRINTED) text += new TextDecoder().decode(Uint8Array.from(bytes.subarray(offset, offset + length)));
    return length;
  };
  errors.stream_ops = { ...before, write };
  return { read: () => text, stop: () => void (errors.stream_ops = before) };
}

/** The most characters of the library's messages that are kept. */
const MOST_PRINTED = 10_000;

type Library = typeof import('h5wasm');
type Module = Awaited<Library['ready']>;
type Group = InstanceType<Library['Group']>;

/** How many files were read: each has a name of its own. */
let files = 0;

async function load(): Promise<Library> {
  try {
    return await import('h5wasm');
  } catch (error) {
    throw new FormatError(`${LABEL}: the package h5wasm is needed to read it; install it: npm install h5wasm`, { cause: error });
  }
}

function arraysIn(library: Library, module: Module, root: Group, fileLength: number): Hdf5Array[] {
  const found: Hdf5Array[] = [];
  let looked = 0;
  let held = 0;
  const visit = (group: Group, path: string, depth: number): void => {
    if (depth > DEEPEST) throw new FormatError(`${LABEL}: its groups lie more than ${DEEPEST} deep, or in each other`);
    const names = group.keys();
    for (const name of names) {
      if (++looked > MOST_ENTRIES) throw new FormatError(`${LABEL}: it has more than ${MOST_ENTRIES} groups and arrays`);
      const full = path === '' ? name : `${path}/${name}`;
      if (isLink(module, group, full)) continue;
      const entity = group.get(name);
      if (entity instanceof library.Group) visit(entity, full, depth + 1);
      if (!(entity instanceof library.Dataset)) continue;
      const { shape, type, size, signed } = entity.metadata;
      const dtype = dtypeOf(module, type, size, signed);
      if (shape === null || dtype === undefined) continue;
      const length = byteLength(dtype, shape);
      held += length ?? Infinity;
      if (length === undefined || held > MOST_INFLATED * fileLength)
        throw new FormatError(`${LABEL}: array ${quote(full)} of [${shape.join(',')}] cannot be in a file of ${fileLength} bytes`);
      found.push({ path: full, array: { dtype, shape, data: valuesOf(module, entity, dtype, length) }, groupName: nameOf(group) });
    }
  };
  visit(root, '', 0);
  return found;
}

/** Whether a name is a link: it may lead to where one was before, or out of the file. The library gives no text for what is none. */
function isLink(module: Module, group: Group, path: string): boolean {
  const target: unknown = module.get_symbolic_link(group.file_id, `/${path}`);
  const { filename }: { filename?: unknown } = module.get_external_link(group.file_id, `/${path}`);
  return typeof target === 'string' || typeof filename === 'string';
}

/** The dtype of numbers and of h5py's booleans; undefined for all else. */
function dtypeOf(module: Module, type: number, size: number, signed: boolean): NamedArrayDtype | undefined {
  const { H5T_INTEGER, H5T_FLOAT, H5T_ENUM } = module.H5T_class_t;
  const bits = 8 * size;
  const name =
    type === H5T_FLOAT.value
      ? `float${bits}`
      : type === H5T_INTEGER.value
        ? `${signed ? 'int' : 'uint'}${bits}`
        : type === H5T_ENUM.value && size === 1
          ? 'bool'
          : '';
  return Object.hasOwn(ARRAY_TYPES, name) ? (name as NamedArrayDtype) : undefined;
}

function valuesOf(
  module: Module,
  { file_id, path }: InstanceType<Library['Dataset']>,
  dtype: NamedArrayDtype,
  length: number,
): NamedArray['data'] {
  const Type = ARRAY_TYPES[dtype];
  if (length === 0) return new Type(new ArrayBuffer(0));
  const address = module._malloc(length);
  if (address === 0) throw new FormatError(`${LABEL}: array ${quote(path)} of ${length} bytes is more than memory holds`);
  try {
    if (module.get_dataset_data(file_id, path, null, null, null, BigInt(address)) < 0)
      throw new FormatError(`${LABEL}: array ${quote(path)} cannot be read`);
    return new Type(Uint8Array.from(module.HEAPU8.subarray(address, address + length)).buffer); // in this machine's byte order
  } finally {
    module._free(address);
  }
}

function nameOf(group: Group): string | undefined {
  if (!Object.hasOwn(group.attrs, 'name')) return undefined;
  const name = group.attrs['name']!.value;
  return typeof name === 'string' ? name : undefined;
}

/** The innermost of the messages that HDF5 prints as a stack. */
function reasonIn(messages: string): string | undefined {
  const lines = messages.split('\n').filter((line) => /^\s*#\d+:/.test(line));
  return lines.at(-1)?.replace(/^.*\(\): /, '').trim(); // prettier-ignore
}
