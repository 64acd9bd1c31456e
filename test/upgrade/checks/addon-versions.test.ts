import { addonVersions } from '../../../functions/upgrade/checks/addon-versions.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildAddon, buildCalendar, topicOf } from '../../support/upgrade-facts.ts';

const offer = (version: string, clusters: string[], defaultFor: string[] = []) => ({
  version,
  clusters,
  defaultFor,
});
const OLD = 'v1.11.4-eksbuild.2';
const OLD_CNI = 'v1.18.0-eksbuild.1';
const coredns = (version: string, offered: ReturnType<typeof offer>[]) => ({
  addons: topicOf(buildAddon({ name: 'coredns', version, offered })),
});

describeCheck(addonVersions, [
  { it: 'passes a version that runs with both', given: {}, finds: [] },
  {
    it: 'says nothing against a version that is not out yet, for which nothing can be offered',
    given: coredns(OLD, [offer(OLD, ['1.35', '1.36'])]),
    to: '1.37',
    finds: [],
  },
  {
    it: 'warns where that version is out for others',
    given: coredns(OLD, [offer(OLD, ['1.34', '1.35'])]),
    finds: ['warn add-on coredns'],
    says: ['EKS offers no version of it for 1.36'],
  },
  {
    it: 'warns when EKS did not say whether it is out',
    given: {
      ...coredns(OLD, [offer(OLD, ['1.35', '1.36'])]),
      versions: topicOf(...buildCalendar('table')),
    },
    to: '1.37',
    finds: ['warn add-on coredns'],
  },
  {
    it: 'passes a version that is not the newest',
    given: coredns('v1.12.0-eksbuild.1', [
      offer('v1.13.0-eksbuild.1', ['1.35', '1.36'], ['1.36']),
      offer('v1.12.0-eksbuild.1', ['1.35', '1.36']),
    ]),
    finds: [],
  },
  {
    it: 'blocks a version that does not run with the new one, with the command to the nearest minor that runs with both',
    given: coredns(OLD, [
      offer('v1.14.0-eksbuild.1', ['1.36']),
      offer('v1.13.2-eksbuild.4', ['1.35', '1.36']),
      offer('v1.13.2-eksbuild.1', ['1.35', '1.36'], ['1.36']),
      offer(OLD, ['1.34', '1.35']),
    ]),
    finds: ['block add-on coredns'],
    says: [
      'v1.13.2-eksbuild.4 runs with 1.35 and 1.36',
      'aws eks update-addon --region eu-central-1 --cluster-name gitlab --addon-name coredns --addon-version v1.13.2-eksbuild.4 --resolve-conflicts PRESERVE',
      'before the step to 1.36',
      'on the way: v1.13.2-eksbuild.4',
    ],
  },
  {
    it: 'only warns when none runs with both: what moves afterwards must not hold up the step',
    given: coredns(OLD, [offer('v1.14.0-eksbuild.1', ['1.36'], ['1.36']), offer(OLD, ['1.34', '1.35'])]),
    finds: ['warn add-on coredns'],
    says: [
      'right after the control plane',
      'as soon as the control plane is at 1.36',
      '--addon-version v1.14.0-eksbuild.1',
    ],
  },
  {
    it: 'takes vpc-cni one minor at a time, by versions that run with the cluster as it is',
    given: {
      addons: topicOf(
        buildAddon({
          version: OLD_CNI,
          offered: [
            offer('v1.21.0-eksbuild.2', ['1.35', '1.36'], ['1.36']),
            offer('v1.20.4-eksbuild.1', ['1.34', '1.35']),
            offer('v1.20.0-eksbuild.1', ['1.34', '1.35']),
            offer('v1.19.6-eksbuild.1', ['1.35']),
            offer(OLD_CNI, ['1.34', '1.35']),
          ],
        }),
      ),
    },
    finds: ['block add-on vpc-cni'],
    says: [
      '--addon-version v1.19.6-eksbuild.1',
      'Update it to v1.19.6-eksbuild.1 before the step to 1.36. When that is active, update it to v1.20.4-eksbuild.1. When that',
    ],
  },
  {
    it: 'warns of an add-on for which EKS offers nothing at the new version',
    given: coredns(OLD, [offer(OLD, ['1.34', '1.35'])]),
    finds: ['warn add-on coredns'],
    says: ['no version of it for 1.36, the last is for 1.35'],
  },
  {
    it: 'warns of a version that EKS no longer knows, and names the way to one it knows',
    given: coredns('v1.9.3-eksbuild.2', [offer('v1.13.2-eksbuild.4', ['1.35', '1.36'], ['1.36'])]),
    finds: ['warn add-on coredns'],
    says: ['does not offer its version v1.9.3-eksbuild.2 any more', 'v1.13.2-eksbuild.4'],
  },
  {
    it: 'warns of a version that is made for the new one only',
    given: coredns('v1.14.0-eksbuild.1', [offer('v1.14.0-eksbuild.1', ['1.36'])]),
    finds: ['warn add-on coredns'],
    says: ['not for 1.35'],
  },
  {
    it: 'leaves the choice to a person when what runs with the new one is no later version',
    given: coredns(OLD, [offer('v1.2.0-eksbuild.1', ['1.35', '1.36'], ['1.36']), offer(OLD, ['1.35'])]),
    finds: ['warn add-on coredns'],
    says: ['choose one of those that run with it', '--kubernetes-version 1.36'],
    silentOn: ['on the way', 'update-addon'],
  },
  {
    it: 'does not check an add-on of which EKS names no version',
    given: coredns(OLD, []),
    finds: ['not-checked add-on coredns'],
  },
  {
    it: 'blocks at the step of a long way that the version no longer runs with',
    given: coredns(OLD, [
      offer('v1.14.0-eksbuild.1', ['1.36', '1.37'], ['1.37']),
      offer(OLD, ['1.35', '1.36']),
    ]),
    current: '1.35',
    to: '1.37',
    finds: ['block add-on coredns'],
    says: ['does not run with 1.37'],
  },
]);
