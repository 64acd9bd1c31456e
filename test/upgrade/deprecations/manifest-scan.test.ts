import { describe, expect, it } from 'vitest';
import { findRuledObjects, scanManifest } from '../../../functions/upgrade/deprecations/manifest-scan.ts';

const BUDGET =
  'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: web\n  namespace: shop\n';
const GOOD = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n';

/** `policy/v1beta1 PodDisruptionBudget shop/web:1`, a line an object. */
const scan = (text: string): string[] =>
  findRuledObjects(text).objects.map(
    ({ apiVersion, kind, namespace, name, line }) => `${apiVersion} ${kind} ${namespace}/${name}:${line}`,
  );

describe('scanning manifests', () => {
  it('gives file, line, name and namespace', () => {
    expect(scanManifest('deploy/all.yaml', `${GOOD}---\n${BUDGET}`)).toEqual({
      objects: [
        {
          kind: 'PodDisruptionBudget',
          namespace: 'shop',
          name: 'web',
          evidence: [
            {
              source: 'file',
              apiVersion: 'policy/v1beta1',
              confidence: 'high',
              file: 'deploy/all.yaml',
              line: 6,
            },
          ],
        },
      ],
      faults: [],
    });
  });

  it('gives the template that Helm rendered a document from', () => {
    const text = `---\n# Source: shop/templates/deployment.yaml\n${GOOD}---\n# Source: shop/templates/budget.yaml\n${BUDGET}`;
    expect(findRuledObjects(text).objects).toMatchObject([
      { template: 'shop/templates/budget.yaml', line: 9 },
    ]);
  });

  it.each<[string, string, string[]]>([
    ['Windows line ends', BUDGET.replaceAll('\n', '\r\n'), ['policy/v1beta1 PodDisruptionBudget shop/web:1']],
    ['a byte order mark', `\uFEFF${BUDGET}`, ['policy/v1beta1 PodDisruptionBudget shop/web:1']],
    [
      'quotes and comments',
      '# one\n"apiVersion": \'policy/v1beta1\' # old\nkind: "PodDisruptionBudget" # too\nmetadata: {name: "web"}\n',
      ['policy/v1beta1 PodDisruptionBudget /web:2'],
    ],
    [
      'keys in another order',
      'metadata:\n  name: web\nkind: PodDisruptionBudget\nspec:\n  x: 1\napiVersion: policy/v1beta1\n',
      ['policy/v1beta1 PodDisruptionBudget /web:6'],
    ],
    [
      'values on the next line, and a prefix for a name',
      'apiVersion:\n  policy/v1beta1\nkind:\n  PodDisruptionBudget\nmetadata:\n  generateName: web-\n',
      ['policy/v1beta1 PodDisruptionBudget /web-*:1'],
    ],
    [
      'anchors, tags and block scalars',
      'apiVersion: &v policy/v1beta1\nkind: !!str PodDisruptionBudget\n---\napiVersion: >-\n  policy/v1beta1\nkind: PodDisruptionBudget\n',
      ['policy/v1beta1 PodDisruptionBudget /(no name):1', 'policy/v1beta1 PodDisruptionBudget /(no name):4'],
    ],
    [
      'several documents, empty ones too',
      `---\n---\n${BUDGET}--- # next\n${GOOD}...\n---\n${BUDGET}`,
      ['policy/v1beta1 PodDisruptionBudget shop/web:3', 'policy/v1beta1 PodDisruptionBudget shop/web:15'],
    ],
    [
      'JSON on one line',
      '{"apiVersion":"policy\\/v1beta1","kind":"PodDisruptionBudget","metadata":{"name":"web"}}',
      ['policy/v1beta1 PodDisruptionBudget /web:1'],
    ],
    [
      'JSON indented by tabs',
      '{\n\t"kind": "PodDisruptionBudget",\n\t"apiVersion": "policy/v1beta1",\n\t"metadata": {\n\t\t"name": "web"\n\t}\n}',
      ['policy/v1beta1 PodDisruptionBudget /web:3'],
    ],
    [
      'a number for a name',
      'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: 7\n',
      ['policy/v1beta1 PodDisruptionBudget /7:1'],
    ],
  ])('reads %s', (_, text, objects) => {
    expect(scan(text)).toEqual(objects);
    expect(findRuledObjects(text).faults).toEqual([]);
  });

  it.each([
    ['versions that stay', GOOD],
    ['a version that is ruled for other kinds alone', 'apiVersion: apps/v1beta1\nkind: Ingress\n'],
    ['an old version in a comment', `# apiVersion: policy/v1beta1\n${GOOD}`],
    [
      'an old version in a block of text',
      `${GOOD}data:\n  a: |\n    apiVersion: policy/v1beta1\n    kind: PodDisruptionBudget\n`,
    ],
    [
      'an old version in the owner of an object',
      `${GOOD}  ownerReferences:\n  - apiVersion: apps/v1beta1\n    kind: Deployment\n`,
    ],
    ['values of charts', 'ingress:\n  apiVersion: networking.k8s.io/v1beta1\n  kind: Ingress\n'],
    ['nothing', ''],
  ])('finds nothing in %s', (_, text) => {
    expect(findRuledObjects(text)).toEqual({ objects: [], faults: [] });
  });
});

