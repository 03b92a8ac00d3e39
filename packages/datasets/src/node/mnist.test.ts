import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createSocket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageSet } from '../images/image-set.ts';
import { MNIST_MIRRORS, mnist } from './mnist.ts';
import type { MnistOptions } from './mnist.ts';

const real = join(process.env['SINAPSE_DATA'] ?? '', 'mnist');
const withoutMnist = !existsSync(join(real, 't10k-images-idx3-ubyte.gz'));

const IMAGES = 'train-images-idx3-ubyte';
const LABELS = 'train-labels-idx1-ubyte';
const ADVICE = 'put the four MNIST files in a folder DIR and pass --data-dir DIR';

function images(count: number, side = 28): Uint8Array {
  const bytes = new Uint8Array(16 + count * side * side).fill(7, 16);
  bytes.set([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, side, 0, 0, 0, side]);
  return bytes;
}

function labels(...values: number[]): Uint8Array {
  return Uint8Array.of(0, 0, 8, 1, 0, 0, 0, values.length, ...values);
}

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sinapse-mnist-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const put = (name: string, bytes: Uint8Array | string): Promise<void> => writeFile(join(dir, name), bytes);

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error: Error = await promise.then(
    () => expect.unreachable('expected an error'),
    (reason: Error) => reason,
  );
  expect(error.name).toBe('SinapseError');
  expect(error.message).not.toContain('\n');
  return error.message;
}

