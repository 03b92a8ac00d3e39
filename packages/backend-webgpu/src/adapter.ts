// Finds WebGPU: the browser's own, or in Node that of the package `webgpu` (Dawn, as in Chromium).

/** What the package `webgpu` exports. */
interface Dawn {
  readonly create: (flags: string[]) => GPU;
  readonly globals: object;
}

export type Found = { readonly adapter: GPUAdapter } | { readonly why: string };

/** Where WebGPU may come from; tests give others. */
export interface Sources {
  /** The browser's `navigator.gpu`. */
  readonly browser: () => GPU | undefined;
  /** Whether this is Node. */
  readonly node: boolean;
  readonly importDawn: () => Promise<Dawn>;
}

const name = 'webgpu'; // a variable, so that bundlers for browsers do not look for the package

const here: Sources = {
  browser: () => (typeof navigator === 'undefined' ? undefined : (navigator as { readonly gpu?: GPU }).gpu),
  node: typeof process !== 'undefined' && process.versions?.node !== undefined,
  importDawn: () => import(name) as Promise<Dawn>,
};

declare const process: { readonly versions?: { readonly node?: string } } | undefined;

/** Dawn outlives its devices: a device whose instance the collector has taken ends the process. */
let instance: GPU | undefined;

/** An adapter, or one sentence that says why there is none and what to do. */
export async function findAdapter(options: GPURequestAdapterOptions = {}, sources: Sources = here): Promise<Found> {
  let gpu = sources.browser();
  if (gpu === undefined && sources.node) {
    if (instance === undefined) {
      let dawn: Dawn;
      try {
        dawn = await sources.importDawn();
      } catch (error) {
        const missing = (error as { readonly code?: string }).code === 'ERR_MODULE_NOT_FOUND';
        if (missing) return { why: 'the package webgpu is not installed; install it: npm install webgpu' };
        return { why: `the package webgpu does not load: ${String((error as Error).message).split('\n')[0]}` };
      }
      Object.assign(globalThis, dawn.globals);
      instance = dawn.create([]);
    }
    gpu = instance;
  }
  if (gpu === undefined)
    return {
      why: 'this page has no WebGPU; open it from https or localhost, in a browser that has WebGPU (Chrome, Edge, Firefox, Safari 26)',
    };
  const adapter = await gpu.requestAdapter(options);
  if (adapter !== null) return { adapter };
  return {
    why: sources.node
      ? 'there is no graphics adapter; install a Vulkan driver for the card, on Debian: apt install mesa-vulkan-drivers libvulkan1'
      : 'the browser found no graphics adapter that it trusts; its page about the GPU (chrome://gpu) says why',
  };
}

/** Whether an adapter computes on the processor. */
export function isSoftware({ vendor, architecture, description, isFallbackAdapter }: GPUAdapterInfo): boolean {
  return isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${vendor} ${architecture} ${description}`);
}
