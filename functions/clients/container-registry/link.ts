/** `<target>; parameters` of the Link header, RFC 8288 section 3; targets may hold commas. */
const LINK = /<([^>]*)>((?:\s*;\s*[\w!#$%&'*+.^`|~-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s,;"]+))?)*)/g;
const NEXT = /;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next(?=\s|;|$))/i;

/**
 * Finds the query of the next page. Only the query is taken, and asked of the list we already read: a link may be
 * relative or absolute, and behind a proxy it often names an inner host or plain http, where our token must not go.
 */
export const findNextQuery = (header: string | null): string | undefined => {
  for (const [, target = '', parameters = ''] of (header ?? '').matchAll(LINK)) {
    if (!NEXT.test(parameters)) continue;
    const question = target.indexOf('?');
    const query = question < 0 ? '' : target.slice(question + 1).split('#', 1)[0];
    return query || undefined;
  }
  return undefined;
};
