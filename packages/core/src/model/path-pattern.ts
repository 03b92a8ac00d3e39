// Patterns of paths in a model, e.g. `conv*`.

/** A test of paths against a pattern in which `*` stands for any text. Each part is looked for behind the one before it: the first place will do. */
export function pathMatcher(pattern: string): (path: string) => boolean {
  const [start, ...parts] = pattern.split('*') as [string, ...string[]];
  const end = parts.pop();
  if (end === undefined) return (path) => path === pattern;
  return (path) => {
    if (!path.startsWith(start)) return false;
    let at = start.length;
    for (const part of parts) {
      const found = path.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return path.length - end.length >= at && path.endsWith(end);
  };
}

/** A test of whether a pattern names a path, or a part of the model that the path lies in: `block1` names `block1/conv/kernel`. */
export function partMatcher(pattern: string): (path: string) => boolean {
  const matches = pathMatcher(pattern);
  return (path) => partsOf(path).some(matches);
}

/** A path and the parts that it lies in: of `a/b/c` those are `a`, `a/b` and itself. */
export function partsOf(path: string): string[] {
  const names = path.split('/');
  return names.map((_, i) => names.slice(0, i + 1).join('/'));
}
