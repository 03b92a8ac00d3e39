// The errors a caller can meet. A message names the operation, the offending shapes or values, and what would be right.

/** A mistake of the caller that Sinapse recognises. Its message is one line. */
export class SinapseError extends Error {
  override name = 'SinapseError';
  /** Where in a model the error arose, e.g. `lenet5/conv2`. Each layer that contains the failing one adds its name. */
  path = '';

  /** Puts the name of an enclosing layer before the path. */
  within(name: string): this {
    const inner = this.path;
    const bare = inner === '' ? this.message : this.message.slice(inner.length + 2);
    this.path = inner === '' ? name : `${name}/${inner}`;
    this.message = `${this.path}: ${bare}`;
    return this;
  }
}

/** Shapes do not fit together, or an axis is out of range. */
export class ShapeError extends SinapseError {
  override name = 'ShapeError';
}

/** Data types do not fit together. Sinapse never converts a tensor silently. */
export class DTypeError extends SinapseError {
  override name = 'DTypeError';
}

/** A tensor is used after it was disposed of, an op gets tensors of two backends, or a backend is missing or too old. */
export class BackendError extends SinapseError {
  override name = 'BackendError';
}

/** The device is lost: unplugged, reset by its driver, or its context taken away. Its tensors are lost, too; a new backend can be made. */
export class BackendLostError extends BackendError {
  override name = 'BackendLostError';
}

/** What is known of a failed allocation, in bytes. */
export interface MemoryFigures {
  /** The size of the allocation. */
  readonly asked: number;
  /** How much of that memory is in use; undefined where nobody knows (memory of the JavaScript engine). */
  readonly held?: number | undefined;
  /** Held for reuse when it failed; usually 0, as backends first give that back. */
  readonly pooled?: number | undefined;
  /** The most that memory can hold, if known. */
  readonly limit?: number | undefined;
}

/** Memory is short. Nothing is lost: all live tensors can still be used, or released to make room. */
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
 * The error to throw for one that an allocation met. A RangeError of the JavaScript engine becomes an OutOfMemoryError. An OutOfMemoryError
 * from deeper down becomes one that names what needed the memory, and takes from `figures` those it lacks. Any other error stays as it is.
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
 * Runs a function that allocates memory on the host.
 * @throws OutOfMemoryError when memory is short
 */
export function allocating<T>(what: string, bytes: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw asMemoryError(error, what, bytes);
  }
}
