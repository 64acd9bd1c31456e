import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWhole, listVerified } from '../../../functions/backup/sets/verified-sets.ts';
import { readKnownSets } from '../../../functions/backup/upkeep/known-sets.ts';
import {
  type BackupSetEntry,
  backupSetIndexKey,
  backupSetIndexKind,
} from '../../../functions/records/backup/set-index.ts';
import { TransientError } from '../../../functions/runtime/errors.ts';
import { buildEntry } from '../../support/backup-sets.ts';
import { buildKept } from '../../support/backup-upkeep.ts';
import { createUpkeepSite, NIGHT, type UpkeepSite } from '../../support/upkeep-site.ts';

/** Whatever happens in whatever order: what a deletion takes was never the last of anything. */

const DAY_MS = 86_400_000;
const DAILY = backupSetIndexKey('production', 'daily');
const INDEX = backupSetIndexKind.schema;
const retention = { days: 14, count: 1 };
const KEPT = buildKept({
  production: {
    daily: { retention },
    hourly: { retention, schedule: 'rate(1 hour)', freshnessHours: 3, skip: ['repositories'] },
  },
});

const anySet = fc.record({
  hours: fc.integer({ min: 15 * 24, max: 60 * 24 }),
  policy: fc.constantFrom('daily', 'hourly'),
  state: fc.constantFrom<BackupSetEntry['state']>(
    'verified',
    'verified',
    'verified',
    'corrupt',
    'failed',
    'not-checked',
  ),
  needs: fc.option(fc.nat(20), { freq: 4 }),
});
const anySets = fc
  .uniqueArray(anySet, { minLength: 1, maxLength: 8, selector: ({ hours }) => hours })
  .map((rows) =>
    rows
      .toSorted((a, b) => b.hours - a.hours)
      .map(({ hours, needs, policy, state }, index, all) => {
        const base = needs === null || index === 0 ? undefined : all[needs % index];
        return buildEntry(hours, {
          policy,
          state,
          skip: policy === 'hourly' ? ['repositories'] : [],
          needs: base ? [buildEntry(base.hours).id] : [],
        });
      }),
  );

type Event =
  | {
      readonly kind: 'verify';
      readonly set: number;
      readonly verdict: 'verified' | 'corrupt' | 'not-checked';
    }
  | { readonly kind: 'hold' | 'release' | 'lose-index'; readonly set: number }
  | { readonly kind: 'night'; readonly removals: number; readonly midway: readonly Event[] }
  | { readonly kind: 'wait'; readonly days: number };
const plainEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant('verify' as const),
    set: fc.nat(7),
    verdict: fc.constantFrom(
      'verified' as const,
      'corrupt' as const,
      'corrupt' as const,
      'not-checked' as const,
    ),
  }),
  fc.record({
    kind: fc.constantFrom('hold' as const, 'release' as const, 'lose-index' as const),
    set: fc.nat(7),
  }),
);
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  plainEvent,
  fc.record({
    kind: fc.constant('night' as const),
    /** After so many a Lambda dies. */
    removals: fc.nat(6),
    /** What happens between plan and deletion, and after each removal. */
    midway: fc.array(plainEvent, { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 20 }) }),
);

const truthOf = async (site: UpkeepSite): Promise<BackupSetEntry[]> =>
  (await readKnownSets('production', site.ledger)).sets.map(({ entry }) => entry);

/** Why the set whose archive is about to go must not, by the manifests of this moment; undefined when it may. */
const objection = async (site: UpkeepSite, what: string, isBegun: boolean): Promise<string | undefined> => {
  const entries = await truthOf(site);
  const own = entries.find(({ id }) => what.includes(id));
  // What has begun to go can not be brought back by whatever is found later.
  if (!own || isBegun) return undefined;
  const verified = listVerified(entries);
  const ofPolicy = verified.filter(({ policy }) => policy === own.policy);
  const last = [verified[0], verified.find(isWhole), ofPolicy[0]];
  if (last.some((one) => one?.id === own.id)) return `${own.id} is the last that counts`;
  if (own.legalHold) return `${own.id} is held`;
  const needing = entries.find((one) => one.state !== 'deleted' && one.needs.includes(own.id));
  return needing && `${needing.id} builds on ${own.id}`;
};

