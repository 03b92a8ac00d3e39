// What can go wrong, as plain data: the worker says it, and the page has a sentence for each kind in every language (failure-text.ts).

/** Each kind, with what its sentence tells. Sizes are in megabytes, shapes are written out. */
interface Details {
  /** The graphics card's context or device is gone, and all that lay there. */
  deviceLost: object;
  outOfMemory: { readonly megabytes: number };
  /** The driver does not compile a kernel. */
  shader: object;
  /** A loss or a weight is NaN or infinite. */
  diverged: object;
  networkDoesNotFit: object;
  backendDoesNotStart: object;
  /** The worker threw outside a call, or could not be loaded. */
  workerFailed: object;
  fileEmpty: { readonly name: string };
  fileTooLarge: { readonly name: string; readonly megabytes: number; readonly most: number };
  /** The browser does not give its bytes: it was moved meanwhile, or is a folder. */
  fileUnreadable: { readonly name: string };
  filePicture: { readonly name: string };
  /** Neither data nor a model. */
  fileUnknown: { readonly name: string };
  fileDamaged: { readonly name: string };
  labelsMissing: { readonly name: string };
  imagesMissing: { readonly name: string };
  sizesDiffer: object;
  tooFewImages: { readonly count: number; readonly least: number };
  modelOfWeightsAlone: { readonly name: string };
  modelWithUnknownLayer: { readonly name: string; readonly layer: string };
  modelForOtherInputs: { readonly name: string; readonly takes: string; readonly given: string };
  modelForOtherClasses: { readonly name: string; readonly gives: string; readonly classes: number };
  /** Anything else. */
  unexpected: object;
}

export type FailureKind = keyof Details;

/** A failure of a kind; `detail` is the message of the error behind it, in English, or empty. */
export type FailureOf<K extends FailureKind> = { readonly kind: K; readonly detail: string } & Details[K];

export type Failure = { [K in FailureKind]: FailureOf<K> }[FailureKind];
