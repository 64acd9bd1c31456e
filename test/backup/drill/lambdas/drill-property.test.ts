import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDrillExecution } from '../../../support/drill-execution.ts';
import { PLACE, SIDEKIQ } from '../../../support/drill-place.ts';
import { createDrillSite, type DrillSite } from '../../../support/drill-site.ts';

/**
 * Drills in a world that breaks: Lambdas die at any of their calls, executions at any of their looks, the network is
 * opened by others, Sidekiq is woken by others, restores and checks fail, and what is to be emptied is not.
 */

interface Trouble {
  readonly what: 'open' | 'sidekiq' | 'leak' | 'none';
  /** The look at which it comes. */
  readonly look: number;
}

interface Story {
  /** Calls at which Lambdas of each execution die. */
  readonly kills: readonly { readonly call: number; readonly answered: boolean }[];
  /** Looks after which the execution before the next one is gone. */
  readonly deaths: readonly number[];
  readonly trouble: Trouble;
  readonly restore: 'restored' | 'abandoned' | 'for ever';
  readonly signIn: 200 | 502;
  readonly failingEmpties: number;
}

const story: fc.Arbitrary<Story> = fc.record({
  kills: fc.array(fc.record({ call: fc.integer({ min: 1, max: 200 }), answered: fc.boolean() }), {
    maxLength: 3,
  }),
  deaths: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 2 }),
  trouble: fc.record({
    what: fc.constantFrom('open', 'sidekiq', 'leak', 'none'),
    look: fc.integer({ min: 0, max: 30 }),
  }),
  restore: fc.constantFrom('restored', 'abandoned', 'for ever'),
  signIn: fc.constantFrom(200, 502),
  failingEmpties: fc.constantFrom(0, 1, 12),
});

const makeTrouble = async ({ place }: DrillSite, { what }: Trouble): Promise<void> => {
  if (what === 'open') {
    for (const policy of await place.policies.list(PLACE)) await place.policies.delete(policy);
  }
  if (what === 'sidekiq') {
    const sidekiq = (await place.scaling.listWorkloads(PLACE)).find(({ name }) => name === SIDEKIQ);
    if (sidekiq) await place.scaling.scale(sidekiq, 1);
  }
};

const tell = async ({
  kills,
  deaths,
  trouble,
  restore,
  signIn,
  failingEmpties,
}: Story): Promise<DrillSite> => {
  const site = await createDrillSite();
  const { state, switches, kill, clock } = site;
  state.signIn = signIn;
  state.failingEmpties = failingEmpties;
  // An agent that stops to carry policies out behind the proof is nothing that the API server shows.
  state.isLeaky = trouble.what === 'leak';
  if (restore === 'for ever') switches.restoreLooks = Number.POSITIVE_INFINITY;
  else switches.restore = restore;
  for (const [index, last] of [...deaths, Number.POSITIVE_INFINITY].entries()) {
    const next = kills[index];
    if (next) kill.arm(next.call, next.answered);
    await openDrillExecution(site, `drill-${index + 1}`).play({}, async (looks) => {
      if (index === 0 && looks === trouble.look) await makeTrouble(site, trouble);
      // A person stops what never ends.
      return looks !== last && (looks < 60 || restore !== 'for ever');
    });
    // The lock of one that is gone.
    clock.advance(3_600_000);
  }
  await openDrillExecution(site, 'drill-9').play({ destroy: true });
  return site;
};

describe('a drill in a world that breaks', () => {
  it('wakes and fills nothing without a proof, opens the network only over nothing, and names all that is left', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const site = await tell(told);
        expect(site.state.broken).toEqual([]);
        const run = await site.readRun();
        const left = (run?.left ?? []).join(' ');
        expect(run?.state).toBe('ended');
        const standing = await site.place.listStanding(run?.id ?? '');
        const unnamed = standing
          // What others have woken is theirs.
          .filter((one) => one !== `awake ${SIDEKIQ}`)
          .map((one) => (one === 'data' ? 'data of production' : (one.split(' ')[1] ?? one)))
          .filter((one) => !left.includes(one));
        expect(unnamed).toEqual([]);
        expect(run?.outcome === 'passed' && run.restore?.outcome !== 'restored').toBe(false);
      }),
      { numRuns: 30 },
    );
  }, 120_000);

  it('ends in as many looks as an execution may take', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        let looks = 0;
        const site = await createDrillSite();
        site.state.failingEmpties = told.failingEmpties;
        site.switches.restore = told.restore === 'abandoned' ? 'abandoned' : 'restored';
        await openDrillExecution(site).play({}, (count) => void (looks = count));
        expect(looks).toBeLessThan(200);
      }),
      { numRuns: 10 },
    );
  });
});