describe('mnist from a folder', () => {
  it('reads compressed and plain files, and the names with a dot', async () => {
    for (const [imagesName, labelsName] of [
      [`${IMAGES}.gz`, `${LABELS}.gz`],
      [IMAGES, LABELS],
      ['train-images.idx3-ubyte', 'train-labels.idx1-ubyte'],
    ] as const) {
      const pack = imagesName.endsWith('.gz') ? gzipSync : (bytes: Uint8Array) => bytes;
      await put(imagesName, pack(images(3)));
      await put(labelsName, pack(labels(4, 0, 9)));
      const set = await mnist({ dir });
      expect([set.height, set.width, set.channels, set.images.length, [...set.labels]]).toEqual([28, 28, 1, 3 * 784, [4, 0, 9]]);
      expect(set.images.constructor).toBe(Uint8Array);
      await rm(join(dir, imagesName));
      await rm(join(dir, labelsName));
    }
  });

  it('looks in its folder mnist as well', async () => {
    await mkdir(join(dir, 'mnist'));
    await put(join('mnist', 't10k-images-idx3-ubyte'), images(1));
    await put(join('mnist', 't10k-labels-idx1-ubyte'), labels(1));
    expect((await mnist({ dir, split: 'test' })).labels).toEqual(Uint8Array.of(1));
  });

  it('says when the folder is missing, a file, or without the files', async () => {
    expect(await messageOf(mnist({ dir: join(dir, 'nowhere') }))).toBe(
      `mnist: there is no folder ${join(dir, 'nowhere')}; ${ADVICE} (in code: dir)`,
    );
    expect(await messageOf(mnist({ dir }))).toContain(`mnist: ${dir} has no ${IMAGES}.gz; ${ADVICE}`);
    await put(IMAGES, images(1));
    expect(await messageOf(mnist({ dir }))).toContain(`${dir} has no ${LABELS}.gz`);
    expect(await messageOf(mnist({ dir: join(dir, IMAGES) }))).toContain('is a file, expected a folder');
  });

  it.each<[string, Uint8Array | string, Uint8Array, string]>([
    ['a truncated gzip', gzipSync(images(3)).subarray(0, 40), labels(1, 2, 3), 'is cut off: the gzip data ends too early'],
    ['a damaged gzip', gzipSync(images(3)).fill(255, 12, 30), labels(1, 2, 3), 'is damaged'],
    ['an empty file', '', labels(1), 'is empty'],
    ['a text file', 'Dear reader, this is no image', labels(1), "is not an IDX file: it starts with the text 'Dear reader,'"],
    ['a wrong magic number', images(1).fill(9, 0, 4), labels(1), 'is not an IDX file: it starts with 09 09 09 09, expected 00 00 08'],
    [
      'fewer images than the header says',
      images(3).subarray(0, -1),
      labels(1, 2, 3),
      'is cut off: its header [3, 28, 28] asks for 2352 bytes',
    ],
    ['labels of another length', images(3), labels(1, 2), `has 3 images, but`],
    ['a label 255', images(2), labels(1, 255), 'has label 255 at index 1, expected 0 to 9'],
    ['images of another size', images(1, 10), labels(1), 'has images of 10x10 pixels, expected 28x28'],
    ['labels as images', labels(1, 2), labels(1, 2), 'has 1 dimension [2], images have 3'],
    ['a gzip bomb', gzipSync(new Uint8Array(130 * 2 ** 20), { level: 1 }), labels(1), 'unpacks to more than 134217728 bytes'],
  ])('says in one line what is wrong with %s', async (_, imageFile, labelFile, message) => {
    await put(`${IMAGES}.gz`, imageFile);
    await put(LABELS, labelFile);
    const said = await messageOf(mnist({ dir }));
    expect(said).toContain(`mnist: ${dir}`);
    expect(said).toContain(message);
  });

  it.skipIf(!existsSync('/dev/zero'))('says when a device stands where a file should', async () => {
    await symlink('/dev/zero', join(dir, IMAGES));
    expect(await messageOf(mnist({ dir }))).toBe(`mnist: ${join(dir, IMAGES)} is a device, expected a file`);
  });

  it.skipIf(process.platform === 'win32')('says when a pipe or a socket stands where a file should', async () => {
    const path = join(dir, `${IMAGES}.gz`);
    execFileSync('mkfifo', [path]);
    expect(await messageOf(mnist({ dir }))).toBe(`mnist: ${path} is a pipe, expected a file`);
    await rm(path);
    const server = createSocket().listen(path);
    await once(server, 'listening');
    try {
      expect(await messageOf(mnist({ dir }))).toBe(`mnist: ${path} is a socket, expected a file`);
    } finally {
      server.close();
    }
  });

  it('says when a folder stands where a file should', async () => {
    await mkdir(join(dir, `${IMAGES}.gz`));
    expect(await messageOf(mnist({ dir }))).toBe(`mnist: ${join(dir, `${IMAGES}.gz`)} is a folder, expected a file`);
  });

  it('says when a file cannot be read', async () => {
    await put(IMAGES, images(1));
    await put(LABELS, labels(1));
    await chmod(dir, 0o755);
    await chmod(join(dir, IMAGES), 0o000);
    await asOrdinaryUser(async () => {
      expect(await messageOf(mnist({ dir }))).toBe(`mnist: cannot read ${join(dir, IMAGES)}: permission denied; make it readable for you`);
    });
    await rm(join(dir, IMAGES));
    await symlink(join(dir, IMAGES), join(dir, IMAGES)); // a link to itself
    expect(await messageOf(mnist({ dir }))).toContain(`cannot read ${join(dir, IMAGES)}: ELOOP`);
  });

  it('refuses an unknown split', async () => {
    expect(await messageOf(mnist({ dir, split: 'valid' as never }))).toBe('mnist: split: expected one of train, test, got "valid"');
  });
});

const hash = ({ images, labels }: ImageSet): string => createHash('sha256').update(images).update(labels).digest('hex');

