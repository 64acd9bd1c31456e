import { externalIps } from '../../../functions/upgrade/checks/external-ips.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { topicOf } from '../../support/upgrade-facts.ts';

const service = {
  externalIps: topicOf({
    namespace: 'gitlab',
    name: 'gitlab-shell',
    addresses: ['192.0.2.10', '192.0.2.11'],
  }),
};

describeCheck(externalIps, [
  { it: 'passes a cluster without any', given: {}, finds: [] },
  { it: 'says nothing on the way to 1.35', given: service, to: '1.35', finds: [] },
  {
    it: 'warns from 1.36 on, and says when they are off and when they are gone',
    given: service,
    finds: ['warn Service gitlab/gitlab-shell'],
    says: ['192.0.2.10, 192.0.2.11', 'off by default from 1.40', 'gone with 1.43'],
  },
  { it: 'still warns at 1.40', given: service, to: '1.40', finds: ['warn Service gitlab/gitlab-shell'] },
]);
