import { endpointOf } from '../../clients/endpoint-probe.ts';
import type { AccessAnswer } from '../../clients/kubernetes-access.ts';
import { listAccess } from '../../deployment/cluster-access.ts';
import { DEPLOYMENT_GROUP } from '../../records/cluster-group.ts';
import { type Check, fail, notChecked, pass } from './check.ts';
import { checkEndpoint } from './reachability.ts';
import type { EnvironmentSubject } from './subject.ts';

/** What a run needs of an environment: a cluster that answers, knows our role, and lets it do just its work. */
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
  {
    name: 'access entry',
    needs: ['cluster'],
    async run({ at, environment }) {
      const role = await clusterRole({ at });
      if (role === undefined) return notChecked(`waits for "stack" of site ${at.name}`, 'npm run deploy');
      const cluster = environment.cluster.name;
      const groups = await at.aws.readAccessGroups(cluster, role);
      if (groups?.includes(DEPLOYMENT_GROUP)) return pass(`${role} is in ${DEPLOYMENT_GROUP}`);
      const verb = groups ? 'update' : 'create';
      return fail(
        groups
          ? `the access entry of ${role} lacks the group ${DEPLOYMENT_GROUP}`
          : `${cluster} has no access entry for ${role}`,
        `aws eks ${verb}-access-entry --region ${at.site.region} --cluster-name ${cluster} --principal-arn ${role} ` +
          `--kubernetes-groups ${[...(groups ?? []), DEPLOYMENT_GROUP].join(' ')}`,
      );
    },
  },
  {
    name: 'rights',
    needs: ['endpoint'],
    async run({ at, targets, kubernetes }) {
      const namespaces = [...new Set(targets.map(({ workload }) => workload.namespace))];
      const [first] = namespaces;
      if (first === undefined) return pass('no target needs any');
      const questions = namespaces.flatMap((namespace) => listAccess(namespace, SYSTEM));
      // As the API server sees the role: what counts is the group that its access entry gives it.
      const user = (await clusterRole({ at })) ?? 'drydock';
      const answers = await (await kubernetes()).reviewAccess(questions, {
        user,
        groups: [DEPLOYMENT_GROUP, 'system:authenticated'],
      });
      // Of several namespaces each is given, so none is "another" one.
      const isGiven = ({ namespace }: AccessAnswer) => namespaces.includes(namespace);
      const lacking = answers.filter((answer, index) => questions[index]?.allowed && !answer.allowed);
      const surplus = answers.filter(
        (answer, index) => questions[index]?.allowed === false && answer.allowed,
      );
      if (lacking.length > 0) {
        const lack = [...new Set(lacking.filter(isGiven).map(({ namespace }) => namespace))];
        return fail(
          `${DEPLOYMENT_GROUP} may not ${describeRights(lacking)}`,
          `node functions/commands/cluster-manifests.ts ${lack.map((one) => `--namespace ${one}`).join(' ')} | kubectl apply -f -`,
        );
      }
      if (surplus.length > 0) {
        return fail(
          `${DEPLOYMENT_GROUP} may do more than it needs: ${describeRights(surplus)}`,
          `Find what grants it and take it away: kubectl get rolebindings,clusterrolebindings -A -o wide | grep -E '${DEPLOYMENT_GROUP}|system:authenticated'`,
        );
      }
      return pass(`${DEPLOYMENT_GROUP} may do its work in ${namespaces.join(', ')}, and nothing else`);
    },
  },
];

/** A namespace in which Drydock must have no right, to show that its rights end. */
const SYSTEM = ['kube-system'];

/** The role under which the capability's Lambdas come to the cluster; undefined before it is deployed. */
const clusterRole = async ({ at }: Pick<EnvironmentSubject, 'at'>): Promise<string | undefined> =>
  (await at.outputs())?.['DeploymentClusterRoleArn'];

/** Rights named in one message; more tell the reader nothing. */
const MAX_NAMED = 5;

const describeRights = (answers: readonly AccessAnswer[]): string => {
  const named = answers
    .slice(0, MAX_NAMED)
    .map(({ verb, resource, namespace }) => `${verb} ${resource} in ${namespace || 'all namespaces'}`);
  const more = answers.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
};
