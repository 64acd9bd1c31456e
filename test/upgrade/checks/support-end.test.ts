import { supportEnd } from '../../../functions/upgrade/checks/support-end.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildCalendar, buildClusterFact, topicOf, unreadTopic } from '../../support/upgrade-facts.ts';

const policy = (supportType: 'STANDARD' | 'EXTENDED') => ({
  cluster: topicOf(buildClusterFact({ supportType })),
});

describeCheck(supportEnd, [
  {
    it: 'passes a version with 61 days of standard support left',
    given: {},
    now: new Date('2027-01-25T23:00:00Z'),
    finds: [],
  },
  {
    it: 'warns from 60 days on',
    given: {},
    now: new Date('2027-01-26T00:00:00Z'),
    finds: ['warn cluster'],
    says: ['ends in 60 days, on 2027-03-27'],
  },
  {
    it: 'counts days in UTC: 11 left on the morning and on the evening of a day',
    given: {},
    to: '1.35',
    now: new Date('2026-11-21T23:59:59Z'),
    finds: ['warn cluster'],
    says: ['Standard support of 1.34 ends in 11 days'],
  },
  {
    it: 'says 1 day on the day before',
    given: {},
    to: '1.35',
    now: new Date('2026-12-01T00:00:00Z'),
    finds: ['warn cluster'],
    says: ['ends in 1 day,'],
  },
  {
    it: 'says that extended support runs from the day standard support ends',
    given: {},
    to: '1.35',
    now: new Date('2026-12-02T00:00:00Z'),
    finds: ['warn cluster'],
    says: ['in extended support since 2026-12-02', 'ends in 365 days'],
    silentOn: ['Its policy'],
  },
  {
    it: 'warns of extended support and when it ends',
    given: {},
    to: '1.32',
    finds: ['warn cluster'],
    says: ['1.31 is in extended support since 2025-11-26', 'ends in 5 days, on 2026-11-26'],
  },
  {
    it: 'never blocks, not even after all support',
    given: {},
    to: '1.32',
    now: new Date('2026-11-26T00:00:00Z'),
    finds: ['warn cluster'],
    says: ['supports 1.31 no more since 2026-11-26', 'at any moment'],
  },
  {
    it: 'says with the policy STANDARD that EKS moves the control plane by itself',
    given: policy('STANDARD'),
    to: '1.35',
    finds: ['warn cluster'],
    says: ['Its policy is STANDARD: EKS moves the control plane by itself'],
  },
  {
    it: 'says nothing of extended support behind the end when the policy is STANDARD',
    given: policy('STANDARD'),
    to: '1.35',
    now: new Date('2026-12-05T00:00:00Z'),
    finds: ['warn cluster'],
    says: [
      'Standard support of 1.34 ended on 2026-12-02',
      'at any moment',
      'Upgrade to 1.35 before EKS does',
    ],
    silentOn: ['is in extended support', 'charged'],
  },
  {
    it: 'says with the policy EXTENDED that it will cost',
    given: policy('EXTENDED'),
    to: '1.35',
    finds: ['warn cluster'],
    says: ['the surcharge of extended support begins that day'],
  },
  {
    it: 'says when the calendar is our own',
    given: { versions: topicOf(...buildCalendar('table')) },
    to: '1.35',
    finds: ['warn cluster'],
    says: ['by our own calendar'],
  },
  {
    it: 'does not check a version that the calendar does not know',
    given: {},
    to: '1.30',
    finds: ['not-checked cluster'],
  },
  {
    it: 'tells the days also when the cluster could not be asked',
    given: { cluster: unreadTopic('cluster') },
    to: '1.35',
    finds: ['not-checked cluster', 'warn cluster'],
    says: ['ends in 11 days'],
  },
  {
    it: 'says it once, of the version that the cluster has, on a long way',
    given: {},
    current: '1.34',
    to: '1.36',
    finds: ['warn cluster'],
    says: ['Upgrade to 1.35'],
  },
]);
