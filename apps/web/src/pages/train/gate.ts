// Lets a training go on, wait, or make single steps.

export class Gate {
  /** How many steps may begin; Infinity while it plays. */
  private allowed = 0;
  private waiting: (() => void) | undefined;

  /** The pause before each step, in milliseconds. */
  delay = 0;

  get isOpen(): boolean {
    return this.allowed === Infinity;
  }

  open(): void {
    this.allowed = Infinity;
    this.wake();
  }

  close(): void {
    this.allowed = 0;
  }

  /** Lets one step through and then waits. */
  step(): void {
    this.allowed = this.isOpen ? 0 : this.allowed + 1;
    this.wake();
  }

  /** Resolves when the next step may begin, or when the signal aborts. */
  async pass(signal: AbortSignal): Promise<void> {
    if (this.delay > 0 && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, this.delay));
    while (this.allowed === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.allowed--;
  }

  private wake(): void {
    this.waiting?.();
    this.waiting = undefined;
  }
}
