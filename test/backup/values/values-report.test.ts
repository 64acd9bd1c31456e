import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LintContext } from '../../../functions/backup/values/rule.ts';
import { RULES } from '../../../functions/backup/values/rules/registry.ts';
import type { Value, ValueMap } from '../../../functions/backup/values/value-tree.ts';
import { lintValues } from '../../../functions/backup/values/values-report.ts';
import { counterexample } from '../../support/counterexample.ts';
import { ORDINARY, ORDINARY_CONTEXT, ordinaryWith, valuesOf } from './ordinary-values.ts';

const lint = (values: ValueMap, context: LintContext = ORDINARY_CONTEXT) =>
  lintValues(values, context, RULES);

describe('the rules together', () => {
  it('find nothing in an ordinary good installation', () => {
    expect(lint(valuesOf(ORDINARY))).toMatchObject({ verdict: 'clean', findings: [], rules: RULES.length });
    expect(lint(valuesOf(ORDINARY), { ...ORDINARY_CONTEXT, chart: 9 })).toMatchObject({
      verdict: 'clean',
      findings: [],
    });
  });

  it('say what could not be seen of it when only the values are there', () => {
    const { verdict, findings } = lint(valuesOf(ORDINARY), { clock: 'outside' });
    expect(verdict).toBe('not-checked');
    expect(findings.map(({ code }) => code)).toEqual([
      'registry-bucket',
      'role-endpoint',
      'postgresql-version',
    ]);
  });

  it('find the trap of a chart whose values nobody touched', () => {
    const { verdict, findings } = lint({}, { clock: 'outside', chart: 9 });
    expect(verdict).toBe('traps');
    expect(findings.map(({ code }) => code)).toEqual([
      'cron-template',
      'bundled-services',
      'bundled-services',
      'bundled-services',
      'ingress-nginx',
    ]);
  });

  it('put the worst first, and notes beside', () => {
    const { findings, notes, verdict } = lint(
      ordinaryWith(
        'nginx-ingress: { enabled: true }\ngitlab: { gitaly: { persistence: { enabled: false } } }',
      ),
      { ...ORDINARY_CONTEXT, registryStorage: {} },
    );
    expect(findings.map(({ severity }) => severity)).toEqual(['trap', 'trap', 'risk']);
    expect(notes.map(({ code }) => code)).toEqual(['redis-content']);
    expect(verdict).toBe('traps');
  });

  it('each have a code and a title of their own', () => {
    expect(new Set(RULES.map(({ code }) => code)).size).toBe(RULES.length);
    expect(new Set(RULES.map(({ title }) => title)).size).toBe(RULES.length);
    for (const { code, title } of RULES) {
      expect(code).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
      expect(title).toMatch(/^[A-Z].{15,}[^.\s]$/);
    }
  });
});

/** Paths that rules ask for, so that what is drawn hits them. */
const PATHS = [
  'gitlab.toolbox.backups.cron',
  'gitlab.toolbox.backups.cron.enabled',
  'gitlab.toolbox.backups.cron.extraArgs',
  'gitlab.toolbox.backups.cron.persistence.size',
  'gitlab.toolbox.backups.objectStorage',
  'gitlab.toolbox.annotations',
  'gitlab.toolbox.persistence',
  'gitlab.gitaly.backup',
  'global.appConfig.object_store.enabled',
  'global.appConfig.object_store.connection',
  'global.appConfig.lfs.bucket',
  'global.appConfig.uploads',
  'global.praefect.enabled',
  'global.praefect.virtualStorages',
  'global.psql.host',
  'global.registry.bucket',
  'global.serviceAccount.annotations',
  'registry.storage.secret',
  'registry.database.enabled',
  'postgresql.image.tag',
  'postgresql',
];

const value = (): fc.Arbitrary<Value> =>
  fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<Value>(true, false, null, '', 'true', 'x', '10Gi', '-t a --skip db --', '$(', '"'),
      fc.string(),
      fc.double(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom('enabled', 'secret', 'bucket', '__proto__')),
        tie('value'),
        { maxKeys: 3 },
      ),
    ),
  })).value;

const placed = fc
  .tuple(fc.constantFrom(...PATHS), value())
  .map(([path, what]) => path.split('.').reduceRight<Value>((below, key) => ({ [key]: below }), what));

const contexts: fc.Arbitrary<LintContext> = fc.record(
  {
    clock: fc.constantFrom('outside' as const, 'chart' as const),
    chart: fc.constantFrom(9 as const, 10 as const),
    archiveBytes: fc.nat(),
    postgresql: fc.string(),
    connection: fc.dictionary(fc.string(), value()),
    registryStorage: fc.dictionary(fc.constantFrom('s3', 'gcs'), value()),
    s3cmdPartBytes: fc.nat(),
  },
  { requiredKeys: ['clock'] },
);

describe('property', () => {
  it('no rule throws, whatever the values hold, and each finding says something', () => {
    const trees = fc.array(placed, { maxLength: 8 });
    expect(
      counterexample(
        fc.property(trees, contexts, (parts, context) => {
          const merged = parts.reduce<ValueMap>((all, part) => ({ ...all, ...(part as ValueMap) }), {});
          for (const user of [merged, ...parts.map((part) => part as ValueMap)]) {
            for (const { path, message, remedy } of lintValues(user, context, RULES).findings) {
              expect(`${path} ${message} ${remedy}`).not.toMatch(/undefined|\[object|NaN/);
            }
          }
        }),
        400,
      ),
    ).toBeUndefined();
  });

  it('the same values are judged alike, and stay as they were', () => {
    expect(
      counterexample(
        fc.property(placed, contexts, (user, context) => {
          const before = structuredClone(user);
          expect(lint(user as ValueMap, context)).toEqual(lint(user as ValueMap, context));
          expect(user).toEqual(before);
        }),
        100,
      ),
    ).toBeUndefined();
  });
});
