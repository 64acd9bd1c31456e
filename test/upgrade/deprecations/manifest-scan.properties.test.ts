import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { readObjects } from '../../../functions/upgrade/deprecations/manifest-object.ts';
import { findRuledObjects } from '../../../functions/upgrade/deprecations/manifest-scan.ts';
import { dropBodies } from '../../../functions/upgrade/deprecations/manifest-trim.ts';
import { lookupRuledApi } from '../../../functions/upgrade/deprecations/table.ts';

interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Texts that look like what is searched for, where they are only text. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '---',
    'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\n',
    '- a\n- b',
    'items:\n- a',
    '}{"',
  ),
);
const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
const object = fc
  .record(
    {
      apiVersion: fc.constantFrom('policy/v1beta1', 'policy/v1', 'extensions/v1beta1', 'apps/v1', 'v1'),
      kind: fc.constantFrom('PodDisruptionBudget', 'Ingress', 'Deployment', 'ConfigMap'),
      metadata: fc.record(
        { name, namespace: name, labels: fc.dictionary(name, text) },
        { requiredKeys: ['name'] },
      ),
      data: fc.dictionary(name, text),
      items: fc.array(fc.record({ apiVersion: fc.constant('policy/v1beta1') }), { maxLength: 2 }),
    },
    { requiredKeys: ['apiVersion', 'kind', 'metadata'] },
  )
  // Keys stand in any order.
  .chain((made) =>
    fc
      .shuffledSubarray(Object.keys(made), { minLength: Object.keys(made).length })
      .map((keys) => reorder(made, keys)),
  );

const reorder = (made: object, keys: readonly string[]): Record<string, unknown> => {
  const own = new Map(Object.entries(made));
  return Object.fromEntries(keys.map((key) => [key, own.get(key)]));
};

const list = fc
  .array(object, { maxLength: 5 })
  .map((items) => ({ apiVersion: 'v1', kind: 'List', items, metadata: {} }));
const document = fc.oneof({ weight: 3, arbitrary: object }, list);

const written = fc.tuple(document, fc.integer({ min: 0, max: 4 })).map(([value, style]) => {
  switch (style) {
    case 0:
      return JSON.stringify(value);
    case 1:
      return JSON.stringify(value, undefined, 2);
    case 2:
      return stringify(value, { indentSeq: false, lineWidth: 40, aliasDuplicateObjects: false });
    case 3:
      return stringify(value, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_SINGLE' });
    default:
      return `# a comment\n${stringify(value, { blockQuote: 'folded', nullStr: '' })}`;
  }
});
const manifest = fc
  .tuple(fc.array(written, { maxLength: 6 }), fc.constantFrom('\n---\n', '\r\n---\r\n', '\n--- # next\n'))
  .map(([documents, separator]) => documents.map((one) => one.trimEnd()).join(separator));

/** Everything read by a parser, as slow as that is. */
const parseInFull = (source: string): string[] =>
  [...parseAllDocuments(source)].flatMap((parsed) => {
    const value: unknown = parsed.toJS();
    const isList = typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'List';
    const objects = isList && 'items' in value && Array.isArray(value.items) ? value.items : [value];
    return objects.flatMap(describeRuled);
  });

const describeRuled = (value: Written | null): string[] =>
  value && lookupRuledApi(value.apiVersion, value.kind)
    ? [`${value.apiVersion} ${value.kind} ${value.metadata.namespace ?? ''}/${value.metadata.name}`]
    : [];

describe('the scan by lines', () => {
  it('finds what a parser of everything finds, in the same order', () => {
    fc.assert(
      fc.property(manifest, (source) => {
        const found = findRuledObjects(source);
        expect(
          found.objects.map(
            ({ apiVersion, kind, namespace, name: own }) => `${apiVersion} ${kind} ${namespace}/${own}`,
          ),
        ).toEqual(parseInFull(source));
        expect(found.faults).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('names the line on which the apiVersion stands', () => {
    fc.assert(
      fc.property(manifest, (source) => {
        const lines = source.split('\n');
        for (const { line, apiVersion } of findRuledObjects(source).objects) {
          expect(lines[line - 1]).toContain('apiVersion');
          expect(lines[line - 1]).toContain(apiVersion);
        }
      }),
    );
  });

  it('never throws, and never loses what stands before a cut', () => {
    fc.assert(
      fc.property(manifest, fc.nat(), (source, at) => {
        const whole = findRuledObjects(source).objects;
        const cut = source.slice(0, source.length === 0 ? 0 : at % source.length);
        const before = cut.lastIndexOf('\n---');
        const kept = whole.filter(({ line }) => line <= cut.slice(0, Math.max(0, before)).split('\n').length);
        const found = findRuledObjects(cut).objects.slice(0, before === -1 ? 0 : kept.length);
        expect(found).toEqual(before === -1 ? [] : kept);
      }),
    );
  });

  it('is told the same by a document without its bodies', () => {
    fc.assert(
      fc.property(
        written.filter((source) => !source.startsWith('{')),
        (source) => {
          expect(readObjects(dropBodies(source))).toEqual(readObjects(source));
        },
      ),
    );
  });
});
