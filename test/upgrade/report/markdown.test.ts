import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_MARKDOWN_BYTES, renderMarkdown } from '../../../functions/upgrade/report/markdown.ts';
import { escapeMarkdown, fence } from '../../../functions/upgrade/report/markdown-text.ts';
import { strangeText } from '../../support/strange-text.ts';
import { buildFinding, buildReport } from '../../support/upgrade-report.ts';

describe('text in Markdown', () => {
  it.each([
    ['@all', '\\@all'],
    ['see #1 and !2', 'see \\#1 and \\!2'],
    ['a|b', 'a\\|b'],
    ['[x](https://evil.example)', '\\[x\\](https\\://evil.example)'],
    ['<img src=x>', '&lt;img src=x&gt;'],
    ['`code` **bold** _it_ ~~s~~', '\\`code\\` \\*\\*bold\\*\\* \\_it\\_ \\~\\~s\\~\\~'],
    ['a\n/close\r\nb', 'a /close b'],
    ['back\\slash', 'back\\\\slash'],
    ['&copy;', '&amp;copy;'],
    ['web\u202Egnp', 'web gnp'],
  ])('%j stays text: %j', (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  it('is cut before it is escaped, so that no escape is cut in two', () => {
    expect(escapeMarkdown('|'.repeat(1_000))).toBe(`${'\\|'.repeat(297)}...`);
  });

  it('cannot leave its block of code', () => {
    expect(fence('a ``` b\n```\nc', '  ')).toBe('  ````sh\n  a ``` b\n  ```\n  c\n  ````');
  });

  it('stays on its line, whatever it is', () => {
    fc.assert(
      fc.property(strangeText(), (text) => {
        expect(escapeMarkdown(text)).not.toMatch(/[\n\r\u2028\u2029]/);
      }),
    );
  });
});

describe('a report for an issue', () => {
  it('says the verdict, what to do in order, and a row for each finding', () => {
    const second = buildFinding({
      id: 'b',
      subject: 'CronJob shop/nightly',
      remedy: { text: 'Take it out.' },
    });
    const text = renderMarkdown(buildReport([buildFinding(), second]));
    expect(text).toContain('**Blocked:** 2 findings block the upgrade to 1.36.');
    expect(text).toContain(
      '1. **Deployment shop/web**: Write apps/v1.\n\n    ```sh\n    kubectl convert -f web.yaml\n    ```',
    );
    expect(text).toContain('2. **CronJob shop/nightly**: Take it out.');
    expect(text).toContain('| blocks | Deployment shop/web | It uses apps/v1beta1. | 1.36 | removed-apis |');
  });

  it('stays small however much there is, and says how much it leaves out', () => {
    const many = Array.from({ length: 5_000 }, (_, index) =>
      buildFinding({
        id: `id-${index}`,
        subject: `Deployment ${'|'.repeat(300)}/${index}`,
        message: '\u{1F600}'.repeat(400),
        remedy: { text: `${index} ${'`'.repeat(2_000)}`, command: '`'.repeat(5_000) },
      }),
    );
    const gone = many.slice(0, 100);
    const text = renderMarkdown(
      buildReport(many, {
        outlook: many.slice(0, 50).map(({ message }) => ({ version: '1.37', message })),
        changes: { since: '2026-11-20T05:00:00.000Z', verdict: 'blocked', added: [], gone },
      }),
    );
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_MARKDOWN_BYTES);
    const shown = text.split('\n').filter((line) => line.startsWith('| blocks')).length;
    expect(text).toContain(`and ${(5_000 - shown).toLocaleString('en-US')} more findings, in the report.`);
  });

  it('says so when there is nothing to do', () => {
    expect(renderMarkdown(buildReport([]))).not.toMatch(/In this order|### Findings/);
  });
});
