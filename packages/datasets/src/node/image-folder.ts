// Images in folders, a class each: `cats/*.jpg`, `dogs/*.jpg`; or one folder with a table of labels.

import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';
import type { Check, OptionChecks } from '@sinapse/core';
import type { Dirent } from 'node:fs';
import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, resolve, sep } from 'node:path';
import { columnOf } from '../tables/table.ts';
import { decodeText } from '../tables/decode-text.ts';
import { decodeFile } from './decode-file.ts';
import { readTable } from './read-table.ts';

/** A file that was left out, and why. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

/** The images of a folder by class. Nothing is decoded yet. */
export interface ImageFolder {
  readonly root: string;
  readonly classNames: readonly string[];
  /** Paths of the images, in a fixed order. */
  readonly files: readonly string[];
  /** The class of each file. */
  readonly labels: Int32Array;
  readonly skipped: readonly SkippedFile[];
}

export interface ImageFolderOptions {
  /** A CSV, TSV, JSON lines or Parquet file with a row for each image, in place of folders as classes. */
  readonly labels?: string;
  /** Its column of file names, relative to the folder. @default the first */
  readonly fileColumn?: string;
  /** Its column of classes. @default the second */
  readonly labelColumn?: string;
  /** A file that names the classes' folders, a line each: `n01440764 tench, Tinca tinca`. @default `LOC_synset_mapping.txt` or `synset_words.txt` beside the folders */
  readonly synsets?: string;
  /** The classes and their order, for a test folder that must have those of the training folder. @default all that there are, sorted */
  readonly classNames?: readonly string[];
  /** With `'skip'`, each image is decoded once, and those that cannot be are listed as skipped; it needs sharp. @default 'keep' */
  readonly unreadable?: 'keep' | 'skip';
  /** Most images. @default 10,000,000 */
  readonly maxFiles?: number;
}

const IMAGE_FOLDER: Check = {
  expected: 'the images of a folder, of imageFolder',
  accepts: (value) => typeof value === 'object' && value !== null && 'files' in value && Array.isArray(value.files) && 'labels' in value,
};

/** @throws SinapseError unless the value is what `imageFolder` gives */
export function checkImageFolder(owner: string, folder: ImageFolder): void {
  checkValue(owner, folder, IMAGE_FOLDER);
}

const PATH: Check = { expected: 'the path of a file', accepts: (value) => typeof value === 'string' && value !== '' };
const NAMES: Check = {
  expected: 'a list of names',
  accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
};
const FOLDER: OptionChecks<ImageFolderOptions> = {
  labels: PATH,
  fileColumn: PATH,
  labelColumn: PATH,
  synsets: PATH,
  classNames: NAMES,
  unreadable: check.oneOf(['keep', 'skip']),
  maxFiles: check.count,
};

const ENDINGS: ReadonlySet<string> = new Set(['.jpg', '.jpeg', '.jpe', '.jfif', '.png', '.webp', '.gif', '.tif', '.tiff']);
const SYNSETS: readonly string[] = ['LOC_synset_mapping.txt', 'synset_words.txt'];
const MOST_FILES = 10_000_000;

/**
 * Lists the images of a folder: a class for each of its subfolders (with all that lies below it), or for each class of a table of labels.
 * Hidden files are ignored; other files that are no images by their name, and links that lead out of the folder, are listed as skipped.
 * @throws SinapseError when there is no such folder, it has no images, or a table names a file outside it or none
 * @example
 * const folder = await imageFolder('./photos');
 * console.log(folder.classNames, folder.files.length, folder.skipped);
 */
export async function imageFolder(root: string, options: ImageFolderOptions = {}): Promise<ImageFolder> {
  checkValue('imageFolder', root, { expected: 'the path of a folder', accepts: (value) => typeof value === 'string' && value !== '' });
  checkOptions('imageFolder', options, FOLDER);
  const found = await stat(root).catch(() => undefined);
  if (found === undefined) throw new SinapseError(`imageFolder: there is no folder ${root}`);
  if (!found.isDirectory()) throw new SinapseError(`imageFolder: ${root} is a file, expected a folder`);
  const listing = new Listing(await realpath(root), options.maxFiles ?? MOST_FILES);
  const listed =
    options.labels === undefined ? await byFolder(root, listing, options) : await byTable(root, listing, options, options.labels);
  const labelled = options.unreadable === 'skip' ? await readableOf(listed, listing) : listed;
  if (labelled.length === 0) {
    const hint = listing.skipped.length > 0 ? `; ${listing.skipped.length} files were skipped, e.g. ${relative(root, listing.skipped[0]!.path)}, which ${listing.skipped[0]!.reason}` : '; expected a subfolder for each class, with its images'; // prettier-ignore
    throw new SinapseError(`imageFolder: ${root} has no images${hint}`);
  }
  const names = options.classNames ?? [...new Set(labelled.map(({ className }) => className))].sort((a, b) => (a < b ? -1 : 1));
  const places = new Map(names.map((name, i) => [name, i]));
  const labels = Int32Array.from(labelled, ({ path, className }) => {
    const place = places.get(className);
    if (place === undefined)
      throw new SinapseError(
        `imageFolder: ${relative(root, path)} has class ${JSON.stringify(className.slice(0, 80))}, which is none of classNames`,
      );
    return place;
  });
  return { root, classNames: names, files: labelled.map(({ path }) => path), labels, skipped: listing.skipped };
}