/** Runs `work` as an ordinary user: in containers tests run as root, which file permissions do not bind. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid!(65534);
  try {
    await work();
  } finally {
    process.seteuid!(0);
  }
}

describe('mnist from the network', () => {
  const servers: Server[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) server.closeAllConnections();
  });

  /** Serves the files of a folder; counts the requests. */
  async function serve(folder: string): Promise<{ url: string; requests: string[]; stop: () => void }> {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(request.url!);
      readFile(join(folder, request.url!)).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const stop = (): void => {
      server.closeAllConnections();
      server.close();
    };
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests, stop };
  }

  it('knows two mirrors', () => {
    expect(MNIST_MIRRORS.map((mirror) => new URL(mirror).protocol)).toEqual(['https:', 'https:']);
  });

  it('says what to do when no mirror has the files', async () => {
    const { url } = await serve(dir);
    const said = await messageOf(mnist({ cacheDir: dir, mirrors: [url, 'http://127.0.0.1:1'] }));
    expect(said).toMatch(
      /^mnist: could not download train-images-idx3-ubyte\.gz \(127\.0\.0\.1:\d+: HTTP 404; 127\.0\.0\.1:1: .+\); put the four/,
    );
    expect(await readdir(join(dir, 'mnist'))).toEqual([]);
  });

  it('does not take other data for MNIST', async () => {
    await put(`${IMAGES}.gz`, gzipSync(images(2)));
    const { url } = await serve(dir);
    expect(await messageOf(mnist({ cacheDir: dir, mirrors: [url] }))).toContain('sent a file with other content');
    expect(await readdir(join(dir, 'mnist'))).toEqual([]);
  });

  it('does not download when told not to', async () => {
    expect(await messageOf(mnist({ cacheDir: dir, download: false }))).toMatch(
      /^mnist: .+ is not there or damaged, and downloading is off; put the four/,
    );
    expect(await readdir(dir)).toEqual([]);
  });

  it('says when the cache cannot be written', async () => {
    await put('plain', '');
    const said = await messageOf(mnist({ cacheDir: join(dir, 'plain'), mirrors: ['http://127.0.0.1:1'] }));
    expect(said).toBe(
      `mnist: cannot write in ${join(dir, 'plain', 'mnist')} (ENOTDIR); set SINAPSE_CACHE to a folder that you can write, or ${ADVICE} (in code: dir)`,
    );
    await chmod(dir, 0o555);
    await asOrdinaryUser(async () => {
      expect(await messageOf(mnist({ cacheDir: dir, mirrors: ['http://127.0.0.1:1'] }))).toContain('(EACCES); set SINAPSE_CACHE');
    });
    await chmod(dir, 0o755);
  });

  it('rejects with the reason of an abort', async () => {
    const reason = new Error('stop');
    await expect(mnist({ cacheDir: dir, mirrors: ['http://127.0.0.1:1'], signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it.skipIf(withoutMnist)(
    'downloads once, verifies what the cache has, and replaces it when it is damaged (needs the MNIST files)',
    async () => {
      const { url, requests, stop } = await serve(real);
      const options = { split: 'test', cacheDir: dir, mirrors: [url] } as const;
      const progress: string[] = [];
      const read = async (more: MnistOptions = {}): Promise<string> => hash(await mnist({ ...options, ...more }));
      const first = await read({ onProgress: ({ file }) => progress.push(file) });
      expect(requests).toHaveLength(2);
      expect(new Set(progress)).toEqual(new Set(['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz']));
      expect(await read()).toBe(first);
      expect(requests).toHaveLength(2);

      await writeFile(join(dir, 'mnist', 't10k-labels-idx1-ubyte.gz'), 'damaged');
      expect(await read()).toBe(first);
      expect(requests).toHaveLength(3);

      stop();
      expect(await read({ download: false })).toBe(first);
      expect((await readdir(join(dir, 'mnist'))).sort()).toEqual(['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz']);
    },
  );
});

describe('the real MNIST', () => {
  it.skipIf(withoutMnist)('has the published sizes, labels and mean (needs the MNIST files)', async () => {
    const train = await mnist({ dir: real });
    const test = await mnist({ dir: real, split: 'test' });
    expect([train.images.length, test.images.length]).toEqual([60_000 * 784, 10_000 * 784]);
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    let sum = 0;
    for (const pixel of train.images) sum += pixel;
    expect(sum / train.images.length / 255).toBeCloseTo(0.1307, 4);
  });
});
