/**
 * Reads `Retry-After` as whole seconds from now, whether it is written in seconds or as a date (RFC 9110 section
 * 10.2.3). A date is compared with the answer's own `Date`, so that a wrong clock here or there does not matter.
 */
export const readRetryAfter = (headers: Headers): number | undefined => {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const until = Date.parse(text);
  if (Number.isNaN(until)) return undefined;
  const sent = Date.parse(headers.get('date') ?? '');
  return Math.max(0, Math.ceil((until - (Number.isNaN(sent) ? Date.now() : sent)) / 1_000));
};