interface LabelledFile {
  readonly path: string;
  readonly className: string;
}

/** Files that are decoded at the same time. */
const AT_ONCE = 16;

/** The files that can be decoded; the others are skipped. */
async function readableOf(files: readonly LabelledFile[], listing: Listing): Promise<LabelledFile[]> {
  const readable: LabelledFile[] = [];
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const some = files.slice(start, start + AT_ONCE);
    const pictures = await Promise.all(some.map(({ path }) => decodeFile(path, {})));
    some.forEach((file, i) => {
      const picture = pictures[i]!;
      if (typeof picture === 'string') listing.skip(file.path, `cannot be read: ${picture}`);
      else readable.push(file);
    });
  }
  return readable;
}

/** Collects images, and what is skipped. */
class Listing {
  readonly root: string;
  readonly skipped: SkippedFile[] = [];
  private readonly most: number;
  private count = 0;

  constructor(root: string, most: number) {
    this.root = root;
    this.most = most;
  }

  /** The images of a folder and of the folders in it, in the order of their names. */
  async images(folder: string): Promise<string[]> {
    const paths: string[] = [];
    const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'Thumbs.db') continue;
      if (entry.isDirectory()) paths.push(...(await this.images(path)));
      else if (await this.isImage(path, entry)) paths.push(path);
    }
    return paths;
  }

  async isImage(path: string, entry: Dirent): Promise<boolean> {
    if (!ENDINGS.has(extname(entry.name).toLowerCase())) return this.skip(path, 'is no image by its name');
    if (entry.isSymbolicLink() && !(await this.isInside(path)))
      return this.skip(path, 'is a link that leads out of the folder, or nowhere');
    if (!entry.isFile() && !entry.isSymbolicLink()) return this.skip(path, 'is no regular file');
    if (++this.count > this.most) throw new SinapseError(`imageFolder: more than ${this.most.toLocaleString('en-US')} images`);
    return true;
  }

  /** Whether a path, after all links, is a file within the folder. */
  async isInside(path: string): Promise<boolean> {
    const real = await realpath(path).catch(() => undefined);
    return real !== undefined && real.startsWith(this.root + sep) && (await stat(real)).isFile();
  }

  skip(path: string, reason: string): false {
    this.skipped.push({ path, reason });
    return false;
  }
}

async function byFolder(root: string, listing: Listing, options: ImageFolderOptions): Promise<LabelledFile[]> {
  const entries = (await readdir(root, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const synsetFile = options.synsets ?? entries.map(({ name }) => name).filter((name) => SYNSETS.includes(name)).map((name) => join(root, name))[0]; // prettier-ignore
  const synsets = synsetFile === undefined ? undefined : await readSynsets(synsetFile);
  const labelled: LabelledFile[] = [];
  for (const entry of entries) {
    const path = join(root, entry.name);
    if (entry.name.startsWith('.') || path === synsetFile) continue;
    if (!entry.isDirectory()) {
      listing.skip(path, 'lies beside the folders of the classes');
      continue;
    }
    const className = synsets?.get(entry.name) ?? entry.name;
    for (const image of await listing.images(path)) labelled.push({ path: image, className });
  }
  return labelled;
}

/** The names of ImageNet's folders: of several synonyms all are kept, so that names differ. */
async function readSynsets(path: string): Promise<Map<string, string>> {
  const bytes = await readFile(path).catch(() => {
    throw new SinapseError(`imageFolder: there is no file ${path}`);
  });
  const names = new Map<string, string>();
  for (const line of decodeText(bytes).split(/\r?\n/)) {
    const [, folder, name] = /^(\S+)\s+(.+)$/.exec(line.trim()) ?? [];
    if (folder !== undefined && name !== undefined) names.set(folder, name);
  }
  return names;
}

async function byTable(root: string, listing: Listing, options: ImageFolderOptions, path: string): Promise<LabelledFile[]> {
  // What the table says is taken as words: class 1 of a column of numbers is the word 1.
  const header = await readTable(path);
  const [first, second] = [options.fileColumn ?? header.columns[0]!.name, options.labelColumn ?? header.columns[1]?.name];
  if (second === undefined)
    throw new SinapseError(`imageFolder: ${path} has one column, expected a column of file names and one of classes`);
  const table = await readTable(path, { kinds: { [first]: 'text', [second]: 'text' } });
  const [files, classes] = [columnOf(table, first).values as string[], columnOf(table, second).values as string[]];
  const labelled: LabelledFile[] = [];
  for (let row = 0; row < table.rows; row++) {
    const name = files[row];
    if (name === undefined) throw new SinapseError(`imageFolder: ${path} has no file name in row ${row + 1}`);
    const file = resolve(root, name);
    const place = `${JSON.stringify(name.slice(0, 80))} of row ${row + 1} of ${path}`;
    if (name.includes('\0') || !file.startsWith(resolve(root) + sep))
      throw new SinapseError(`imageFolder: ${place} leads out of the folder`);
    if (classes[row] === undefined) listing.skip(file, 'has no class in the table');
    else if (!(await listing.isInside(file))) listing.skip(file, 'is in the table, but not in the folder');
    else labelled.push({ path: file, className: classes[row]! });
  }
  return labelled;
}
