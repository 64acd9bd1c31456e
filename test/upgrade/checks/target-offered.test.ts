import { targetOffered } from '../../../functions/upgrade/checks/target-offered.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildCalendar, topicOf } from '../../support/upgrade-facts.ts';

describeCheck(targetOffered, [
  { it: 'passes a version that EKS offers', given: {}, finds: [] },
  { it: 'passes one in extended support', given: {}, to: '1.33', finds: [] },
  { it: 'passes one that is not out yet', given: {}, to: '1.37', finds: [] },
  {
    it: 'blocks a version that EKS left out',
    given: { versions: topicOf(...buildCalendar().filter(({ version }) => version !== '1.35')) },
    current: '1.34',
    to: '1.35',
    finds: ['block version 1.35'],
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
