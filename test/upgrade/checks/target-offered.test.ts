import { targetOffered } from '../../../functions/upgrade/checks/target-offered.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildCalendar, topicOf } from '../../support/upgrade-facts.ts';

describeCheck(targetOffered, [
  { it: 'passes a version that EKS offers', given: {}, finds: [] },
  { it: 'passes one in extended support', given: {}, to: '1.33', finds: [] },
  {
    it: 'blocks a version that EKS does not list',
    given: {},
    to: '1.38',
    finds: ['block version 1.38'],
    says: ['newest known: 1.36'],
  },
  {
    it: 'blocks a version that EKS supports no more',
    given: {
      versions: topicOf(...buildCalendar().map((one) => ({ ...one, status: 'unsupported' as const }))),
    },
    finds: ['block version 1.36'],
  },
  {
    it: 'blocks each step of a long way that is not offered',
    given: {},
    current: '1.35',
    to: '1.38',
    finds: ['block version 1.37', 'block version 1.38'],
  },
  {
    it: 'does not check what our own calendar does not know, for it may be behind',
    given: { versions: topicOf(...buildCalendar('table')) },
    to: '1.37',
    finds: ['not-checked version 1.37'],
  },
  {
    it: "does not check when only a part of the calendar is EKS's own",
    given: { versions: topicOf(...buildCalendar(), ...buildCalendar('table')) },
    to: '1.37',
    finds: ['not-checked version 1.37'],
  },
  {
    it: 'does not check against an empty list',
    given: { versions: topicOf() },
    finds: ['not-checked version 1.36'],
  },
]);
