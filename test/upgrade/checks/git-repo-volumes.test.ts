import { gitRepoVolumes } from '../../../functions/upgrade/checks/git-repo-volumes.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const cloning = (overrides: Parameters<typeof buildWorkloadFact>[0] = {}) => ({
  workloads: topicOf(buildWorkloadFact({ gitRepoVolumes: ['content'], ...overrides })),
});

describeCheck(gitRepoVolumes, [
  { it: 'passes a workload without one', given: {}, finds: [] },
  { it: 'says nothing on the way to 1.35', given: cloning(), to: '1.35', finds: [] },
  {
    it: 'blocks from 1.36 on, and names the volume',
    given: cloning(),
    to: '1.36',
    finds: ['block Deployment shop/web'],
    says: ['volume content', 'init container'],
  },
  {
    it: 'blocks a CronJob, which starts pods again and again',
    given: cloning({ kind: 'CronJob' }),
    finds: ['block CronJob shop/web'],
  },
  {
    it: 'only warns of a workload that is scaled to zero',
    given: cloning({ replicas: 0, ready: 0 }),
    finds: ['warn Deployment shop/web'],
  },
  {
    it: 'only warns of a Job, whose pod runs already',
    given: cloning({ kind: 'Job' }),
    finds: ['warn Job shop/web'],
  },
]);
