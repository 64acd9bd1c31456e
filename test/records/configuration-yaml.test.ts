import { describe, expect, test } from 'vitest';
import { explain, VALID, withLine } from '../support/broken-configuration.ts';

describe('YAML itself', () => {
  test.each([
    [
      'a key twice',
      'version: 1\nversion: 1\n',
      'drydock.yaml:2:1 this key is there twice in one map; keep one of them',
    ],
    ['a tab', 'version: 1\nsites:\n\tmain: {}\n', /drydock\.yaml:3:1 a tab cannot indent YAML; use spaces/],
    ['two documents', `${VALID}---\nversion: 1\n`, /^drydock\.yaml:25:1 the file holds several documents/],
    ['an unfinished list', 'version: [1\n', /^drydock\.yaml:2:1 /],
    ['an unknown alias', 'version: *one\n', /Unresolved alias/],
    ['nothing', '', 'drydock.yaml:1:1 the file is empty; it begins with "version: 1" and needs a site'],
    ['a list', '- version: 1\n', 'drydock.yaml:1:1 must be a map'],
    ['a text', 'hello\n', 'drydock.yaml:1:1 must be a map'],
  ])('%s', (_what, text, message) => {
    expect(explain(text)).toMatch(message);
  });

  test('aliases that multiply are refused before they fill the memory', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const items = Array.from({ length: 10 }, () => (level === 0 ? 'x' : `*l${level - 1}`));
      return `l${level}: &l${level} [${items.join(', ')}]`;
    });
    expect(explain(levels.join('\n'))).toMatch(/Excessive alias count/);
  });

  test('an anchor and a merge key are read, and a fault in what they bring is found where it stands', () => {
    const twoTargets = (mode: string) =>
      withLine(
        '      mode: act',
        `      mode: act
    twin:
      <<: &base
        environment: staging
        container: web
        mode: ${mode}
        policy: { type: digest, tag: latest }
      workload: { kind: StatefulSet, namespace: shop, name: web }
      image: registry.example.com/shop/web`,
      );
    expect(explain(twoTargets('act'))).toBe('valid');
    expect(explain(twoTargets('axt'))).toMatch(/^drydock\.yaml:29:15 deployment\.targets\.twin\.mode: "axt"/);
  });
});
