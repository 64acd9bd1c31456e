/**
 * Does a pattern of the ignore list cover a subject? `*` stands for any text, also none; everything else for itself,
 * small and capital letters apart. The whole subject has to match.
 *
 * Not a regular expression: people write these by hand, and each part is looked for once, behind the part before, so
 * no pattern can make a check hang.
 */
export const matchesSubject = (pattern: string, subject: string): boolean => {
  const [head = '', ...others] = pattern.split('*');
  const tail = others.pop();
  if (tail === undefined) return pattern === subject;
  if (!subject.startsWith(head)) return false;
  let from = head.length;
  for (const part of others) {
    const found = subject.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return subject.length - tail.length >= from && subject.endsWith(tail);
};
