// The lines of TypeScript that do what the page shows, with its settings.

import { useSignal } from '@preact/signals';
import { textOf } from '../shell/language.ts';
import { shellTexts } from '../shell/text.ts';

export function CodePanel({ code }: { readonly code: string }) {
  const text = textOf(shellTexts);
  const copied = useSignal(false);
  const copy = () =>
    void navigator.clipboard.writeText(code).then(
      () => (copied.value = true),
      () => (copied.value = false), // the browser forbids it; the lines can be selected
    );
  return (
    <section class="code">
      <h2>{text.code}</h2>
      <button type="button" onClick={copy}>
        {copied.value ? text.copied : text.copy}
      </button>
      {/* It scrolls, so the keyboard must reach it. */}
      <pre tabIndex={0} role="region" aria-label={text.code}>
        <code>{code}</code>
      </pre>
    </section>
  );
}
