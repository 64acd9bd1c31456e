import { describe, expect, it } from 'vitest';
import { findNextQuery } from '../../../functions/clients/container-registry/link.ts';

describe('findNextQuery', () => {
  it.each<[string, string | null, string | undefined]>([
    ['a relative link', '</v2/web/tags/list?last=b&n=2>; rel="next"', 'last=b&n=2'],
    ['an absolute link', '<http://inner:5000/v2/web/tags/list?n=2&last=b>; rel="next"', 'n=2&last=b'],
    ['a link that is only a query', '<?last=b>; rel=next', 'last=b'],
    ['a cursor with commas and escapes', '<?next_page=a,b%3D&n=5>; rel="next"', 'next_page=a,b%3D&n=5'],
    ['a fragment is left out', '<?last=b#top>; rel="next"', 'last=b'],
    ['the next of several links', '<?last=a>; rel="prev", <?last=c>; rel="next"', 'last=c'],
    ['next among other relations', '<?last=c>; title="x; y"; rel="last next"', 'last=c'],
    ['names in any case', '<?last=c>; REL="NEXT"', 'last=c'],
    ['only a previous page', '<?last=a>; rel="prev"', undefined],
    ['a relation that only begins like next', '<?last=a>; rel="nextish"', undefined],
    ['a link without a query', '</v2/web/tags/list>; rel="next"', undefined],
    ['no header', null, undefined],
    ['rubbish', '>>;;<<', undefined],
  ])('%s', (_, header, expected) => {
    expect(findNextQuery(header)).toBe(expected);
  });
});
