// Keeps a mistake in a page from leaving a blank: says so, and offers to load the page again.

import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { FailureNote } from '../experiment/failure-note.tsx';
import { caught } from '../experiment/laboratory-error.ts';
import { ReloadButton } from './notices.tsx';

export function Boundary({ children }: { readonly children: ComponentChildren }) {
  const [error] = useErrorBoundary() as [unknown, () => void];
  if (error === undefined) return <>{children}</>;
  return (
    <FailureNote failure={caught(error)}>
      <ReloadButton />
    </FailureNote>
  );
}
