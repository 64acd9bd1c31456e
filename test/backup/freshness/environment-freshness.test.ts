import { describe, expect, it } from 'vitest';
import {
  judgeEnvironmentFreshness,
  type PolicyFacts,
} from '../../../functions/backup/freshness/environment-freshness.ts';
import { compareFreshness } from '../../../functions/backup/freshness/freshness-change.ts';
import type { Freshness } from '../../../functions/records/backup/freshness.ts';
import type { VerifiedBackup } from '../../../functions/records/verified-backup.ts';
import { BACKUP_TIME, buildEntry, hoursAgo } from '../../support/backup-sets.ts';

const policyOf = (policy: string, limitHours: number, changes: Partial<PolicyFacts> = {}): PolicyFacts => ({
  policy,
  limitHours,
  since: hoursAgo(1000).toISOString(),
  skip: [],
  sets: [],
  ...changes,
});
const ALONE = ['repositories', 'registry'];
const hourly = (hours: number, changes: Partial<PolicyFacts> = {}): PolicyFacts =>
  policyOf('hourly', 2, {
    skip: ALONE,
    sets: [buildEntry(hours, { policy: 'hourly', skip: ALONE })],
    ...changes,
  });
const daily = (hours: number, changes: Partial<PolicyFacts> = {}): PolicyFacts =>
  policyOf('daily', 26, { sets: [buildEntry(hours)], ...changes });
const monthly = (hours: number): PolicyFacts =>
  policyOf('monthly', 800, { sets: [buildEntry(hours, { policy: 'monthly' })] });

const statesOf = (policies: readonly PolicyFacts[], named?: VerifiedBackup) =>
  judgeEnvironmentFreshness(policies, named, BACKUP_TIME).map(
    ({ policy = 'all', state, limitHours }) => `${policy} ${state} of ${limitHours}`,
  );

describe('an environment', () => {
  it.each<[string, PolicyFacts[], string[]]>([
    [
      'is as fresh as its newest set',
      [daily(3), monthly(500)],
      ['all ok of 26', 'daily ok of 26', 'monthly ok of 800'],
    ],
    [
      'is fresh by a monthly set while the daily one is late',
      [daily(40), monthly(3)],
      ['all ok of 26', 'daily late of 26', 'monthly ok of 800'],
    ],
    [
      'is late though its database was saved an hour ago',
      [daily(40), hourly(1)],
      ['all late of 26', 'daily late of 26', 'hourly ok of 2'],
    ],
    [
      'is ok while the database alone is late',
      [daily(3), hourly(5)],
      ['all ok of 26', 'daily ok of 26', 'hourly late of 2'],
    ],
    ['goes by what there is where no policy saves all', [hourly(1)], ['all ok of 2', 'hourly ok of 2']],
    [
      'has never been saved when nothing ran',
      [daily(0, { sets: [] })],
      ['all never of 26', 'daily never of 26'],
    ],
    [
      'can not be told when the sets of a policy can not be read',
      [daily(0, { sets: [], unread: 'no right' }), monthly(500)],
      ['all unknown of 26', 'daily unknown of 26', 'monthly ok of 800'],
    ],
    ['without policies is not watched', [], []],
  ])('%s', (_, policies, expected) => {
    expect(statesOf(policies)).toEqual(expected);
  });

  it('counts a backup of another tool for itself, and for no policy', () => {
    const named = {
      version: 1 as const,
      environment: 'production',
      set: 'vault-1',
      takenAt: hoursAgo(5).toISOString(),
      verifiedAt: hoursAgo(4).toISOString(),
      by: 'AWS Backup',
    };
    expect(statesOf([daily(40)], named)).toEqual(['all ok of 26', 'daily late of 26']);
  });

  it('is paused when all that count for it are', () => {
    const paused = 'paused (all) by ada';
    const textOf = (...policies: PolicyFacts[]) =>
      judgeEnvironmentFreshness(policies, undefined, BACKUP_TIME)[0]?.text;
    expect(textOf(daily(3, { paused }), hourly(1))).toContain(paused);
    expect(textOf(daily(3, { paused }), monthly(3))).not.toContain(paused);
  });
});

const seen = (state: Freshness['state'], alarming: boolean, changes: Partial<Freshness> = {}): Freshness => ({
  policy: 'daily',
  state,
  alarming,
  since: '2026-11-21T10:00:00.000Z',
  limitHours: 26,
  text: 'as seen',
  ...changes,
});

describe('people are told', () => {
  it.each<[string, Freshness | undefined, Freshness, string | undefined]>([
    ['when it gets late', seen('ok', false), seen('late', true), 'late'],
    ['when it is late the first time it is looked at', undefined, seen('late', true), 'late'],
    ['nothing while it stays late', seen('late', true), seen('late', true), undefined],
    ['when the first backup does not come', seen('never', false), seen('never', true), 'late'],
    ['when it can not be told', seen('ok', false), seen('unknown', true), 'late'],
    ['when what could not be told turns out late', seen('unknown', true), seen('late', true), 'late'],
    ['nothing more when what is late can not be told', seen('late', true), seen('unknown', true), undefined],
    ['when it is fresh again', seen('late', true), seen('ok', false), 'recovered'],
    ['when the first backup came too late', seen('never', true), seen('ok', false), 'recovered'],
    ['nothing when it is fresh as before', seen('ok', false), seen('ok', false), undefined],
    ['nothing when the first backup is there', seen('never', false), seen('ok', false), undefined],
    ['of no end of an alarm without a backup', seen('never', true), seen('never', false), undefined],
    ['of each policy by itself', seen('late', true, { policy: 'hourly' }), seen('late', true), 'late'],
  ])('%s', (_, before, now, kind) => {
    expect(compareFreshness(before ? [before] : [], [now]).changes.map((change) => change.kind)).toEqual(
      kind === undefined ? [] : [kind],
    );
  });

  it('since when it could not be told at first', () => {
    const now = seen('unknown', true, { since: '2026-11-21T12:00:00.000Z' });
    expect(compareFreshness([seen('unknown', true)], [now]).judged).toEqual([seen('unknown', true)]);
  });
});
