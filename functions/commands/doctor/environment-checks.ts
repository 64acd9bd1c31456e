import { endpointOf } from '../../clients/endpoint-probe.ts';
import { type Check, fail, pass } from './check.ts';
import { checkEndpoint } from './reachability.ts';
import type { EnvironmentSubject } from './subject.ts';

/** What every run needs of an environment: a cluster that answers. */
export const environmentChecks: readonly Check<EnvironmentSubject>[] = [
  {
    name: 'cluster',
    async run({ at, environment, describe }) {
      const { status, version } = await describe();
      const { name } = environment.cluster;
      // An update leaves the API server of EKS at work.
      if (status === 'ACTIVE' || status === 'UPDATING') return pass(`${name}, Kubernetes ${version}`);
      return fail(
        `${name} is ${status}`,
        `aws eks describe-cluster --region ${at.site.region} --name ${name} --query cluster.health`,
      );
    },
  },
  {
    name: 'endpoint',
    needs: ['cluster'],
    async run({ at, environment, describe }) {
      const { endpoint, certificateAuthority } = await describe();
      const authority = Buffer.from(certificateAuthority, 'base64').toString('utf8');
      const mend =
        `Write the network from which this endpoint answers under sites.${at.name}.network, or open it: aws eks ` +
        `update-cluster-config --region ${at.site.region} --name ${environment.cluster.name} ` +
        '--resources-vpc-config endpointPublicAccess=true';
      return checkEndpoint(at, endpointOf(endpoint, authority), mend);
    },
  },
];
