// Downloads from a local server that fails as servers and networks do.

import { hostBits24, randomKey } from '@sinapse/core';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloadFile } from './download.ts';
import type { DownloadOptions, RemoteFile } from './download.ts';

const hash = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes that gzip cannot make smaller. */
const CONTENT = Uint8Array.from(hostBits24(randomKey(1), 100_000));
const GZIPPED = gzipSync(CONTENT);
/** A gzip file of 20 kB that unpacks to 20 MB. */
const BOMB = gzipSync(new Uint8Array(20_000_000));
const FILE: RemoteFile = { name: 'data.gz', sha256: hash(CONTENT), size: CONTENT.length };

type Answer = (request: IncomingMessage, response: ServerResponse, from: number) => void;

/** Sends the file from byte `from` on. */
function send(response: ServerResponse, from: number, { body = GZIPPED, etag = '"v1"' }: { body?: Uint8Array; etag?: string } = {}): void {
  response.setHeader('etag', etag);
  if (from > 0) response.writeHead(206, { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` });
  else response.setHeader('content-length', body.length);
  response.end(body.subarray(from));
}

/** Announces the whole file, sends `count` bytes of it, and closes the connection. */
function breakOff(response: ServerResponse, from: number, count: number, etag = '"v1"'): void {
  response.writeHead(from > 0 ? 206 : 200, {
    etag,
    'content-length': GZIPPED.length - from,
    ...(from > 0 && { 'content-range': `bytes ${from}-${GZIPPED.length - 1}/${GZIPPED.length}` }),
  });
  response.write(GZIPPED.subarray(from, from + count), () => setTimeout(() => response.destroy(), 30));
}

const servers: Server[] = [];
let directory: string;

/** Serves one answer per request, in order, then repeats the last one. Returns the address and the ranges that were requested. */
async function serve(...answers: Answer[]): Promise<{ url: string; ranges: (string | undefined)[] }> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(ranges.length, answers.length - 1)]!;
    ranges.push(request.headers.range);
    answer(request, response, Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/files`, ranges };
}

const good: Answer = (_, response, from) => send(response, from);

function download(mirrors: string[], options: Partial<DownloadOptions> = {}): Promise<Uint8Array> {
  return downloadFile(FILE, { directory, mirrors, stallMs: 400, ...options });
}

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'sinapse-download-')), 'cache');
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(join(directory, '..'), { recursive: true, force: true });
});

const files = async (): Promise<string[]> => (await readdir(directory)).sort();
const parts = async (): Promise<string[]> => (await files()).filter((name) => name.endsWith('.part'));

