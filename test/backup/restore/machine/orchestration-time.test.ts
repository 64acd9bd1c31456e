import { expect, it } from 'vitest';
import { openExecution } from '../../../support/restore-execution.ts';
import { createRestoreSite } from '../../../support/restore-site.ts';

/** What a restore takes beside the backup before it, the tool, its checks, and pods that come and go. */

const MOST_SECONDS = 60;
/** A Lambda that asks a cluster and writes to the ledger, and the states around it; warm, as all but the first are. */
const SECONDS_OF_A_CALL = 0.8;

it(`a restore whose every Job ends at once takes less than ${MOST_SECONDS} s from its begin to its end`, async () => {
  const site = await createRestoreSite();
  const execution = openExecution(site);
  await execution.start();
  let waited = 0;
  let calls = 0;
  for (let outcome = ''; outcome !== 'ended' && calls < 100; ) {
    const look = await execution.turn(calls);
    outcome = look.outcome;
    waited += outcome === 'ended' ? 0 : look.waitSeconds;
    calls += outcome === 'secrets' ? 2 : 1;
  }
  expect((await execution.finish()).outcome).toBe('restored');
  expect(calls).toBeGreaterThan(15);
  expect(waited + calls * SECONDS_OF_A_CALL).toBeLessThan(MOST_SECONDS);
});
