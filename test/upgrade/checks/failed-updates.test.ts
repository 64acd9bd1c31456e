import { failedUpdates } from '../../../functions/upgrade/checks/failed-updates.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildUpdate, topicOf } from '../../support/upgrade-facts.ts';

const failed = (overrides: Parameters<typeof buildUpdate>[0] = {}) =>
  buildUpdate({
    id: 'failed-1',
    status: 'Failed',
    createdAt: '2026-11-01T08:00:00.000Z',
    errors: [{ code: 'IpNotAvailable', message: 'Too few addresses.', resources: ['subnet-a'] }],
    ...overrides,
  });

describeCheck(failedUpdates, [
  { it: 'passes a last update that went well', given: {}, finds: [] },
  {
    it: 'warns of a last update that failed, with its errors',
    given: { updates: topicOf(buildUpdate(), failed()) },
    finds: ['warn VersionUpdate of the cluster'],
    says: [
      'failed with IpNotAvailable',
      'failed-1, begun at 2026-11-01',
      'IpNotAvailable: Too few addresses. (subnet-a)',
      '--update-id failed-1',
    ],
  },
  {
    it: 'passes a failure that a later update of that kind made good',
    given: { updates: topicOf(failed(), buildUpdate({ createdAt: '2026-11-02T08:00:00.000Z' })) },
    finds: [],
  },
  {
    it: 'does not take an update of another kind for its repair',
    given: {
      updates: topicOf(
        failed(),
        buildUpdate({ type: 'LoggingUpdate', createdAt: '2026-11-02T08:00:00.000Z' }),
      ),
    },
    finds: ['warn VersionUpdate of the cluster'],
  },
  {
    it: 'tells add-ons and node groups apart',
    given: {
      updates: topicOf(
        failed({ about: 'blue' }),
        buildUpdate({ about: 'green', createdAt: '2026-11-02T08:00:00.000Z' }),
      ),
    },
    finds: ['warn VersionUpdate of node group blue'],
    says: ['--nodegroup-name blue'],
  },
]);
