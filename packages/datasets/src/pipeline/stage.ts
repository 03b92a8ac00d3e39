// What the stages over random access and those over streams share.

/** Where an element stands: the epoch, and its position in the order in which this stage gives the elements. */
export interface ElementContext {
  readonly epoch: number;
  readonly index: number;
}

/** Makes one element of another. Random choices belong to `randomKey(seed).fold(epoch).fold(index)`, so that a resumed run repeats them. */
export type MapFunction<T, U> = (element: T, context: ElementContext) => U | Promise<U>;

/** Makes one batch of several elements. */
export type Collate<T, C> = (elements: T[]) => C;

/** Which part of a pipeline to run. */
export interface Pass {
  readonly epoch: number;
  /** Elements to leave out at the start. */
  readonly skip: number;
}
