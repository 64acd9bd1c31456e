import { runningUpdates } from '../../../functions/upgrade/checks/running-updates.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildUpdate, topicOf } from '../../support/upgrade-facts.ts';

const update = (overrides: Parameters<typeof buildUpdate>[0]) => ({
  updates: topicOf(buildUpdate(overrides)),
});

describeCheck(runningUpdates, [
  ...['Successful', 'Failed', 'Cancelled'].map((status) => ({
    it: `passes an update that is ${status}`,
    given: update({ status }),
    finds: [],
  })),
  {
    it: 'blocks an update of the cluster under way',
    given: update({ status: 'InProgress' }),
    finds: ['block update update-1'],
    says: [
      'begun at 2026-06-01',
      'aws eks describe-update --region eu-central-1 --name gitlab --update-id update-1\n',
    ],
  },
  {
    it: 'takes a status that nobody knows for one that runs',
    given: update({ status: 'Cancelling' }),
    finds: ['block update update-1'],
  },
  {
    it: 'warns of an update of an add-on, with the command that shows it',
    given: update({ status: 'InProgress', type: 'AddonUpdate', about: 'coredns' }),
    finds: ['warn update update-1'],
    says: ['--update-id update-1 --addon-name coredns'],
  },
  {
    it: 'warns of an update of a node group, with the command that shows it',
    given: update({ status: 'InProgress', about: 'blue' }),
    finds: ['warn update update-1'],
    says: ['--update-id update-1 --nodegroup-name blue'],
  },
]);
