import { describe, expect, it } from 'vitest';
import type { RestoreFacts } from '../../../functions/backup/restore/prechecks/facts.ts';
import { RESTORE_RULES } from '../../../functions/backup/restore/prechecks/rules/registry.ts';
import { known, UNKNOWN } from '../preflight/preflight-facts.ts';
import { checksOf, judge, place } from './prechecked-place.ts';
import { databaseWith, REQUEST, RESTORE_SET } from './restore-facts.ts';

const { verification } = RESTORE_SET;

describe('before a restore', () => {
  it('nothing stands in the way on an ordinary day', () => {
    const { mayStart, checks } = judge();
    expect(checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
    expect(mayStart).toBe(true);
    expect(new Set(checks.map(({ code }) => code)).size).toBe(RESTORE_RULES.length);
  });

  it.each<[string, string, Partial<RestoreFacts>]>([
    [
      'set-verified',
      'a set that was read a month ago',
      {
        set: {
          ...RESTORE_SET,
          ...(verification && { verification: { ...verification, at: '2026-10-20T00:00:00.000Z' } }),
        },
      },
    ],
    [
      'installation-type',
      'an archive of a Linux package',
      {
        information: known({
          installationType: 'omnibus-gitlab',
          skipped: [],
          storages: ['default'],
          repositoriesServerSide: false,
        }),
      },
    ],
    [
      'restore-space',
      'a disk of twice the archive',
      { scratch: known({ kind: 'generic-ephemeral', bytes: 90_000_000_000 }) },
    ],
    [
      'extensions',
      'pg_stat_statements',
      { extensions: known([databaseWith({ pg_stat_statements: { isThere: true } })]) },
    ],
    [
      'gitops',
      'Flux behind Helm, which may not look',
      { place: place({ labels: { 'helm.toolkit.fluxcd.io/name': 'gitlab' } }) },
    ],
  ])('%s warns of %s', (code, _, changes) => {
    expect(checksOf(changes, code)).toMatchObject([{ outcome: 'warn', stops: false }]);
  });

  it.each([
    ['runningVersion', 'version', true],
    ['place', 'gitops', true],
    ['rights', 'role-rights', true],
    ['secrets', 'secrets', true],
    ['pause', 'not-paused', true],
    ['extensions', 'extensions', false],
    ['scratch', 'restore-space', false],
  ] as const)('without %s, %s is not checked; it stops: %s', (fact, code, stops) => {
    expect(checksOf({ [fact]: UNKNOWN }, code)).toMatchObject([
      { outcome: 'not-checked', stops, message: expect.stringContaining('nobody answered') },
    ]);
  });

  it('a person lets a check pass by its code, with the reason in the plan', () => {
    const request = { ...REQUEST, overrides: [{ check: 'gitops', why: 'sync is paused' }] };
    const changes = { request, place: place({ annotations: { 'argocd.argoproj.io/tracking-id': 'a' } }) };
    expect(checksOf(changes, 'gitops')).toMatchObject([
      { outcome: 'refuse', stops: false, override: 'sync is paused' },
    ]);
    expect(judge(changes).mayStart).toBe(true);
  });

  it('nobody lets another version pass, and a word that is no check is refused', () => {
    const request = {
      ...REQUEST,
      overrides: [
        { check: 'version', why: 'it will do' },
        { check: 'gitopps', why: 'x' },
      ],
    };
    const changes = { request, runningVersion: known('18.11.0-ee') };
    expect(checksOf(changes, 'version')).toMatchObject([{ stops: true }]);
    expect(checksOf(changes, 'overrides')).toMatchObject([
      { stops: true, message: expect.stringContaining('"gitopps"') },
    ]);
  });
});