describe('downloadFile', () => {
  it('downloads, verifies, keeps the file under its name, and reports progress', async () => {
    const { url } = await serve(good);
    const progress: [number, number | undefined][] = [];
    const content = await download([url], { onProgress: ({ received, total }) => progress.push([received, total]) });
    expect(hash(content)).toBe(FILE.sha256);
    expect(await files()).toEqual(['data.gz']);
    expect(await readFile(join(directory, 'data.gz'))).toEqual(GZIPPED);
    expect(progress.at(-1)).toEqual([GZIPPED.length, GZIPPED.length]);
  });

  it('takes the content uncompressed as well: the hash is of what is inside', async () => {
    const { url } = await serve((_, response) => response.end(CONTENT));
    expect(hash(await download([url]))).toBe(FILE.sha256);
  });

  it('lets the server decompress', async () => {
    const { url } = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip', etag: '"v1"' }).end(GZIPPED));
    expect(hash(await download([url]))).toBe(FILE.sha256);
  });

  it('continues where the connection broke, as long as something comes', async () => {
    const { url, ranges } = await serve(
      (_, response, from) => breakOff(response, from, 30_000),
      (_, response, from) => breakOff(response, from, 20_000),
      good,
    );
    expect(hash(await download([url]))).toBe(FILE.sha256);
    expect(ranges).toEqual([undefined, 'bytes=30000-', 'bytes=50000-']);
    expect(await files()).toEqual(['data.gz']);
  });

  it('goes on to the next mirror, and begins there anew: its bytes may differ', async () => {
    const broken = await serve(
      (_, response, from) => breakOff(response, from, 30_000),
      (_, response) => response.destroy(),
    );
    const other = await serve((_, response, from) => send(response, from, { body: gzipSync(CONTENT, { level: 1 }) }));
    expect(hash(await download([broken.url, other.url]))).toBe(FILE.sha256);
    expect(other.ranges).toEqual([undefined]);
    expect(await files()).toEqual(['data.gz']); // the first mirror's part is deleted too
  });

  it('keeps the part when all mirrors fail, and continues it the next time', async () => {
    const broken = await serve(
      (_, response, from) => breakOff(response, from, 30_000),
      (_, response) => response.writeHead(503).end(),
      good,
    );
    await expect(download([broken.url])).rejects.toThrow(/^could not download data\.gz \(127\.0\.0\.1:\d+: HTTP 503\)$/);
    expect(await parts()).toHaveLength(1);
    expect(hash(await download([broken.url]))).toBe(FILE.sha256);
    expect(broken.ranges.at(-1)).toBe('bytes=30000-');
    expect(await files()).toEqual(['data.gz']);
  });

  it('begins anew when the server ignores the range', async () => {
    const { url, ranges } = await serve(
      (_, response, from) => breakOff(response, from, 30_000),
      (_, response) => send(response, 0),
    );
    expect(hash(await download([url]))).toBe(FILE.sha256);
    expect(ranges).toEqual([undefined, 'bytes=30000-']);
  });

  it('begins anew when the file has changed on the server', async () => {
    const changed = gzipSync(CONTENT, { level: 2 });
    const { url, ranges } = await serve(
      (_, response, from) => breakOff(response, from, 30_000),
      (_, response, from) => send(response, from, { body: changed, etag: '"v2"' }),
    );
    expect(hash(await download([url]))).toBe(FILE.sha256);
    expect(ranges).toEqual([undefined, 'bytes=30000-', undefined]);
  });

  it('begins anew when the server cannot give the range, or another one than asked for', async () => {
    for (const second of [
      (_: IncomingMessage, response: ServerResponse) => response.writeHead(416, { etag: '"v1"' }).end(),
      (_: IncomingMessage, response: ServerResponse) =>
        response.writeHead(206, { etag: '"v1"', 'content-range': 'bytes 5-9/10' }).end(GZIPPED.subarray(5, 10)),
    ]) {
      const { url, ranges } = await serve((_, response, from) => breakOff(response, from, 30_000), second, good);
      expect(hash(await download([url]))).toBe(FILE.sha256);
      expect(ranges).toEqual([undefined, 'bytes=30000-', undefined]);
    }
  });

  it('does not continue what has no version, or only a weak one', async () => {
    for (const headers of [{}, { etag: 'W/"v1"' }]) {
      const { url, ranges } = await serve((_, response) => {
        response.writeHead(200, { ...headers, 'content-length': GZIPPED.length });
        response.write(GZIPPED.subarray(0, 30_000), () => setTimeout(() => response.destroy(), 30));
      }, good);
      await expect(download([url])).rejects.toThrow('could not download');
      expect(await files()).toEqual([]);
      await download([url]);
      expect(ranges).toEqual([undefined, undefined]);
      await rm(join(directory, 'data.gz'));
    }
  });

  it('drops wrong bytes and says so', async () => {
    const { url } = await serve((_, response, from) => send(response, from, { body: gzipSync(CONTENT.map((byte) => byte ^ 1)) }));
    await expect(download([url])).rejects.toThrow('sent a file with other content');
    expect(await files()).toEqual([]);
  });

  it('drops a part whose bytes prove wrong at the end, and begins anew', async () => {
    const { url, ranges } = await serve(
      (_, response, from) => breakOff(response, from, 30_000),
      (_, response) => response.writeHead(500).end(),
      good,
    );
    await expect(download([url])).rejects.toThrow('HTTP 500');
    const [part] = await parts();
    await writeFile(join(directory, part!), new Uint8Array(30_000).fill(7));
    expect(hash(await download([url]))).toBe(FILE.sha256);
    expect(ranges.slice(2)).toEqual(['bytes=30000-', undefined]);
  });

  it.each([
    [
      'a page instead of the file',
      (_: unknown, response: ServerResponse) => response.end('<html>Log in to the network</html>'),
      'other content',
    ],
    ['an empty answer', (_: unknown, response: ServerResponse) => response.end(), 'other content'],
    ['404', (_: unknown, response: ServerResponse) => response.writeHead(404).end('not here'), 'HTTP 404'],
    ['500', (_: unknown, response: ServerResponse) => response.writeHead(500).end(), 'HTTP 500'],
    ['a truncated gzip without a length', (_: unknown, response: ServerResponse) => response.end(GZIPPED.subarray(0, 50_000)), 'cut off'],
    [
      'more than the file can have',
      (_: unknown, response: ServerResponse) => response.end(new Uint8Array(10_000_000)),
      'sent more than the',
    ],
    ['a gzip bomb', (_: unknown, response: ServerResponse) => response.end(BOMB), 'unpacks to more than 100000 bytes'],
    ['nothing at all', () => undefined, 'nothing came for 0.4 s'],
    [
      'a stall in the middle',
      (_: unknown, response: ServerResponse) => response.writeHead(200, { 'content-length': 99_999 }).write('x'),
      'nothing came for 0.4 s',
    ],
  ] as [string, Answer, string][])('uses the second mirror when the first sends %s', async (_, answer, message) => {
    const first = await serve(answer);
    await expect(download([first.url])).rejects.toThrow(message);
    expect(await files()).toEqual([]);
    const second = await serve(good);
    expect(hash(await download([first.url, second.url]))).toBe(FILE.sha256);
    expect(await files()).toEqual(['data.gz']);
  });

  it('continues after a stall', async () => {
    const { url, ranges } = await serve((_, response) => {
      response.writeHead(200, { etag: '"v1"', 'content-length': GZIPPED.length }).write(GZIPPED.subarray(0, 40_000));
    }, good);
    expect(hash(await download([url]))).toBe(FILE.sha256);
    expect(ranges).toEqual([undefined, 'bytes=40000-']);
  });

  it('gives a mirror up that breaks off again and again', async () => {
    const { url, ranges } = await serve((_, response, from) => breakOff(response, from, 100));
    await expect(download([url])).rejects.toThrow('could not download');
    expect(ranges).toHaveLength(5);
  });

  it('names each mirror and its reason in one line', async () => {
    const first = await serve((_, response) => response.writeHead(404).end());
    const error: Error = await download([first.url, 'http://127.0.0.1:1/', 'http://no-such-host.invalid/']).then(
      () => expect.unreachable(),
      (reason: Error) => reason,
    );
    expect(error.message).toMatch(
      /^could not download data\.gz \(127\.0\.0\.1:\d+: HTTP 404; 127\.0\.0\.1:1: .+; no-such-host\.invalid: .+\)$/,
    );
  });

  it('stops at once when aborted, and keeps what has come', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { etag: '"v1"', 'content-length': GZIPPED.length }).write(GZIPPED.subarray(0, 40_000));
    }, good);
    const controller = new AbortController();
    await expect(
      download([url, url], {
        signal: controller.signal,
        stallMs: 10_000,
        onProgress: ({ received }) => received >= 40_000 && controller.abort(new Error('changed my mind')),
      }),
    ).rejects.toThrow('changed my mind');
    expect(await parts()).toHaveLength(1);
    expect(hash(await download([url]))).toBe(FILE.sha256);
  });

  it('passes on what the file system says', async () => {
    await writeFile(join(directory, '..', 'plain'), '');
    const { url } = await serve(good);
    await expect(download([url], { directory: join(directory, '..', 'plain', 'cache') })).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});

