// What a caller can do wrong, and how it is said. A message names the operation, the offending shapes or values, and what would be right.

/** Any mistake of the caller that Sinapse recognises. Its message is one line. */
export class SinapseError extends Error {
  override name = 'SinapseError';
  /** Where in a model the error arose, e.g. `lenet5/conv2`; set on the way out by the layers that contain the failing one. */
  path = '';

  /** Prefixes the path of the enclosing layer, so that an error deep inside a model names the whole way to it. */
  within(name: string): this {
    const inner = this.path;
    const bare = inner === '' ? this.message : this.message.slice(inner.length + 2);
    this.path = inner === '' ? name : `${name}/${inner}`;
    this.message = `${this.path}: ${bare}`;
    return this;
  }
}

/** Shapes that do not fit together, or an axis out of range. */
export class ShapeError extends SinapseError {
  override name = 'ShapeError';
}

/** Data types that do not fit: Sinapse never converts a tensor silently. */
export class DTypeError extends SinapseError {
  override name = 'DTypeError';
}

/** A tensor used after it was disposed, two backends in one op, a backend that is missing or too old. */
export class BackendError extends SinapseError {
  override name = 'BackendError';
}

/** The device is gone: unplugged, reset by its driver, its context taken away. Its tensors are lost; a new backend can be made. */
export class BackendLostError extends BackendError {
  override name = 'BackendLostError';
}

/** Bytes that an allocation failed over. */
export interface MemoryFigures {
  /** What was asked for. */
  readonly asked: number;
  /** In use, of the memory that it was to come from; undefined where nobody knows (the JavaScript engine's own). */
  readonly held?: number | undefined;
  /** Kept for reuse when it failed. Backends give it back before they fail, so that usually 0 is left. */
  readonly pooled?: number | undefined;
  /** The most there can be, where it is known. */
  readonly limit?: number | undefined;
}

/** There is no memory for something. It is thrown before anything is lost: everything that was alive can be used, and released to go on with less. */
export class OutOfMemoryError extends BackendError implements MemoryFigures {
  override name = 'OutOfMemoryError';
  readonly asked: number;
  readonly held: number | undefined;
  readonly pooled: number | undefined;
  readonly limit: number | undefined;

  /** @param what needs the memory, e.g. `a float32 tensor [8,3] on cpu` */
  constructor(what: string, figures: MemoryFigures, options?: ErrorOptions) {
    const { asked, held, pooled, limit } = figures;
    const known = [
      ...(held === undefined ? [] : [`${formatBytes(held)} bytes are in use`]),
      ...(pooled === undefined || pooled === 0 ? [] : [`${formatBytes(pooled)} are kept for reuse`]),
      ...(limit === undefined ? [] : [`the limit is ${formatBytes(limit)}`]),
    ];
    super(
      `memory: ${what} needs ${formatBytes(asked)} bytes, which could not be allocated${known.length === 0 ? '' : ` (${known.join(', ')})`}`,
      options,
    );
    this.asked = asked;
    this.held = held;
    this.pooled = pooled;
    this.limit = limit;
  }
}

function formatBytes(bytes: number): string {
  return bytes.toLocaleString('en-US');
}

/**
 * What to throw where memory was asked for and an error came. A plain RangeError of the JavaScript engine becomes an OutOfMemoryError that says
 * what needed how much; an OutOfMemoryError from deeper down, where only bytes are known, one that says what needed them, with the figures that it
 * lacked; any other stays what it is.
 */
export function asMemoryError(error: unknown, what: string, bytes: number, figures: Omit<MemoryFigures, 'asked'> = {}): unknown {
  if (error instanceof OutOfMemoryError) {
    const { held = figures.held, pooled = figures.pooled, limit = figures.limit } = error;
    return new OutOfMemoryError(what, { asked: bytes, held, pooled, limit }, { cause: error });
  }
  if (!(error instanceof RangeError) || /call stack/.test(error.message)) return error;
  return new OutOfMemoryError(what, { ...figures, asked: bytes }, { cause: error });
}

/**
 * Runs what asks for memory on the host.
 * @throws OutOfMemoryError when there is not enough
 */
export function allocating<T>(what: string, bytes: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw asMemoryError(error, what, bytes);
  }
}
