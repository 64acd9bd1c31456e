import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeProof, type ProofFacts } from '../../../functions/backup/drill/closed-proof.ts';
import {
  defaultOutside,
  listControls,
  outsideOfHosts,
} from '../../../functions/backup/drill/probe-addresses.ts';
import { Reach, type ReachReport } from '../../../functions/records/backup/drill-proof.ts';
import { buildPlace, NOW } from './drill-builders.ts';

const MAIL = { host: 'smtp.example.com', port: 587, why: 'mail' };
const MIRROR = { host: 'github.com', port: 443, why: 'push mirrors' };
const DATABASE = { host: 'drill.db.example.com', port: 5432, why: 'database' };

const report = (
  mail: Reach | Reach[],
  mirror: Reach | Reach[],
  database: Reach | Reach[] = 'reached',
): ReachReport =>
  [
    { ...MAIL, seen: mail },
    { ...MIRROR, seen: mirror },
    { ...DATABASE, seen: database },
  ].map(({ host, port, seen }) => ({ host, port, seen: Array.isArray(seen) ? seen : [seen, seen] }));

const judge = (before: ReachReport, after: ReachReport, change: Partial<ProofFacts> = {}) =>
  judgeProof(
    {
      outside: [MAIL, MIRROR],
      controls: [DATABASE],
      before: { known: true, value: before },
      after: { known: true, value: after },
      wayOut: 'expected',
      ...change,
    },
    NOW,
  );

const OPEN = report('timeout', 'reached');

describe('a network is proven closed', () => {
  it('by an address that was reached before and runs into silence now', () => {
    expect(judge(OPEN, report('timeout', 'timeout'))).toMatchObject({
      state: 'closed',
      proven: ['github.com:443'],
      controls: ['drill.db.example.com:5432'],
      reasons: [],
    });
  });

  it('by silence alone where somebody said that there is no way out', () => {
    const silent = report('unreachable', 'timeout');
    expect(judge(silent, silent).state).toBe('unproven');
    expect(judge(silent, silent, { wayOut: 'none' }).state).toBe('closed');
  });

  it.each<[string, ReachReport]>([
    ['open: mail got out', report('reached', 'timeout')],
    ['open: a mirror got out in one of two rounds', report('timeout', ['timeout', 'reached'])],
    ['unproven: the control failed as well', report('timeout', 'timeout', 'timeout')],
    ['unproven: the control failed once', report('timeout', 'timeout', ['reached', 'timeout'])],
    ['unproven: nothing is said of the control', report('timeout', 'timeout').slice(0, 2)],
    ['unproven: somebody refused', report('timeout', 'refused')],
    ['unproven: names can not be looked up', report('unresolved', 'unresolved')],
    ['unproven: one round only', report('timeout', ['timeout'])],
    ['unproven: nothing is said of the outside', report('timeout', 'timeout').slice(2)],
    ['unproven: it wrote nothing', []],
  ])('and otherwise it is %s', (what, after) => {
    expect(judge(OPEN, after).state).toBe(what.split(':')[0]);
  });

  it('never without both probes', () => {
    const failed = { known: false, why: 'its image could not be pulled' } as const;
    expect(judge(OPEN, OPEN, { after: failed })).toMatchObject({
      state: 'unproven',
      reasons: [expect.stringContaining('its image could not be pulled')],
    });
    expect(judge(OPEN, report('timeout', 'timeout'), { before: failed }).state).toBe('unproven');
    expect(judge(OPEN, report('timeout', 'timeout'), { controls: [] }).state).toBe('unproven');
  });

  it('and says what is wrong with a cluster that does not know policies, or knows them late', () => {
    expect(judge(OPEN, OPEN).reasons.join()).toContain('enableNetworkPolicy');
    expect(judge(OPEN, report('timeout', ['reached', 'timeout'])).reasons.join()).toContain('strict');
    const both = report('reached', 'reached');
    expect(judge(both, report('timeout', 'reached')).reasons.join()).not.toContain('enableNetworkPolicy');
  });

  it('whatever was seen, only with silence outside and every control reached', () => {
    const seen = fc.oneof(
      fc.constant<Reach[]>(['timeout', 'timeout']),
      fc.constant<Reach[]>(['reached', 'reached']),
      fc.array(fc.constantFrom(...Reach.options), { maxLength: 3 }),
    );
    let closed = 0;
    fc.assert(
      fc.property(fc.array(seen, { minLength: 6, maxLength: 6 }), fc.boolean(), (all, none) => {
        const [a = [], b = [], c = [], d = [], e = [], f = []] = all;
        const after = report(d, e, f);
        const { state, proven } = judge(report(a, b, c), after, { wayOut: none ? 'none' : 'expected' });
        if (state !== 'closed') return;
        closed++;
        expect(f.length >= 2 && f.every((one) => one === 'reached')).toBe(true);
        expect([...d, ...e]).not.toContain('reached');
        expect([...d, ...e]).not.toContain('refused');
        expect(proven.length).toBeGreaterThan(0);
        expect(none || [...a, ...b].includes('reached')).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(closed).toBeGreaterThan(0);
  });
});

describe('what is tried', () => {
  it('is mail, webhooks, push mirrors, and the GitLabs that people use', () => {
    const kinds = [...defaultOutside('eu-central-1'), ...outsideOfHosts(['gitlab.example.com'])];
    expect(new Set(kinds.map(({ why }) => why))).toEqual(
      new Set([
        'mail',
        'webhooks',
        'push mirrors',
        'push mirrors by SSH',
        'an address without a name',
        'a GitLab that people use',
      ]),
    );
  });

  it('is held against the servers of the place and its S3', () => {
    const { servers } = buildPlace();
    expect(
      listControls(servers, { region: 'eu-central-1' }).map(({ host, port }) => `${host}:${port}`),
    ).toEqual(['drill.db.example.com:5432', 's3.eu-central-1.amazonaws.com:443']);
    expect(listControls([], { region: 'eu-central-1', s3Endpoint: 's3.local:9000' })).toEqual([
      { host: 's3.local', port: 9000, why: 'S3' },
    ]);
  });
});