describe('scanning lists', () => {
  const ITEM = BUDGET.trimEnd().replaceAll('\n', '\n  ');

  it.each([
    [
      'items at the margin',
      `apiVersion: v1\nitems:\n- ${GOOD.trimEnd().replaceAll('\n', '\n  ')}\n- ${ITEM}\nkind: List\n`,
      7,
    ],
    [
      'items indented',
      `apiVersion: v1\nkind: List\nitems: # all\n\n  # one\n  - ${ITEM.replaceAll('\n', '\n  ')}\n`,
      6,
    ],
    ['items with a dash of their own line', `apiVersion: v1\nkind: List\nitems:\n-\n  ${ITEM}\n`, 5],
    [
      'items in brackets',
      `{"apiVersion":"v1","kind":"List","items":[{"a":"}]"},\n{"apiVersion":"policy/v1beta1","kind":"PodDisruptionBudget","metadata":{"name":"web","namespace":"shop"}}]}`,
      2,
    ],
  ])('finds %s', (_, text, line) => {
    expect(scan(text)).toEqual([`policy/v1beta1 PodDisruptionBudget shop/web:${line}`]);
  });

  it('gives items without a kind of their own that of their list', () => {
    expect(
      scan('apiVersion: extensions/v1beta1\nkind: IngressList\nitems:\n- metadata:\n    name: web\n'),
    ).toEqual(['extensions/v1beta1 Ingress /web:4']);
  });

  it('takes a block of text in an item for text', () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  data:\n    a: |\n      - apiVersion: policy/v1beta1\n        kind: PodDisruptionBudget\n`;
    expect(scan(text)).toEqual([]);
  });
});

describe('manifests that cannot be read in full', () => {
  it.each<[string, string, string[], RegExp]>([
    [
      'a document cut in the middle of a word',
      `${GOOD}---\n${BUDGET}spec:\n  selector: "we`,
      ['policy/v1beta1 PodDisruptionBudget shop/web:6'],
      /^line 1\d: Missing closing/,
    ],
    [
      'a JSON list cut in the middle',
      '{"kind":"List","items":[{"apiVersion":"policy/v1beta1","kind":"PodDisruptionBudget","metadata":{"name":"a"}},\n{"apiVersion":"policy/v1beta1","kind":"PodDisr',
      ['policy/v1beta1 PodDisruptionBudget /a:1'],
      /^line 2: /,
    ],
    [
      'tabs for indentation',
      'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n\tname: web\n',
      ['policy/v1beta1 PodDisruptionBudget /web:1'],
      /^line 4: Tabs/,
    ],
    [
      'a template that was not rendered',
      'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: {{ .Release.Name }}-web\n{{- if .x }}\nspec: {}\n{{- end }}\n',
      ['policy/v1beta1 PodDisruptionBudget /{{ .Release.Name }}-web:1'],
      /^line 4: /,
    ],
    [
      'an apiVersion that a template computes',
      'apiVersion: {{ template "budget" . }}\nkind: PodDisruptionBudget\n',
      [],
      /^line 1: its apiVersion is an expression of a template; render the chart first/,
    ],
  ])('%s gives what is there, and a fault', (_, text, objects, fault) => {
    expect(scan(text)).toEqual(objects);
    expect(findRuledObjects(text).faults).toEqual([expect.stringMatching(fault)]);
    expect(scanManifest('a.yaml', text).faults[0]).toMatch(/^a\.yaml, line /);
  });

  it('says at most twenty faults of a file', () => {
    const broken = 'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: "\n---\n';
    const { faults } = findRuledObjects(broken.repeat(30));
    expect(faults).toHaveLength(21);
    expect(faults.at(-1)).toBe('and 10 more of the kind');
  });
});
