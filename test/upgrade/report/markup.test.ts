import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, html, safeLink } from '../../../functions/upgrade/report/html/markup.ts';
import { strangeText } from '../../support/strange-text.ts';

describe('a template of HTML', () => {
  it.each([
    ['text', html`<p>${'<script>alert(1)</script>'}</p>`, '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>'],
    ['a quoted attribute', html`<p title="${'" onmouseover="x'}">`, '<p title="&quot; onmouseover=&quot;x">'],
    ['a single quote and a backtick', html`<p>${"'`"}</p>`, '<p>&#39;&#96;</p>'],
    ['an entity', html`<p>${'&lt;'}</p>`, '<p>&amp;lt;</p>'],
    ['a template in a template, once', html`<p>${html`<b>${'<'}</b>`}</p>`, '<p><b>&lt;</b></p>'],
    ['a list', html`${['<', html`<i>`, 3]}`, '&lt;<i>3'],
    ['nothing', html`<p>${undefined}${false}</p>`, '<p></p>'],
    ['zero', html`${0}`, '0'],
    ['a control character', html`${'a\u0000b\u0008'}`, 'a\u{FFFD}b\u{FFFD}'],
    ['a turn of the direction', html`${'web\u202Egnp'}`, 'web\u{FFFD}gnp'],
    ['half a pair', html`${'\uD800'}`, '\u{FFFD}'],
    ['a line break', html`${'a\nb'}`, 'a\nb'],
  ])('takes %s', (_, markup, expected) => {
    expect(markup.text).toBe(expected);
  });

  it('lets no text become markup, and loses none of it', () => {
    fc.assert(
      fc.property(strangeText(), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"'`]/);
        expect(escaped.replaceAll(/&(?:amp|lt|gt|quot|#39|#96);/g, '')).not.toContain('&');
      }),
    );
  });
});

describe('a link of a page', () => {
  it.each([
    ['https://docs.aws.amazon.com/eks/', 'https://docs.aws.amazon.com/eks/'],
    ['http://gitlab.internal/x', 'http://gitlab.internal/x'],
    ['javascript:alert(1)', undefined],
    [' JaVaScript:alert(1)', undefined],
    ['data:text/html,<script>', undefined],
    ['file:///etc/passwd', undefined],
    ['//evil.example', undefined],
    ['docs', undefined],
  ])('%s leads to %s', (address, expected) => {
    expect(safeLink(address)).toBe(expected);
  });
});
