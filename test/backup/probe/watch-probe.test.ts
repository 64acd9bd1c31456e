import { expect, test } from 'vitest';
import { PROBE_CONTAINER } from '../../../functions/backup/probe/probe-job.ts';
import { watchPod } from '../../../functions/backup/probe/watch-probe.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { buildJob, buildJobPod, endedState } from '../../support/job-builders.ts';

test('a probe that writes without end is read no further than its own lines could go', async () => {
  let chunks = 0;
  const jobs = {
    observeJob: async () => {
      const [container] = buildJobPod({ state: endedState(0) }).containers;
      if (!container) throw new Error('There is a container.');
      const pod = { ...buildJobPod({}), containers: [{ ...container, name: PROBE_CONTAINER }] };
      return { job: buildJob(), pods: [pod] };
    },
    streamLog: async function* () {
      for (; chunks < 100; chunks++) yield { text: 'x'.repeat(40_000), cursor: { at: 'x', lines: chunks } };
    },
  };
  const watched = await watchPod(
    buildJob(),
    PROBE_CONTAINER,
    { jobs, clock: createFixedClock() },
    AbortSignal.timeout(5_000),
  );
  expect(watched.state).toBe('ended');
  expect(chunks).toBeLessThan(3);
});