const createRun = async (sets: readonly BackupSetEntry[], watchedDays = 366) => {
  const site = createUpkeepSite(KEPT);
  await site.add(sets);
  for (const policy of ['daily', 'hourly']) await site.watch(watchedDays, 'production', policy);
  let nights = 0;
  const objections: string[] = [];
  const begun = new Set<string>();

  const happen = async (event: Event): Promise<void> => {
    if (event.kind === 'wait') return site.clock.advance(event.days * DAY_MS);
    if (event.kind === 'night') return passNight(event.removals, event.midway);
    const id = sets[event.set % sets.length]?.id ?? '';
    if (event.kind === 'verify') return site.verify(id, event.verdict);
    if (event.kind === 'lose-index') {
      // The manifest was written, and the Lambda died before the index was.
      const before = await site.ledger.read({ name: 'x', schema: INDEX }, DAILY);
      await site.verify(id, 'corrupt');
      const now = await site.ledger.read({ name: 'x', schema: INDEX }, DAILY);
      if (before && now)
        await site.ledger.change({ name: 'x', schema: INDEX }, DAILY, now.etag, before.value);
      return;
    }
    await site.sets.change({ environment: 'production', id }, (set) => {
      const { legalHold: _, ...rest } = set;
      if (set.state === 'deleted' || set.deletion) return undefined;
      return event.kind === 'hold'
        ? { ...rest, legalHold: { by: 'ada', why: 'x', since: site.clock.now().toISOString() } }
        : rest;
    });
  };

  const passNight = async (removals: number, midway: readonly Event[]): Promise<void> => {
    nights += 1;
    const execution = { ...NIGHT, name: `night-${nights}`, startedAt: site.clock.now().toISOString() };
    await site.plan({}, 0, execution);
    const [first, ...others] = midway;
    if (first) await happen(first);
    let left = removals;
    site.removal.beforeRemoval = async (what) => {
      const found = await objection(site, what, begun.has(what));
      if (found) objections.push(found);
      if (left-- === 0) throw new TransientError('archive.unavailable', 'S3 did not give it.');
      begun.add(what);
      const next = others.shift();
      if (next) await happen(next);
    };
    await site
      .deleteOnce(undefined, () => 60_000, execution)
      .catch((error: unknown) => {
        if (!(error instanceof TransientError)) throw error;
      });
    site.clock.advance(DAY_MS);
  };
  return { site, happen, objections };
};

describe('the upkeep, whatever happens in whatever order', () => {
  it('deletes nothing that is the last verified set, held, or built on', async () => {
    let removed = 0;
    const property = fc.asyncProperty(anySets, fc.array(anyEvent, { maxLength: 8 }), async (sets, events) => {
      const { site, happen, objections } = await createRun(sets);
      for (const event of [...events, { kind: 'night' as const, removals: 6, midway: [] }])
        await happen(event);
      removed += site.removal.removed.length;
      expect(objections).toEqual([]);
    });
    await fc.assert(property, { numRuns: 250 });
    // It is no proof where nothing goes.
    expect(removed).toBeGreaterThan(30);
  }, 60_000);

  it('deletes nothing at all while its policies only report', async () => {
    const property = fc.asyncProperty(
      anySets,
      fc.array(plainEvent, { maxLength: 5 }),
      async (sets, events) => {
        const { site, happen } = await createRun(sets, 28);
        for (const event of [...events, { kind: 'night' as const, removals: 6, midway: [] }])
          await happen(event);
        expect(site.removal.removed).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: 50 });
  }, 60_000);
});
