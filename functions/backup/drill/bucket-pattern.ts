/**
 * Is a bucket meant by a pattern in which `*` stands for any text? One of stars alone means nobody's buckets in
 * particular.
 */
export const matchesBucket = (pattern: string, bucket: string): boolean => {
  if (/^\**$/.test(pattern)) return false;
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return bucket === first;
  const last = rest.at(-1) ?? '';
  if (!bucket.startsWith(first) || !bucket.endsWith(last) || bucket.length < first.length + last.length) {
    return false;
  }
  let at = first.length;
  const end = bucket.length - last.length;
  for (const part of rest.slice(0, -1)) {
    const found = bucket.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
};