describe('several downloads of one file', () => {
  /** Sends in small pieces, so that downloads overlap. */
  const slowly: Answer = (_, response, from) => {
    response.writeHead(from > 0 ? 206 : 200, {
      etag: '"v1"',
      'content-length': GZIPPED.length - from,
      ...(from > 0 && { 'content-range': `bytes ${from}-${GZIPPED.length - 1}/${GZIPPED.length}` }),
    });
    let at = from;
    const timer = setInterval(() => {
      response.write(GZIPPED.subarray(at, (at += 4000)));
      if (at < GZIPPED.length) return;
      clearInterval(timer);
      response.end();
    }, 5);
    response.on('close', () => clearInterval(timer));
  };

  it('at once in one process do not disturb each other', async () => {
    const { url } = await serve(slowly);
    const contents = await Promise.all([download([url]), download([url]), download([url])]);
    expect(contents.map(hash)).toEqual([FILE.sha256, FILE.sha256, FILE.sha256]);
    expect(await files()).toEqual(['data.gz']);
  });

  it('at once in two processes do not disturb each other', async () => {
    const { url } = await serve(slowly);
    const child = spawn(process.execPath, [await childScript(), JSON.stringify(FILE), directory, url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    await expect.poll(async () => (await parts().catch(() => [])).length, { timeout: 25_000, interval: 5 }).toBe(1);
    expect(hash(await download([url]))).toBe(FILE.sha256);
    expect((await exit)[0]).toBe(0);
    expect(await readFile(join(directory, 'data.gz'))).toEqual(GZIPPED);
    expect(await files()).toEqual(['data.gz']);
  });

  const urlOfPart = (url: string): string => hash(`${url}/data.gz`).slice(0, 8);
  const version = hash('"v1"').slice(0, 8);

  it('continue the part of a process that is no more, not that of a running one', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    for (const [pid, from] of [
      [gone.pid, 'bytes=30000-'],
      [process.ppid, undefined],
    ] as const) {
      const { url, ranges } = await serve(good);
      const part = `data.gz.${urlOfPart(url)}-${version}.${hash(hostname()).slice(0, 8)}-${pid}-0.part`;
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, part), GZIPPED.subarray(0, 30_000));
      expect(hash(await download([url]))).toBe(FILE.sha256);
      expect(ranges).toEqual([from]);
      expect(await files()).toEqual(pid === process.ppid ? ['data.gz', part] : ['data.gz']);
    }
  });

  it('continue the part of another machine when it has not grown for long', async () => {
    for (const [age, from] of [
      [1, undefined],
      [600, 'bytes=30000-'],
    ] as const) {
      const { url, ranges } = await serve(good);
      await mkdir(directory, { recursive: true });
      const part = join(directory, `data.gz.${urlOfPart(url)}-${version}.00000000-1-0.part`);
      await writeFile(part, GZIPPED.subarray(0, 30_000));
      await utimes(part, Date.now() / 1000, Date.now() / 1000 - age);
      expect(hash(await download([url]))).toBe(FILE.sha256);
      expect(ranges).toEqual([from]);
    }
  });

  /** A script that downloads a file in a separate process. Node 20 does not run TypeScript, so vitest's server compiles it. */
  async function childScript(): Promise<string> {
    const source = (path: string): string => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
    const vitest = JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve('vitest/node')).href);
    const script = join(directory, '..', 'child.mjs');
    await writeFile(
      script,
      `import { createViteServer } from ${vitest};
       const server = await createViteServer({
         configFile: false,
         appType: 'custom',
         logLevel: 'error',
         optimizeDeps: { noDiscovery: true },
         resolve: { alias: { '@sinapse/core': ${source('../../../core/src/index.ts')} } },
         server: { middlewareMode: true, hmr: false, ws: false, watch: null },
       });
       const { downloadFile } = await server.ssrLoadModule(${source('./download.ts')});
       const [, , file, directory, url] = process.argv;
       await downloadFile(JSON.parse(file), { directory, mirrors: [url] });
       process.exit(0);`,
    );
    return script;
  }
});
