import { describe, expect, it } from 'vitest';
import { findRuledObjects } from '../../../functions/upgrade/deprecations/manifest-scan.ts';
import { dropBodies } from '../../../functions/upgrade/deprecations/manifest-trim.ts';

const MANY = 8_000;
const BODY = "  - a: b # '\n".repeat(MANY);
const INGRESS = { apiVersion: 'extensions/v1beta1', kind: 'Ingress', metadata: { name: 'web' } };

const scan = (text: string) => {
  const { objects, faults } = findRuledObjects(text);
  return { objects: objects.map(({ kind, name, line }) => `${kind} ${name}:${line}`), faults };
};

describe('large manifests', () => {
  it.each([
    [
      'keys before and behind the body',
      `# one\nspec:\n${BODY}kind: Ingress\nmetadata:\n  name: web\nstatus:\n${BODY}apiVersion: extensions/v1beta1\n`,
      [`Ingress web:${2 * MANY + 7}`],
    ],
    [
      'a body that no parser takes',
      `apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata:\n  name: web\nspec:\n\t"${BODY}`,
      ['Ingress web:1'],
    ],
    [
      'an item of a list',
      `kind: List\nitems:\n  - apiVersion: extensions/v1beta1\n    kind: Ingress\n    metadata:\n      name: web\n    spec:\n${BODY.replaceAll('  -', '     -')}`,
      ['Ingress web:3'],
    ],
    ['a JSON object', JSON.stringify({ spec: BODY, ...INGRESS }, undefined, 2), ['Ingress web:3']],
    [
      'a JSON list that says once what its items are',
      JSON.stringify({
        apiVersion: 'extensions/v1beta1',
        kind: 'IngressList',
        items: [{ metadata: { name: 'web' }, spec: BODY }],
      }),
      ['Ingress web:1'],
    ],
    [
      'a JSON list cut in its last item',
      JSON.stringify({ kind: 'List', items: [{ ...INGRESS, spec: BODY }, INGRESS, INGRESS] }).slice(0, -28),
      ['Ingress web:1', 'Ingress web:1', 'Ingress (no name):1'],
    ],
  ])('%s are found', (_, text, objects) => {
    expect(text.length).toBeGreaterThan(64 * 1024);
    expect(scan(text).objects).toEqual(objects);
  });

  it('an old version in a large text is still only text', () => {
    const text = `apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    apiVersion: extensions/v1beta1\n    kind: Ingress\n${BODY.replaceAll('  -', '    -')}`;
    expect(scan(text)).toEqual({ objects: [], faults: [] });
  });

  it('what is larger than any object can be is a fault', () => {
    const text = `apiVersion: extensions/v1beta1\nkind: IngressList\nitems:\n${'  - metadata: {}\n'.repeat(100_000)}`;
    expect(scan(text)).toEqual({
      objects: [],
      faults: ['line 1: it is larger than any object can be, and was not read'],
    });
  });

  it('JSON that is none is a fault', () => {
    const text = `{"apiVersion":"extensions/v1beta1","kind":"Ingress",${BODY}}`;
    expect(scan(text)).toEqual({ objects: [], faults: ['line 1: it is no JSON of one object'] });
  });

  it('a text that nests deeper than a parser can follow is a fault', () => {
    const text = `apiVersion: extensions/v1beta1\nkind: Ingress\nspec: ${'['.repeat(20_000)}`;
    expect(scan(text)).toEqual({
      objects: ['Ingress (no name):1'],
      faults: [expect.stringMatching(/^line 3: /)],
    });
  });
});

describe('what is left of a large document', () => {
  it('is what says which object it is, with the lines where they were', () => {
    expect(dropBodies('# a\nspec:\n- x\n  y\n}\nkind: A\n"metadata" :\n  name: b\n\nstatus: {}\n')).toBe(
      '# a\n\n\n\n\nkind: A\n"metadata" :\n  name: b\n\n\n',
    );
  });
});
