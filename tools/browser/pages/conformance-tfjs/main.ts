// Runs the conformance suite on tfjs's WebGL backend, `?cases=4` on so many cases a kernel, `?only=linear,matmul` on some kernels; then takes the
// context away.

import type { ConformanceReport } from '@sinapse/backend-testkit/conformance';
import { conformance } from '@sinapse/backend-testkit/conformance';
import { tfjsWebgl, whyNot } from '@sinapse/backend-tfjs/webgl';
import type { KernelName } from '@sinapse/core';
import { tensor, use } from '@sinapse/core';
import { publish } from '../../src/outcome.ts';

export interface Outcome {
  readonly whyNot: string | undefined;
  readonly report: ConformanceReport;
  /** Errors of a read that waits for a lost context, of `lost`, and of an op after it. */
  readonly lost: readonly string[];
  readonly closed: { readonly read: readonly number[]; readonly lost: boolean };
}

/** The contexts that backends made, the last one last. */
const contexts: WebGL2RenderingContext[] = [];
const getContext = Reflect.get(OffscreenCanvas.prototype, 'getContext') as (this: OffscreenCanvas, ...given: unknown[]) => unknown;
OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...given: unknown[]) {
  const context = getContext.apply(this, given);
  if (context instanceof WebGL2RenderingContext) contexts.push(context);
  return context;
} as typeof OffscreenCanvas.prototype.getContext;

async function lose(): Promise<string[]> {
  const backend = use(await tfjsWebgl());
  const own = contexts.findLast((context) => !context.isContextLost())!;
  const x = tensor([1, 2, 3]);
  const waiting = x.add(1).data().then(String, String);
  own.getExtension('WEBGL_lose_context')!.loseContext();
  const after = await Promise.resolve()
    .then(() => x.add(1))
    .then(String, String);
  return [await waiting, String(await backend.lost), after];
}

/** What a read gives that waits as the backend is closed, and whether that counts as a loss. */
async function close(): Promise<Outcome['closed']> {
  const backend = use(await tfjsWebgl());
  const waiting = tensor([1, 2, 3]).add(1).data();
  await backend.close();
  const lost = backend.lost.then(() => true);
  const later = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 100));
  return { read: [...(await waiting)], lost: await Promise.race([lost, later]) };
}

const query = new URLSearchParams(location.search);
const only = query.get('only')?.split(',') as KernelName[] | undefined;
const options = { casesPerKernel: Number(query.get('cases') ?? Infinity), ...(only === undefined ? {} : { only }) };

publish(async (): Promise<Outcome> => ({
  whyNot: await whyNot(),
  report: await conformance(() => tfjsWebgl(), options),
  lost: await lose(),
  closed: await close(),
}));
